//! When a webhook that was not taken is sent again, and when no more: the times that Standard Webhooks recommends, and for five
//! days in all.

use jiff::{SignedDuration, fmt::rfc2822};

use crate::moment::Moment;

/// After the first attempt, after the second, and so on. The last one stays.
const WAITS: [SignedDuration; 9] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];
/// The longest wait, also where the receiver asks for a longer one.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// An endpoint that has taken nothing for so long gets nothing more.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(5 * 24);
/// Tried at least so often, also when the service itself was away for days.
const ATTEMPTS: u32 = 6;

/// What follows an attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another one.
    At(Moment),
    /// None.
    GiveUp,
}

/// What follows the attempt of that number (from 1) on an endpoint that has failed since then. `luck` lengthens the wait by up to
/// a tenth, so that those that failed together do not come back together.
#[must_use]
pub fn after(attempt: u32, since: Moment, now: Moment, asked: Option<SignedDuration>, luck: u16) -> Next {
    let last = since.after(PATIENCE);
    if attempt >= ATTEMPTS && now >= last {
        return Next::GiveUp;
    }
    let place = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
    let planned = WAITS.get(place).copied().unwrap_or(LONGEST);
    let wait = planned.max(asked.unwrap_or_default()).min(LONGEST);
    let extra = wait.as_micros().saturating_mul(i128::from(luck)) / (10 * 65_536);
    let next = now.after(wait).after(SignedDuration::from_micros(i64::try_from(extra).unwrap_or_default()));
    // The last attempt is not put off beyond the end of our patience.
    Next::At(if now < last { next.min(last) } else { next })
}

/// How long a receiver asks to be left alone: the header `Retry-After`, in seconds or as a date.
#[must_use]
pub fn retry_after(text: &str, now: Moment) -> Option<SignedDuration> {
    let text = text.trim();
    match text.parse::<u32>() {
        Ok(seconds) => Some(SignedDuration::from_secs(i64::from(seconds))),
        Err(_) => rfc2822::DateTimeParser::new().parse_timestamp(text).ok().map(|at| Moment::from(at).since(now)),
    }
}
