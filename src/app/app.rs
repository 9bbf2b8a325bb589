//! What every use case works with.

use crate::{
    clock::Clock,
    dns::Dns,
    id::Id,
    moment::Moment,
    secret::{Chance, ServerSecret},
    store::db::Db,
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
    /// The DNS, for the records by which domains prove that people may join by them.
    pub dns: Dns,
    /// Where the service is reached, without a slash at the end.
    pub public_url: String,
}

impl App {
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// A new id.
    #[must_use]
    pub fn id<K>(&self) -> Id<K> {
        self.chance.id(self.now())
    }
}
