//! How long a session lasts: until nobody has used it for a while, and in any case only so long. And who is written to when
//! one begins.

use jiff::SignedDuration;

use super::credential::FIRST_DAY;
use crate::moment::Moment;

/// How long a session lasts, however much it is used.
pub const LASTS: SignedDuration = SignedDuration::from_hours(12);

/// How long it lasts when nobody uses it.
pub const IDLE: SignedDuration = SignedDuration::from_hours(2);

/// How much later it would have to end for its use to be noted: so that not every request is.
const WORTH_NOTING: SignedDuration = SignedDuration::from_mins(5);

/// For how long after somebody has last signed in there a browser is known again. Browsers keep nothing for longer.
pub const BROWSER_LASTS: SignedDuration = SignedDuration::from_hours(400 * 24);

/// What is known of the browser in which a session begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    /// Its person has signed in there before.
    Known,
    /// They have not; but somewhere else.
    Another,
    /// It is the only one of theirs.
    First,
}

impl Browser {
    /// Whether its person is written to, so that they see when somebody else signs in as them. Nobody is about the browser
    /// in which they begin here, on the day on which they first confirmed their address; later, the only one that is known
    /// may be somebody else's.
    #[must_use]
    pub fn is_told(self, confirmed_at: Option<Moment>, now: Moment) -> bool {
        match self {
            Self::Known => false,
            Self::Another => true,
            Self::First => confirmed_at.is_none_or(|confirmed| now >= confirmed.after(FIRST_DAY)),
        }
    }
}

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
    fn only_the_browser_in_which_somebody_begins_is_told_to_nobody() {
        let day = 24 * 60;
        for (browser, confirmed_at, now, told) in [
            (Browser::Known, Some(at(0)), at(day * 9), false),
            (Browser::Another, Some(at(0)), at(1), true),
            (Browser::First, Some(at(0)), at(0), false),
            (Browser::First, Some(at(0)), at(day - 1), false),
            (Browser::First, Some(at(0)), at(day), true),
            (Browser::First, None, at(0), true),
        ] {
            assert_eq!(browser.is_told(confirmed_at, now), told, "{browser:?} {now:?}");
        }
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
