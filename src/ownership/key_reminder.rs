//! When owners are reminded of a paper key that lies in its safe: to have it tried out, before it gets old, and before it expires.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{
    paper_key::Key,
    readiness::{DRILL_AGAIN, KEY_AGE},
};
use crate::moment::Moment;

/// How long before a key gets old, or expires, owners are told.
pub const AHEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What owners are reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// It works no more from then on.
    Expires {
        /// Then.
        at: Moment,
    },
    /// Paper fades and people move: from then on it counts as old.
    GetsOld {
        /// Then.
        at: Moment,
    },
    /// Nobody has tried for half a year whether it works.
    Drill {
        /// When it was issued or last tried.
        since: Moment,
    },
}

/// Of what they are to be told at that moment, which [`next`] gave.
#[must_use]
pub fn due(key: &Key, remind_at: Moment) -> Option<Reminder> {
    let (at, reminder) = next(key, remind_at.before(SignedDuration::from_micros(1)));
    (at == remind_at).then_some(reminder)
}

/// When owners are to be reminded next after that moment, and of what. A drill is asked for until there is one.
#[must_use]
pub fn next(key: &Key, after: Moment) -> (Moment, Reminder) {
    let since = key.drilled_at.unwrap_or(key.issued_at);
    let mut drill = since.after(DRILL_AGAIN);
    while drill <= after {
        drill = drill.after(DRILL_AGAIN);
    }
    let old = key.issued_at.after(KEY_AGE);
    let once = [
        key.expires_at.map(|at| (at.before(AHEAD), Reminder::Expires { at })),
        Some((old.before(AHEAD), Reminder::GetsOld { at: old })),
    ];
    let ahead = once.into_iter().flatten().filter(|(at, _)| *at > after && *at > key.issued_at);
    ahead.chain([(drill, Reminder::Drill { since })]).min().unwrap_or((drill, Reminder::Drill { since }))
}
