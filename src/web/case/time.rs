//! Time as the pages of a case write it: how much is left, and moments in lists, where there are many of them.

use jiff::{SignedDuration, Timestamp};

use crate::{mail::wording::count, moment::Moment};

/// `2 days and 3 hours`, in the two largest units; the smaller one is left out when it is zero. Nothing when the time is
/// over.
#[must_use]
pub fn remaining(time: SignedDuration) -> Option<String> {
    if !time.is_positive() {
        return None;
    }
    let seconds = time.as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (large, small) = match seconds {
        86_400.. => (0, 1),
        3_600..86_400 => (1, 2),
        60..3_600 => (2, 2),
        _ => (3, 3),
    };
    let amount = |place: usize, seconds: i64| units.get(place).map(|(length, name)| (seconds / length, *length, *name));
    let (first, length, name) = amount(large, seconds.max(1))?;
    let (second, _, smaller) = amount(small, seconds % length)?;
    let first = count(first, name);
    Some(if large == small || second == 0 { first } else { format!("{first} and {}", count(second, smaller)) })
}

/// `22 Nov 2026, 14:05 UTC`.
#[must_use]
pub fn brief(moment: Moment) -> String {
    Timestamp::from_microsecond(moment.micros())
        .map_or_else(|_| moment.to_string(), |time| time.strftime("%-d %b %Y, %H:%M UTC").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_is_left_is_told_in_two_units() {
        for (seconds, told) in [
            (3 * 86_400, Some("3 days")),
            (3 * 86_400 - 1, Some("2 days and 23 hours")),
            (86_400 + 59, Some("1 day")),
            (3_660, Some("1 hour and 1 minute")),
            (3_599, Some("59 minutes")),
            (60, Some("1 minute")),
            (59, Some("59 seconds")),
            (1, Some("1 second")),
            (0, None),
            (-5, None),
        ] {
            assert_eq!(remaining(SignedDuration::from_secs(seconds)).as_deref(), told, "{seconds}");
        }
        assert_eq!(brief(Moment::from_micros(1_795_356_309_500_000)), "22 Nov 2026, 14:05 UTC");
        assert_eq!(remaining(SignedDuration::from_millis(3)).as_deref(), Some("1 second"));
        assert_eq!(remaining(SignedDuration::from_millis(-3)), None);
    }
}
