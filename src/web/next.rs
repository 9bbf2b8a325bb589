//! Where to go after signing in or proving who it is: a page of ours, never another site.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer};

/// The address of a page of ours: path and query.
///
/// What is no such address is read as the first page: it came with a link, and the person at the browser has not made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next(String);

/// Longer than any address of ours.
const LONGEST: usize = 1024;

/// The text is no address of a page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elsewhere;

impl Next {
    /// The first page.
    #[must_use]
    pub fn first() -> Self {
        Self("/".to_owned())
    }

    /// The address of a page with this one as the place to go afterwards.
    #[must_use]
    pub fn after(&self, page: &str) -> String {
        if self.0 == "/" {
            page.to_owned()
        } else {
            format!("{page}{}next={}", if page.contains('?') { '&' } else { '?' }, encoded(&self.0))
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Next {
    type Err = Elsewhere;

    /// Browsers read `//host` and `/\host` as another site, and drop tabs and line ends before they look.
    fn from_str(text: &str) -> Result<Self, Elsewhere> {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if text.len() > LONGEST || !plain || !path.starts_with('/') || path.contains("//") {
            return Err(Elsewhere);
        }
        // Signing in leads nowhere that only signs in or out again.
        let loops = ["/sign-in", "/sign-on", "/sign-out"].iter().any(|page| path.starts_with(page));
        Ok(if loops { Self::first() } else { Self(text.to_owned()) })
    }
}

impl Default for Next {
    fn default() -> Self {
        Self::first()
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Next {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(String::deserialize(deserializer)?.parse().unwrap_or_default())
    }
}

/// The address of a page with values for what is typed there. Where that is longer than an address of ours may be, the page
/// alone: then it is typed again.
#[must_use]
pub fn with(page: &str, values: &[(&str, &String)]) -> String {
    let pairs: Vec<String> = values.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let whole = format!("{page}?{}", pairs.join("&"));
    if whole.len() > LONGEST { page.to_owned() } else { whole }
}

/// As the value of a query key.
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut written, byte| {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
        written
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_are_next() {
        for good in ["/", "/accounts/acct_1", "/cases/case_1/veto?done=opened&x=a//b", "/a%2F%2Fb"] {
            assert_eq!(good.parse::<Next>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "accounts",
            "//evil.example",
            "///evil.example",
            "/..//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/a\\b",
            "/\t/evil.example",
            "/\n/evil.example",
            " /a",
            "/a b",
            "https://evil.example",
            "https:/evil.example",
            "javascript:alert(1)",
            "?next=/",
            "/\u{0}",
            "/ä",
        ] {
            assert_eq!(bad.parse::<Next>(), Err(Elsewhere), "{bad:?}");
        }
        assert_eq!(format!("/{}", "a".repeat(LONGEST)).parse::<Next>(), Err(Elsewhere));
        assert_eq!("/sign-out".parse::<Next>().unwrap(), Next::first());
    }

    #[test]
    fn it_survives_a_query() {
        let next: Next = "/cases/c?a=b&c=d".parse().unwrap();
        assert_eq!(next.after("/sign-in"), "/sign-in?next=/cases/c%3Fa%3Db%26c%3Dd");
        assert_eq!(Next::first().after("/sign-in"), "/sign-in");
    }
}
