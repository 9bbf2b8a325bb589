//! The date of a mail that is kept as a proof, in the one form that `docs/certificate.md` specifies.

use jiff::fmt::rfc2822::DateTimeParser;

use super::plain::BLANKS;
use crate::moment::Moment;

/// The moment that a date tells; nothing where it is written otherwise than programs write it.
pub fn date(text: &str) -> Option<Moment> {
    // Whatever a program explains behind the date.
    let text = text.split('(').next().unwrap_or_default();
    let words: Vec<&str> = text.split(BLANKS).filter(|word| !word.is_empty()).collect();
    let (weekday, words) = match words.as_slice() {
        [weekday, rest @ ..] if DAYS.contains(weekday) => (*weekday, rest),
        all => ("", all),
    };
    let [day, month, year, time, zone] = words else { return None };
    let zone = match *zone {
        "GMT" | "UT" | "UTC" => "+0000",
        zone => zone,
    };
    let (sign, zone_digits) = zone.split_at_checked(1)?;
    let times: Vec<&str> = time.split(':').collect();
    let fits = (1..=2).contains(&day.len())
        && year.len() == 4
        && MONTHS.contains(month)
        && (2..=3).contains(&times.len())
        && times.iter().all(|part| part.len() == 2)
        && times.get(2).is_none_or(|second| *second < "60")
        && matches!(sign, "+" | "-")
        && zone_digits.len() == 4
        && zone_digits < "2400"
        && zone_digits.get(2..).is_some_and(|minutes| minutes < "60")
        && [*day, *year, zone_digits].iter().chain(&times).all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let whole = format!("{weekday} {day} {month} {year} {time} {zone}");
    DateTimeParser::new().parse_timestamp(whole.trim_start()).ok().filter(|_| fits).map(Into::into)
}

const DAYS: [&str; 7] = ["Mon,", "Tue,", "Wed,", "Thu,", "Fri,", "Sat,", "Sun,"];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_one_form() {
        let noon: Moment = "2026-03-02T12:00:05.000000Z".parse().unwrap();
        for good in [
            "Mon, 2 Mar 2026 12:00:05 +0000",
            "Mon,  02 Mar 2026\t13:00:05 +0100 (CET)",
            "2 Mar 2026 12:00:05 GMT",
            "Mon, 2 Mar 2026 06:30:05 -0530 (a (b) c)",
        ] {
            assert_eq!(date(good), Some(noon), "{good}");
        }
        assert_eq!(date("2 Mar 2026 12:00 UT"), Some("2026-03-02T12:00:00.000000Z".parse().unwrap()));
        for bad in [
            "",
            "Tue, 2 Mar 2026 12:00:05 +0000",
            "Mon 2 Mar 2026 12:00:05 +0000",
            "mon, 2 Mar 2026 12:00:05 +0000",
            "2 mar 2026 12:00:05 +0000",
            "2 March 2026 12:00:05 +0000",
            "2 Mar 26 12:00:05 +0000",
            "30 Feb 2026 12:00:05 +0000",
            "2 Mar 2026 24:00:05 +0000",
            "2 Mar 2026 12:60:05 +0000",
            "2 Mar 2026 12:00:60 +0000",
            "2 Mar 2026 1:00:05 +0000",
            "2 Mar 2026 12:00:05 +2400",
            "2 Mar 2026 12:00:05 +0060",
            "2 Mar 2026 12:00:05 EST",
            "2 Mar 2026 12:00:05 0000",
            "2 Mar 2026 12:00:05 +0000 x",
            "002 Mar 2026 12:00:05 +0000",
            "0 Mar 2026 12:00:05 +0000",
        ] {
            assert_eq!(date(bad), None, "{bad}");
        }
    }
}
