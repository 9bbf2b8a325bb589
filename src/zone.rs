//! Time zones of the people who read what we write, by the names of the IANA Time Zone Database.
//!
//! Only how a moment is written depends on them. What is stored, hashed and answered to programs is UTC.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::moment::Moment;

/// The longest name that is looked up, in bytes. The longest of the database has 32.
const LONGEST_NAME: usize = 64;

/// A time zone that has a name, such as `Europe/Berlin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// No time zone has that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no time zone has that name; write it as the IANA database does, such as `Europe/Berlin` or `UTC`")]
pub struct UnknownZone;

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// The zone of that name, or UTC: a mail goes out even if the database, or another version of the program, knew one
    /// that this one does not.
    #[must_use]
    pub fn known(name: Option<&str>) -> Self {
        name.and_then(|name| name.parse().ok()).unwrap_or_default()
    }

    /// The names to choose from, in alphabetical order: one for each place, and none of the old names of places.
    #[must_use]
    pub fn names() -> Vec<String> {
        let places = [
            "Africa/",
            "America/",
            "Antarctica/",
            "Asia/",
            "Atlantic/",
            "Australia/",
            "Europe/",
            "Indian/",
            "Pacific/",
        ];
        let of_a_place = |name: &String| places.iter().any(|start| name.starts_with(start));
        let all = jiff::tz::db().available().map(|name| name.to_string()).filter(of_a_place);
        let mut names: Vec<String> = std::iter::once("UTC".to_owned()).chain(all).collect();
        names.sort();
        names.dedup();
        names
    }

    /// `Sunday 22 November 2026, 15:05 UTC+1`.
    #[must_use]
    pub fn when(&self, moment: Moment) -> String {
        let Ok(time) = Timestamp::from_microsecond(moment.micros()) else { return moment.to_string() };
        let there = time.to_zoned(self.0.clone());
        format!("{} {}", there.strftime("%A %-d %B %Y, %H:%M"), Offset(there.offset().seconds()))
    }

    /// When a day begins and ends here; nothing where what was written is no day. Days are written `2026-11-22`.
    #[must_use]
    pub fn day(&self, written: &str) -> Option<(Moment, Moment)> {
        // Only this form: the parser takes more, such as the year alone with a sign.
        let plain = written.len() == 10 && written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date: Date = Some(written).filter(|_| plain)?.parse().ok()?;
        let begins = |date: Date| Some(Moment::from(date.to_zoned(self.0.clone()).ok()?.timestamp()));
        Some((begins(date)?, begins(date.tomorrow().ok()?)?))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        let name = name.trim();
        if name.eq_ignore_ascii_case("UTC") {
            return Ok(Self::default());
        }
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Err(UnknownZone);
        }
        let found = TimeZone::get(name).map_err(|_| UnknownZone)?;
        // What has no name could not be stored.
        if found.iana_name().is_some() { Ok(Self(found)) } else { Err(UnknownZone) }
    }
}

/// How far a zone is from UTC, in seconds: `UTC`, `UTC+1`, `UTC-3:30`.
struct Offset(i32);

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UTC")?;
        let minutes = self.0.unsigned_abs() / 60;
        if minutes == 0 {
            return Ok(());
        }
        write!(f, "{}{}", if self.0 < 0 { '-' } else { '+' }, minutes / 60)?;
        match minutes % 60 {
            0 => Ok(()),
            rest => write!(f, ":{rest:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_its_reader_lives_it() {
        let winter: Moment = "2026-11-22T14:05:09.5Z".parse().unwrap();
        let summer: Moment = "2026-06-30T23:30:00Z".parse().unwrap();
        for (zone, moment, written) in [
            ("UTC", winter, "Sunday 22 November 2026, 14:05 UTC"),
            ("Europe/Berlin", winter, "Sunday 22 November 2026, 15:05 UTC+1"),
            ("europe/berlin", summer, "Wednesday 1 July 2026, 01:30 UTC+2"),
            ("Asia/Kolkata", winter, "Sunday 22 November 2026, 19:35 UTC+5:30"),
            ("America/St_Johns", winter, "Sunday 22 November 2026, 10:35 UTC-3:30"),
            ("America/Sao_Paulo", winter, "Sunday 22 November 2026, 11:05 UTC-3"),
            ("Europe/London", winter, "Sunday 22 November 2026, 14:05 UTC"),
        ] {
            assert_eq!(zone.parse::<Zone>().unwrap().when(moment), written, "{zone}");
        }
    }

    #[test]
    fn a_day_begins_and_ends_as_people_there_live_it() {
        let zone = |name: &str| name.parse::<Zone>().unwrap();
        for (name, day, begins, ends) in [
            ("UTC", "2026-11-22", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"),
            ("Europe/Berlin", "2026-11-22", "2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"),
            // The clocks are set back: this day has 25 hours.
            ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
            // Midnight does not happen on this one.
            ("America/Asuncion", "2023-10-01", "2023-10-01T04:00:00Z", "2023-10-02T03:00:00Z"),
        ] {
            let moments = (begins.parse().unwrap(), ends.parse().unwrap());
            assert_eq!(zone(name).day(day), Some(moments), "{name} {day}");
        }
        for wrong in ["", "22.11.2026", "2026-02-30", "2026-11", "2026-11-22T10:00", "+00202611-2", "9999-12-31"] {
            assert_eq!(zone("UTC").day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_zone_has_the_name_of_the_database() {
        for (written, name) in [("europe/berlin", "Europe/Berlin"), (" UTC ", "UTC"), ("utc", "UTC")] {
            assert_eq!(written.parse::<Zone>().unwrap().to_string(), name);
        }
        let long = "Europe/".repeat(10);
        for unknown in
            ["", "CEST", "+01:00", "Europe/Bielefeld", "../etc/passwd", "/etc/localtime", "<b>", long.as_str()]
        {
            assert_eq!(unknown.parse::<Zone>(), Err(UnknownZone), "{unknown}");
            assert_eq!(Zone::known(Some(unknown)), Zone::default());
        }
        assert_eq!(Zone::known(None).to_string(), "UTC");
    }

    #[test]
    fn each_name_to_choose_from_is_a_zone() {
        let names = Zone::names();
        for name in &names {
            assert_eq!(name.parse::<Zone>().unwrap().to_string(), *name);
        }
        assert!(names.is_sorted() && names.len() > 300, "{}", names.len());
        assert!(
            ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"]
                .iter()
                .all(|name| names.contains(&(*name).to_owned()))
        );
    }
}
