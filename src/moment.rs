//! A point in time, in whole microseconds, and the lengths of time between two of them.
//!
//! Microseconds because that is what both databases keep: anything finer would be lost on the way through a row, and
//! with it the hash of whatever contained it. Nothing here reads a clock.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Microseconds since 1970-01-01T00:00:00Z. Written as RFC 3339 in UTC with six decimals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(i64);

impl Moment {
    /// The moment that many microseconds after 1970 began.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970 began.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The moment that much later. At the end of time it stays there.
    #[must_use]
    pub fn after(self, length: SignedDuration) -> Self {
        Self(self.0.saturating_add(micros_of(length)))
    }

    /// The moment that much earlier.
    #[must_use]
    pub fn before(self, length: SignedDuration) -> Self {
        Self(self.0.saturating_sub(micros_of(length)))
    }

    /// How long after `earlier` this is; negative when it is not.
    #[must_use]
    pub const fn since(self, earlier: Self) -> SignedDuration {
        SignedDuration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

fn micros_of(length: SignedDuration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(if length.is_negative() { i64::MIN } else { i64::MAX })
}

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        Self(time.as_microsecond())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_microsecond(self.0) {
            Ok(time) => write!(f, "{time:.6}"),
            Err(_) => write!(f, "{} microseconds", self.0),
        }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<Timestamp>().map(Self::from)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_six_decimals_and_reads_them_back() {
        let moment = Moment::from_micros(1_700_000_000_000_001);
        assert_eq!(moment.to_string(), "2023-11-14T22:13:20.000001Z");
        assert_eq!(moment.to_string().parse::<Moment>().unwrap(), moment);
    }

    #[test]
    fn later_and_earlier() {
        let moment = Moment::from_micros(0);
        let hour = SignedDuration::from_hours(1);
        assert_eq!(moment.after(hour).before(hour), moment);
        assert_eq!(moment.after(hour).since(moment), hour);
        assert_eq!(moment.after(SignedDuration::MAX).micros(), i64::MAX);
    }
}
