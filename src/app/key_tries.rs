//! Wrong tries with the number of a real paper key. Each stands in the log, and owners hear of them, once an hour at most. Nobody is
//! locked out by them: the right key is taken whatever went before.

use super::{app::App, error::Error, here::Here, issue_paper_key::entry, tell_recovery_user};
use crate::{
    activity::entry::Draft,
    id::{AccountId, PaperKeyId},
    mail::paper_key_news::PaperKeyNews,
    ownership::{
        actor::Actor,
        key_tries::{Hear, LOGGED, Untold, one_more},
        recovery_user::RecoveryUser,
    },
    store::{db::Unit, key_tries, tx::Tx},
};

/// Somebody typed a key that has the number of a real one, and is not taken.
///
/// # Errors
/// When the database fails.
pub(super) async fn refused(here: &mut Here<'_>, holder: &RecoveryUser, key: PaperKeyId) -> Result<(), Error> {
    let before = key_tries::untold(here.tx, here.account.id).await?;
    let hear = one_more(before, here.now);
    let (Hear::Now { tries } | Hear::Later { tries, .. }) = hear;
    if tries <= LOGGED {
        here.record(entry("paper_key.refused", Actor::Service, holder, key)).await?;
    }
    match hear {
        Hear::Now { tries } => tell(here, tries).await,
        Hear::Later { tries, .. } => {
            let told_at = before.map_or(here.now, |before| before.told_at);
            Ok(key_tries::save(here.tx, here.account.id, Untold { tries, told_at }).await?)
        }
    }
}

/// Telling owners of the tries of the last hour.
pub struct TellOfKeyTries {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
}

impl Unit for TellOfKeyTries {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        // Asked again under the lock: another replica may have been faster.
        let untold = key_tries::untold(here.tx, self.account).await?;
        match untold.filter(|untold| untold.due_at().is_some_and(|due_at| due_at <= here.now)) {
            Some(untold) => tell(&mut here, untold.tries).await,
            None => Ok(()),
        }
    }
}

async fn tell(here: &mut Here<'_>, tries: i64) -> Result<(), Error> {
    if tries > LOGGED {
        let more = tries.saturating_sub(LOGGED).to_string();
        here.record(Draft::new("paper_key.refused_more", Actor::Service).with("tries", more)).await?;
    }
    key_tries::save(here.tx, here.account.id, Untold { tries: 0, told_at: here.now }).await?;
    tell_recovery_user::of_keys(here, PaperKeyNews::Refused { tries }, None).await
}
