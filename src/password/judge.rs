//! Whether a password is good enough: long enough, and hard to guess for somebody who knows the person.

use std::cmp::Reverse;

use zxcvbn::{Score, feedback::Warning, zxcvbn};

use super::typed::Password;

/// How many characters a password has at least.
pub const SHORTEST: usize = 10;

/// How many it has at most.
pub const LONGEST: usize = 200;

/// Shorter pieces of what is known about a person are part of many other words as well.
const SHORTEST_WORD: usize = 4;

/// Why a password is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It is too short or too long.
    #[error("a password has {SHORTEST} to {LONGEST} characters, and this one has {length}")]
    Length {
        /// How many it has.
        length: usize,
    },
    /// Somebody would guess it soon.
    #[error(
        "this password is too easy to guess, because {why}; take several words that have nothing to do with each other"
    )]
    Guessable {
        /// What makes it so.
        why: &'static str,
    },
}

/// Judges a password of somebody of whom these texts are known, such as their name and their address.
///
/// # Errors
/// Why it is not good enough.
pub fn judge(password: &Password, known: &[String]) -> Result<(), Weak> {
    let text = password.reveal();
    let length = text.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Weak::Length { length });
    }
    let found = zxcvbn(text, &[]);
    if found.score() < Score::Three {
        let warning = found.feedback().and_then(zxcvbn::feedback::Feedback::warning);
        return Err(Weak::Guessable { why: warning.map_or("it has too few parts that nobody expects", reason) });
    }
    // A list of words by which the estimate is told what is known still counts their order and what stands between them.
    // Whoever knows the person tries all of that first: so the password has to be good without them.
    let rest = without(text, &words(known));
    if zxcvbn(&rest, &[]).score() < Score::Three {
        return Err(Weak::Guessable {
            why: "it is made of what others know about you, such as your name or your account",
        });
    }
    Ok(())
}

/// What is left of a text without these words.
fn without(text: &str, words: &[String]) -> String {
    words.iter().fold(text.to_lowercase(), |rest, word| rest.replace(word.as_str(), ""))
}

/// What is known about somebody, whole and word by word, the longest first.
fn words(known: &[String]) -> Vec<String> {
    let pieces = known.iter().flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()));
    let all = known.iter().map(String::as_str).chain(pieces).map(str::to_lowercase);
    let mut words: Vec<String> = all.filter(|word| word.chars().count() >= SHORTEST_WORD).collect();
    words.sort_by_key(|word| Reverse(word.len()));
    words
}

const fn reason(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => "it is a straight row of keys",
        Warning::ShortKeyboardPatternsAreEasyToGuess => "it is a short pattern on the keyboard",
        Warning::RepeatsLikeAaaAreEasyToGuess => "it repeats one character",
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "it repeats itself",
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword => {
            "many people use it"
        }
        Warning::ThisIsSimilarToACommonlyUsedPassword => "it is close to one that many people use",
        Warning::SequencesLikeAbcAreEasyToGuess => "it is a sequence of neighbours, like abc or 6543",
        Warning::RecentYearsAreEasyToGuess => "it contains a recent year",
        Warning::AWordByItselfIsEasyToGuess => "it is a single word",
        Warning::DatesAreOftenEasyToGuess => "it contains a date",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            "it is a name"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, known: &[&str]) -> Result<(), Weak> {
        let known: Vec<String> = known.iter().map(|word| (*word).to_owned()).collect();
        judge(&Password::typed(text), &known)
    }

    #[test]
    fn length_is_counted_in_characters_of_the_one_form() {
        assert_eq!(judged("xkq4!tuZ9", &[]), Err(Weak::Length { length: 9 }));
        assert_eq!(judged(&"\u{e9}".repeat(9), &[]), Err(Weak::Length { length: 9 }));
        // A ligature becomes two letters, so nine are ten.
        let ten = judged(&format!("{}\u{fb01}", "x".repeat(8)), &[]);
        assert_eq!(ten, Err(Weak::Guessable { why: "it repeats one character" }));
        assert_eq!(judged(&"\u{e9}q".repeat(101), &[]), Err(Weak::Length { length: 202 }));
        let long: String = "correct horse battery staple ".repeat(6);
        assert_eq!(judged(&long, &[]), Ok(()));
    }

    #[test]
    fn what_others_guess_is_refused_with_its_reason() {
        for (text, why) in [
            ("qwertyuiop", "many people use it"),
            ("password123", "many people use it"),
            ("aaaaaaaaaaaa", "it repeats one character"),
            ("abcabcabcabc", "it repeats itself"),
            ("zxcvfdsaqw", "it is close to one that many people use"),
        ] {
            assert_eq!(judged(text, &[]), Err(Weak::Guessable { why }), "{text}");
        }
        assert_eq!(judged("tractor-violet-armchair", &[]), Ok(()));
    }

    #[test]
    fn a_person_s_own_words_are_no_secret() {
        let known = ["Wilhelmina Vandersloot", "Zaphodbeeblebrox GmbH"];
        for text in ["Vandersloot-Wilhelmina", "zaphodbeeblebrox1", "WilhelminaZaphodbeeblebrox"] {
            assert!(judged(text, &known).is_err(), "{text}");
        }
        assert_eq!(judged("Vandersloot-Wilhelmina", &[]), Ok(()), "it is her own words that make the difference");
    }
}
