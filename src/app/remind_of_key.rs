//! Reminding owners of a paper key before it is needed.

use super::{app::App, error::Error, here::Here, tell_recovery_user};
use crate::{
    id::{AccountId, PaperKeyId},
    mail::paper_key_news::PaperKeyNews,
    ownership::{
        account::Status,
        key_reminder::{due, next},
        paper_key::State,
    },
    recovery::policy::Switch,
    store::{db::Unit, paper_keys, recovery_users, tx::Tx},
};

/// Telling owners of a key of which they are to be reminded by now.
pub struct RemindOfKey {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The key.
    pub key: PaperKeyId,
}

impl Unit for RemindOfKey {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        // Asked again under the lock: another replica may have been faster, or the key has ended.
        let Some(remind_at) = paper_keys::remind_at(here.tx, self.key).await?.filter(|at| *at <= here.now) else {
            return Ok(());
        };
        let stored = paper_keys::find(here.tx, self.key).await?.ok_or(Error::NotFound)?;
        let works = stored.key.state(here.now) == State::InForce;
        let next_at = works.then(|| next(&stored.key, here.now).0);
        paper_keys::remind(here.tx, self.key, next_at).await?;
        let is_of_use = here.account.status != Status::Closed && here.account.policy.paper_key_route == Switch::On;
        let Some(reminder) = due(&stored.key, remind_at).filter(|_| works && is_of_use) else { return Ok(()) };
        let holder = recovery_users::find(here.tx, stored.user).await?.ok_or(Error::NotFound)?.user.name;
        let news = PaperKeyNews::Reminder { holder, number: stored.key.number.to_string(), of: reminder };
        tell_recovery_user::of_keys(&mut here, news, None).await
    }
}
