//! A paper key that somebody typed, with no session: whose it is, if it is taken.
//!
//! A key that is not taken is never told why: an unknown number, a wrong secret and a key that works no more look the same.

use super::{app::App, error::Error, here::Here, key_tries};
use crate::{
    ownership::{
        account::Use,
        paper_key::{Key, State},
    },
    paper_key::key::PaperKey,
    recovery::policy::Switch,
    store::{
        paper_keys,
        recovery_users::{self, Stored},
        tx::Tx,
    },
};

/// A key that works, and is worth something where it belongs.
pub(super) struct Typed<'t> {
    /// Its account, locked.
    pub(super) here: Here<'t>,
    /// Who holds it.
    pub(super) holder: Stored,
    /// What is kept of it.
    pub(super) key: Key,
}

/// The key that was typed; nothing where it is not taken. A wrong try with the number of a real one is counted, and told of.
pub(super) async fn typed<'t>(tx: &'t mut Tx, app: &'t App, typed: &PaperKey) -> Result<Option<Typed<'t>>, Error> {
    let Some((stored, _)) = paper_keys::numbered(tx, typed.number()).await? else { return Ok(None) };
    let mut here = Here::enter(tx, app, stored.account).await?;
    // Read again under the lock: it may have been ended, or gone with its holder.
    let Some((stored, hash)) = paper_keys::numbered(here.tx, typed.number()).await? else { return Ok(None) };
    let holder = recovery_users::find(here.tx, stored.user).await?.ok_or(Error::NotFound)?;
    let is_right = hash.is_of(typed.secret());
    if !is_right || stored.key.state(here.now) != State::InForce {
        key_tries::refused(&mut here, &holder.user, stored.key.id).await?;
        return Ok(None);
    }
    Ok(opens_something(&here).then_some(Typed { here, holder, key: stored.key }))
}

/// Whether a key in force is worth anything where it belongs.
pub(super) fn opens_something(here: &Here<'_>) -> bool {
    here.account.policy.paper_key_route == Switch::On && here.account.status.allows(Use::Recover).is_ok()
}
