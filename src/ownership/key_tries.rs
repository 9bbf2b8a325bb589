//! Wrong tries with the number of a real paper key: when owners hear of them. They keep nobody from trying the right key, which
//! is too long to be guessed.

use jiff::SignedDuration;

use crate::moment::Moment;

/// How often the owners of an account hear of wrong tries at most.
pub const TELL_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// How many tries have an entry of their own in the log between two mails. The rest of them share one.
pub const LOGGED: i64 = 20;

/// The wrong tries in an account of which its owners have not been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Untold {
    /// How many they are.
    pub tries: i64,
    /// When owners were last told of some.
    pub told_at: Moment,
}

/// When owners hear of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hear {
    /// At once, together with those before of which they have not heard.
    Now {
        /// How many there are.
        tries: i64,
    },
    /// Later, because they have just heard of others.
    Later {
        /// How many there are by now.
        tries: i64,
        /// When.
        at: Moment,
    },
}

impl Untold {
    /// When they are told of these, if there are any.
    #[must_use]
    pub fn due_at(&self) -> Option<Moment> {
        (self.tries > 0).then(|| self.told_at.after(TELL_EVERY))
    }
}

/// One more wrong try. `before` is none where there was no other ever.
#[must_use]
pub fn one_more(before: Option<Untold>, now: Moment) -> Hear {
    let tries = before.map_or(0, |before| before.tries).saturating_add(1);
    match before.map(|before| before.told_at.after(TELL_EVERY)) {
        Some(at) if at > now => Hear::Later { tries, at },
        Some(_) | None => Hear::Now { tries },
    }
}
