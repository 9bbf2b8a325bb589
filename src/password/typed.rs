//! A password as somebody typed it, in the one form in which it is judged, hashed and compared.

use std::fmt;

use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// What somebody typed as a password. It shows itself nowhere, and its memory is wiped.
///
/// Keyboards differ in how they write the same letter, so it is brought into one form (Unicode NFKC) before anything else.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// From what was typed.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        // Room for all of it, so that no outgrown piece stays behind in memory; some letters get longer.
        let mut form = Zeroizing::new(String::with_capacity(text.len() * 3));
        form.extend(text.nfkc());
        Self(form)
    }

    /// The text. Judge or hash it, and keep nothing.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::typed(&Zeroizing::new(String::deserialize(deserializer)?)))
    }
}

impl Default for Password {
    fn default() -> Self {
        Self::typed("")
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_letters_are_the_same_password() {
        // Precomposed and combining, a ligature, full-width letters.
        for (one, other) in [("caf\u{e9}", "cafe\u{301}"), ("\u{fb01}sh", "fish"), ("\u{ff21}\u{ff22}", "AB")] {
            assert_eq!(Password::typed(one), Password::typed(other), "{one}");
        }
        assert_ne!(Password::typed("Fish"), Password::typed("fish"));
        assert_ne!(Password::typed("fish "), Password::typed("fish"), "spaces count");
    }

    #[test]
    fn it_shows_itself_nowhere() {
        let password: Password = serde_json::from_str("\"correct horse\"").unwrap();
        assert_eq!(format!("{password:?}"), "[secret]");
        assert_eq!(password.reveal(), "correct horse");
    }
}
