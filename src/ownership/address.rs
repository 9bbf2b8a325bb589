//! An e-mail address, in the one spelling under which we know a person.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// An e-mail address in lower case. Plain ASCII, one `@`, nothing that could end a header line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// The text is not an e-mail address that we can write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address of the form `name@example.org`")]
pub struct NotAnEmail;

impl Email {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// So much of it that its reader knows it, and nobody else learns it: the first letter, three dots, and the domain.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        let first = local.chars().next().unwrap_or_default();
        format!("{first}\u{2022}\u{2022}\u{2022}@{domain}")
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        let address = text.trim().to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or(NotAnEmail)?;
        let local_fits = (1..=64).contains(&local.len())
            && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_fits = domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label_fits);
        if local_fits && domain_fits && address.len() <= 254 { Ok(Self(address)) } else { Err(NotAnEmail) }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_spelling() {
        let email: Email = " Ada.Lovelace@Example.ORG ".parse().unwrap();
        assert_eq!(email.as_str(), "ada.lovelace@example.org");
    }

    #[test]
    fn refuses_what_could_end_a_header_or_name_two_people() {
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@localhost",
            "a b@example.org",
            "ada@exa mple.org",
            "ada@example.org\nBcc: x@example.org",
            "ada@@example.org",
            "<ada@example.org>",
            "a,b@example.org",
            ".ada@example.org",
            "a..b@example.org",
            "ada@-example.org",
            "ada@example..org",
            "äda@example.org",
            long.as_str(),
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
    }
}
