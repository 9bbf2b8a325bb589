//! Lengths of time as people type them: `3 days`, `36 hours`, `1 day 12 hours`, `90m`.

use jiff::SignedDuration;

/// Longer than any length that a policy may have; more would be a slip.
const MOST_SECONDS: i64 = 400 * 86_400;

/// Reads a length of time; none when it is none.
#[must_use]
pub fn typed_length(text: &str) -> Option<SignedDuration> {
    let (mut rest, mut total) = (text.trim(), 0_i64);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let end = after.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(seconds(unit)?)?)?;
        rest = next.trim_start_matches([' ', ',']);
    }
    (total <= MOST_SECONDS).then(|| SignedDuration::from_secs(total))
}

fn seconds(unit: &str) -> Option<i64> {
    match unit.to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => Some(86_400),
        "h" | "hour" | "hours" => Some(3_600),
        "m" | "min" | "minute" | "minutes" => Some(60),
        "s" | "second" | "seconds" => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::wording::length;

    #[test]
    fn what_pages_show_can_be_typed() {
        for seconds in [1, 60, 90, 3_600, 129_600, 259_200, 86_401] {
            let time = SignedDuration::from_secs(seconds);
            assert_eq!(typed_length(&length(time)), Some(time));
        }
    }

    #[test]
    fn people_type_it_in_several_ways() {
        let hours = SignedDuration::from_hours;
        for (text, wanted) in
            [("1 day 12 hours", 36), ("1d12h", 36), (" 72H ", 72), ("2 days, 1 hour", 49), ("0 hours", 0)]
        {
            assert_eq!(typed_length(text), Some(hours(wanted)), "{text}");
        }
        for wrong in
            ["", "72", "three days", "-1 day", "1.5 days", "1 month", "hours", "99999999999999999999 days", "500 days"]
        {
            assert_eq!(typed_length(wrong), None, "{wrong}");
        }
    }
}
