//! An owner issues a paper key to a recovery user, in place of another one if they like, and revokes it. The key itself is in
//! the answer, once; of its 160 bits only the hash is kept. Every owner is told.

use super::{
    add_recovery_user::owners_addresses,
    app::App,
    error::Error,
    here::Here,
    owners_act::{self, OwnersAct},
    principal::Principal,
    tell_recovery_user,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, PaperKeyId, RecoveryUserId, UserId},
    mail::paper_key_news::PaperKeyNews,
    moment::Moment,
    ownership::{
        actor::Actor,
        key_reminder,
        paper_key::{self, Around, How, Key, State, Wanted},
        recovery_user::RecoveryUser,
    },
    paper_key::key::PaperKey,
    store::{
        db::Unit,
        docket,
        error::DbError,
        paper_keys::{self, Stored},
        recovery_users,
        tx::Tx,
    },
};

/// Issuing a key.
pub struct IssuePaperKey {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Who will hold it.
    pub user: RecoveryUserId,
    /// From when it works no more, if ever.
    pub expires_at: Option<Moment>,
    /// The key that it takes the place of, if any.
    pub replaces: Option<PaperKeyId>,
    /// Who asks.
    pub principal: Principal,
}

/// A key that was just issued.
#[derive(Debug)]
pub struct Issued {
    /// The account's name.
    pub account_name: String,
    /// Who will hold it.
    pub user: RecoveryUser,
    /// What is kept of it.
    pub key: Key,
    /// The key itself. Nobody can read it again.
    pub secret: PaperKey,
}

impl Unit for IssuePaperKey {
    type Out = Issued;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Issued, Error> {
        let act = owners_act::enter(tx, &self.app, self.account, &self.principal, None).await?;
        let OwnersAct { mut here, owner, proof, .. } = act;
        let stored = recovery_users::find(here.tx, self.user).await?;
        let user = stored.filter(|stored| stored.account == self.account).ok_or(Error::NotFound)?.user;
        let (owners, keys) = (owners_addresses(&here)?, paper_keys::of_user(here.tx, user.id).await?);
        let open_case = docket::open_of(here.tx, self.account).await?.first().copied();
        let policy = here.account.policy.clone();
        let around = Around { policy: &policy, open_case, owners: &owners, user: &user, keys: &keys };
        let wanted = Wanted { expires_at: self.expires_at, replaces: self.replaces };
        paper_key::issue(proof, wanted, around, here.now)?;
        let replaced = keys.iter().find(|key| Some(key.id) == self.replaces);
        if let Some(replaced) = replaced {
            paper_keys::end(here.tx, replaced.id, How::Superseded, here.now).await?;
        }
        let (key, secret) = self.draw(&mut here, owner).await?;
        let new = Stored { account: self.account, user: user.id, key };
        let (remind_at, _) = key_reminder::next(&new.key, here.now);
        paper_keys::insert(here.tx, &new, secret.secret().hash(), remind_at).await?;
        let key = new.key;
        let mut entry = entry("paper_key.issued", self.principal.actor(), &user, key.id);
        if let Some(replaced) = replaced {
            entry = entry.with("replaces", replaced.id.to_string());
        }
        here.record(entry).await?;
        let (holder, number, expires_at) = (user.name.clone(), key.number.to_string(), key.expires_at);
        let before = replaced.map(|replaced| replaced.number.to_string());
        let news = PaperKeyNews::Issued { holder, number, expires_at, before };
        tell_recovery_user::of_keys(&mut here, news, Some(owner)).await?;
        Ok(Issued { account_name: here.account.name.clone(), user, key, secret })
    }
}

impl IssuePaperKey {
    /// A new key, with a number that no other key has.
    async fn draw(&self, here: &mut Here<'_>, issued_by: UserId) -> Result<(Key, PaperKey), DbError> {
        let mut secret = self.app.chance.paper_key();
        while paper_keys::is_taken(here.tx, secret.number()).await? {
            secret = self.app.chance.paper_key();
        }
        let (id, number, issued_at) = (self.app.chance.id(here.now), secret.number(), here.now);
        let expires_at = self.expires_at;
        Ok((Key { id, number, issued_by, issued_at, expires_at, drilled_at: None, ended: None }, secret))
    }
}

/// Ending a key: at any time. Ending it again changes nothing.
pub struct RevokePaperKey {
    /// The service.
    pub app: App,
    /// The key.
    pub key: PaperKeyId,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RevokePaperKey {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let account = paper_keys::find(tx, self.key).await?.ok_or(Error::NotFound)?.account;
        let owner = self.principal.person_in(account)?;
        let mut here = Here::enter(tx, &self.app, account).await?;
        here.rights(&self.principal).await?.require_owner()?;
        here.fresh_proof(&self.principal).await?;
        // Read again under the lock: their holder may have been removed.
        let stored = paper_keys::find(here.tx, self.key).await?.ok_or(Error::NotFound)?;
        match stored.key.state(here.now) {
            State::InForce | State::Expired => {}
            State::Ended(_) => return Ok(()),
        }
        let user = recovery_users::find(here.tx, stored.user).await?.ok_or(Error::NotFound)?.user;
        paper_keys::end(here.tx, self.key, How::Revoked, here.now).await?;
        here.record(entry("paper_key.revoked", self.principal.actor(), &user, self.key)).await?;
        let news = PaperKeyNews::Revoked { holder: user.name, number: stored.key.number.to_string() };
        tell_recovery_user::of_keys(&mut here, news, Some(owner)).await
    }
}

/// A recovery has completed: whoever issued the keys that there are may have been the reason for it.
///
/// # Errors
/// When the database fails.
pub async fn recovered(here: &mut Here<'_>) -> Result<(), Error> {
    let ended = paper_keys::end_all(here.tx, here.account.id, How::Recovered, here.now).await?;
    if ended == 0 {
        return Ok(());
    }
    here.record(Draft::new("paper_key.all_ended", Actor::Service).with("keys", ended.to_string())).await?;
    let keys = i64::try_from(ended).unwrap_or(i64::MAX);
    tell_recovery_user::of_keys(here, PaperKeyNews::Recovered { keys }, None).await
}

/// An entry about a key. Its number, with which anybody could set off alerts, stands in none.
pub(super) fn entry(kind: &'static str, by: Actor, user: &RecoveryUser, key: PaperKeyId) -> Draft {
    Draft::new(kind, by)
        .with("paper_key", key.to_string())
        .with("recovery_user", user.id.to_string())
        .personal("recovery_user_name", user.name.clone())
}
