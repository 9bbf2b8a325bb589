//! When a mail that could not be handed over is tried again, and when no more.

use jiff::SignedDuration;

use crate::moment::Moment;

/// After the first attempt; twice as long after each further one.
const FIRST: SignedDuration = SignedDuration::from_mins(1);
/// Never longer than this.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);
/// Tried at least for so long.
const PATIENCE: SignedDuration = SignedDuration::from_hours(72);
/// Tried at least so often, also when the service itself was away for days.
const ATTEMPTS: i64 = 6;

/// What follows an attempt that failed for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another one.
    At(Moment),
    /// None.
    GiveUp,
}

/// What follows the attempt of that number (from 1) on a mail whose cause happened at `created_at`. `luck` lengthens
/// the wait by up to a quarter, so that mails deferred together do not come back together.
#[must_use]
pub fn after(attempt: i64, created_at: Moment, now: Moment, luck: u16) -> Next {
    let last = created_at.after(PATIENCE);
    if attempt >= ATTEMPTS && now >= last {
        return Next::GiveUp;
    }
    let doublings = u32::try_from(attempt.clamp(1, 20)).unwrap_or(20).saturating_sub(1);
    let wait = FIRST.checked_mul(1_i32.checked_shl(doublings).unwrap_or(i32::MAX)).unwrap_or(LONGEST).min(LONGEST);
    let extra = wait.as_micros().saturating_mul(i128::from(luck)) / (4 * 65_536);
    let next = now.after(wait).after(SignedDuration::from_micros(i64::try_from(extra).unwrap_or_default()));
    // The last attempt is not put off beyond the end of our patience.
    Next::At(if now < last { next.min(last) } else { next })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes_after(attempt: i64, luck: u16) -> i64 {
        let now = Moment::from_micros(0);
        match after(attempt, now, now, luck) {
            Next::At(next) => next.since(now).as_mins(),
            Next::GiveUp => -1,
        }
    }

    #[test]
    fn the_wait_doubles_up_to_a_cap() {
        let waits: Vec<i64> = (0..=12).map(|attempt| minutes_after(attempt, 0)).collect();
        assert_eq!(waits, [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);
        assert_eq!(minutes_after(i64::MAX, 0), 360);
        assert_eq!(minutes_after(9, u16::MAX), 256 + 63);
    }

    #[test]
    fn it_ends_after_three_days_and_not_before() {
        for luck in [0, 30_000, u16::MAX] {
            let created_at = Moment::from_micros(0);
            let (mut now, mut attempt) = (created_at, 1);
            while let Next::At(next) = after(attempt, created_at, now, luck) {
                assert!(next > now);
                (now, attempt) = (next, attempt + 1);
            }
            assert_eq!(now.since(created_at), PATIENCE);
            assert!((15..30).contains(&attempt), "{attempt}");
        }
    }

    #[test]
    fn a_mail_that_was_left_lying_gets_its_attempts() {
        let created_at = Moment::from_micros(0);
        let now = created_at.after(SignedDuration::from_hours(1000));
        assert_eq!(after(5, created_at, now, 0), Next::At(now.after(SignedDuration::from_mins(16))));
        assert_eq!(after(6, created_at, now, 0), Next::GiveUp);
    }
}
