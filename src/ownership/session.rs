//! How long a session lasts: until nobody has used it for a while, and in any case only so long.

use jiff::SignedDuration;

use crate::moment::Moment;

/// How long a session lasts, however much it is used.
pub const LASTS: SignedDuration = SignedDuration::from_hours(12);

/// How long it lasts when nobody uses it.
pub const IDLE: SignedDuration = SignedDuration::from_hours(2);

/// How much later it would have to end for its use to be noted: so that not every request is.
const WORTH_NOTING: SignedDuration = SignedDuration::from_mins(5);

/// When a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// Unless somebody uses it before.
    pub idle: Moment,
    /// In any case.
    pub latest: Moment,
}

impl Ends {
    /// Of a session that begins now.
    #[must_use]
    pub fn of_new(now: Moment) -> Self {
        let latest = now.after(LASTS);
        Self { idle: now.after(IDLE).min(latest), latest }
    }

    /// When it ends, now that somebody uses it. `None` where that is not worth noting.
    #[must_use]
    pub fn used(self, now: Moment) -> Option<Self> {
        let idle = now.after(IDLE).min(self.latest);
        let worth_it = idle >= self.idle.after(WORTH_NOTING) || (idle == self.latest && self.idle < self.latest);
        worth_it.then_some(Self { idle, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Moment {
        Moment::from_micros(0).after(SignedDuration::from_mins(minutes))
    }

    #[test]
    fn a_session_lasts_as_long_as_it_is_used_and_twelve_hours_at_most() {
        let begun = Ends::of_new(at(0));
        assert_eq!(begun, Ends { idle: at(120), latest: at(720) });
        // Every request within five minutes is one.
        assert_eq!(begun.used(at(0)), None);
        assert_eq!(begun.used(at(4)), None);
        assert_eq!(begun.used(at(5)), Some(Ends { idle: at(125), ..begun }));
        // Near its end it goes on to the end, once.
        let late = begun.used(at(602)).unwrap();
        assert_eq!(late, Ends { idle: at(720), ..begun });
        assert_eq!(late.used(at(700)), None);
        let nearly = Ends { idle: at(719), ..begun };
        assert_eq!(nearly.used(at(600)), Some(late));
    }
}
