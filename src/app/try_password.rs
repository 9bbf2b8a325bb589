//! Trying a password: for an address that somebody types, or in a session.
//!
//! Each try is counted before it is weighed, and the right one is taken back. Ten in ten minutes count; what is tried beyond
//! them is not even looked at, so a password cannot be guessed faster by asking often. Whoever is kept out by somebody
//! else's guesses signs in with a code by mail.

use jiff::SignedDuration;

use super::{app::App, error::Error};
use crate::{
    id::{SessionId, UserId},
    moment::Moment,
    ownership::address::Email,
    password::typed::Password,
    secret::Subject,
    store::{
        credentials::{self, Candidate, Matching},
        db::Unit,
        guesses::{self, Counted},
        tx::Tx,
    },
};

/// How many tries count in [`WITHIN`].
pub const TRIES: i64 = 10;

/// The time in which so many tries count.
pub const WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// Whose password is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// That of whoever has an address, if anybody.
    Address(Email),
    /// That of the person in a session.
    InSession(UserId, SessionId),
}

/// A try that is counted.
#[derive(Debug, Clone, Copy)]
pub struct Try {
    subject: Subject,
    counted: Counted,
}

impl Try {
    /// It was right, so it counts for nothing.
    pub(super) async fn take_back(&self, tx: &mut Tx) -> Result<(), Error> {
        Ok(guesses::take_back(tx, &self.subject, self.counted).await?)
    }
}

/// What came of a try.
pub(super) enum Weighed {
    /// It was that one.
    Right(Matching, Try),
    /// It was none.
    Wrong,
    /// It was not looked at, because there were too many.
    TooMany {
        /// When the next one counts.
        until: Moment,
    },
}

/// Counts a try, and compares the password with what it may match.
pub(super) async fn weigh(app: &App, whose: Whose, password: Password) -> Result<Weighed, Error> {
    let (tried, candidates) = app.db.run(CountTry { app: app.clone(), whose }).await?;
    let Try { counted, .. } = tried;
    if counted.tries > TRIES {
        return Ok(Weighed::TooMany { until: counted.since_at.after(WITHIN) });
    }
    let (hashes, whose): (Vec<_>, Vec<_>) = candidates.into_iter().map(|of| (of.secret, of.password)).unzip();
    let place = app.passwords.weigh(password, hashes).await?;
    // Whoever types what a stand-in is the hash of has typed nobody's password.
    let right = place.and_then(|place| whose.get(place).copied().flatten());
    Ok(right.map_or(Weighed::Wrong, |matching| Weighed::Right(matching, tried)))
}

/// Counts a try, and finds what it may match.
pub struct CountTry {
    /// The service.
    pub app: App,
    /// Whose password is tried.
    pub whose: Whose,
}

impl Unit for CountTry {
    type Out = (Try, Vec<Candidate>);
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(Try, Vec<Candidate>), Error> {
        let now = self.app.now();
        let subject = match &self.whose {
            Whose::Address(email) => self.app.secret.guesses_at(email.as_str()),
            Whose::InSession(_, session) => self.app.secret.guesses_in(*session),
        };
        let counted = guesses::count(tx, &subject, now, now.before(WITHIN)).await?;
        let candidates = match &self.whose {
            Whose::Address(email) => credentials::for_address(tx, email, now, self.app.passwords.nobodys()).await?,
            Whose::InSession(user, _) => credentials::for_user(tx, *user, now).await?,
        };
        Ok((Try { subject, counted }, candidates))
    }
}
