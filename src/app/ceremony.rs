//! Ceremonies with passkeys: a question whose answer is taken once, and for a few minutes.
//!
//! Nothing is stored of a question. Its challenge is computed from its id under the server's secret, together with what it
//! is asked for and in which session, so an answer fits one act of one session; when it was asked stands in the id; and the
//! end of each is a row, so no answer is taken twice.

use jiff::SignedDuration;

use super::{
    app::App,
    error::{Access, Error},
};
use crate::{
    id::CeremonyId,
    moment::Moment,
    passkey::relying_party::RelyingParty,
    secret::{Ceremony, Challenge},
    store::{ceremonies, tx::Tx},
};

/// For how long an answer is taken.
pub const LASTS: SignedDuration = SignedDuration::from_mins(5);

/// A question to a passkey.
#[derive(Debug)]
pub struct Question {
    /// Which. It goes to the browser, and comes back with the answer.
    pub id: CeremonyId,
    /// What the passkey signs.
    pub challenge: Challenge,
    /// The service as passkeys know it.
    pub service: RelyingParty,
}

impl Question {
    /// Asks.
    ///
    /// # Errors
    /// [`Access::NoPasskeysHere`].
    pub fn ask(app: &App, what: Ceremony) -> Result<Self, Error> {
        Self::of(app, app.id(), what)
    }

    /// The question that is answered now. The answer is taken only if it is the first, so this belongs into the unit of
    /// work that acts on it.
    ///
    /// # Errors
    /// [`Access::CeremonyOver`] when it was asked too long ago, or answered before.
    pub async fn answered(tx: &mut Tx, app: &App, id: CeremonyId, what: Ceremony, now: Moment) -> Result<Self, Error> {
        let asked_at = id.made_at();
        // Whoever invents an id cannot know its challenge; one of another day is over all the same.
        let fresh = asked_at <= now && now.since(asked_at) <= LASTS;
        if !fresh || !ceremonies::end(tx, id, now).await? {
            return Err(Access::CeremonyOver.into());
        }
        Self::of(app, id, what)
    }

    fn of(app: &App, id: CeremonyId, what: Ceremony) -> Result<Self, Error> {
        let service = RelyingParty::at(&app.public_url).ok_or(Access::NoPasskeysHere)?;
        Ok(Self { id, challenge: app.secret.challenge(id, what), service })
    }
}

/// Whether browsers have passkeys where this service is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passkeys {
    /// They do.
    Possible,
    /// They do not.
    Impossible,
}

/// Whether browsers have passkeys where this service is reached.
#[must_use]
pub fn passkeys(app: &App) -> Passkeys {
    if RelyingParty::at(&app.public_url).is_some() { Passkeys::Possible } else { Passkeys::Impossible }
}
