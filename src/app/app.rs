//! What every use case works with.

use std::sync::Arc;

use crate::{
    clock::Clock,
    dns::Dns,
    id::Id,
    moment::Moment,
    outside::receivers::Receivers,
    ownership::{
        address::Email,
        preset::{Preset, Presets},
    },
    password::hasher::Passwords,
    secret::{Chance, ServerSecret},
    sign_on::provider::Providers,
    store::{accounts::Account, db::Db, error::DbError},
};

/// The service, as its doors and its jobs see it. Clones share everything.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The present moment. Units of work ask for it after they have locked the account.
    pub clock: Clock,
    /// Ids, salts and tokens.
    pub chance: Chance,
    /// Codes and links.
    pub secret: ServerSecret,
    /// Hashes of passwords.
    pub passwords: Passwords,
    /// What accounts can be made from.
    pub presets: Arc<Presets>,
    /// The DNS, for the records by which domains prove that people may join by them, and for the keys that sign mails.
    pub dns: Dns,
    /// The identity providers at which accounts' people sign in.
    pub providers: Providers,
    /// Those to whom accounts' webhooks go.
    pub receivers: Receivers,
    /// Where the service is reached, without a slash at the end.
    pub public_url: String,
    /// The address to which votes by mail go; without it, there are none.
    pub inbound: Option<Email>,
}

impl App {
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The preset that an account was made from.
    ///
    /// # Errors
    /// When there is none of that name any more. The service does not start then, so this is a row that makes no sense.
    pub fn preset_of(&self, account: &Account) -> Result<&Preset, DbError> {
        self.presets.get(&account.preset).map_err(|_| DbError::corrupt("accounts", account.id))
    }

    /// What people call a role.
    #[must_use]
    pub fn role_title(&self, preset: &str, role: &str) -> String {
        let known = self.presets.get(preset).ok().and_then(|preset| preset.role(role));
        known.map_or_else(|| role.to_owned(), |role| role.title.clone())
    }

    /// A new id.
    #[must_use]
    pub fn id<K>(&self) -> Id<K> {
        self.chance.id(self.now())
    }
}
