//! What a text says: the sentence by which administrators ask for a new owner, or yes or no to the mail that asked for it.
//!
//! The sentence is the one that people know from before: "The current account owner NAME (ADDRESS) is not contactable and
//! therefore NAME (ADDRESS) should be made the new account owner." Around it there may be a greeting and a name, and nothing
//! else: "I do not want that" in front of it must not count.

use unicode_normalization::UnicodeNormalization;

use super::{
    refused::{Place, Refused, Unclear},
    stripped::own_lines,
};
use crate::{
    ownership::address::Email,
    recovery::{ballot::Choice, terms::Person},
};

/// What a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// That the one should be replaced by the other.
    Replace {
        /// Who owns the account.
        owner: Named,
        /// Who should.
        nominee: Named,
    },
    /// Yes or no, to whatever was asked.
    Answer(Choice),
}

/// A person, as a text names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    name: String,
    email: Email,
}

impl Named {
    /// Their address.
    #[must_use]
    pub const fn email(&self) -> &Email {
        &self.email
    }

    /// Whether that is the person: the same address, and the same name but for capitals.
    ///
    /// # Errors
    /// Whom it names instead.
    pub fn is(&self, person: &Person, place: Place) -> Result<(), Refused> {
        let same = same_name(&self.name, &person.name) && self.email.as_str() == person.email;
        if same {
            return Ok(());
        }
        let named = format!("{} ({})", self.name, self.email);
        Err(Refused::NamesOthers { named, place, right: format!("{} ({})", person.name, person.email) })
    }
}

fn same_name(one: &str, other: &str) -> bool {
    plain_name(one) == plain_name(other)
}

/// A name without what is not told apart: marks, capitals, and the two ways to write an accent.
pub(super) fn plain_name(name: &str) -> String {
    words_of(name).join(" ").nfc().collect::<String>().to_lowercase()
}

/// Reads what a text says.
///
/// # Errors
/// Why it says nothing clear.
pub fn read(text: &str) -> Result<Said, Refused> {
    let lines = own_lines(text);
    let words: Vec<Word<'_>> = lines
        .iter()
        .enumerate()
        .flat_map(|(line, text)| text.split(' ').map(move |text| Word { line, text }))
        .filter(|word| !word.text.is_empty())
        .collect();
    let Some(start) = find(&words, 0, &OWNER_IS) else { return Ok(Said::Answer(answer(&lines)?)) };
    let owner_at = start + OWNER_IS.len();
    let middle = find(&words, owner_at, &THEREFORE).ok_or(Unclear::NoVote)?;
    let nominee_at = middle + THEREFORE.len();
    let last = find(&words, nominee_at, &SHOULD_BE).ok_or(Unclear::NoVote)?;
    let end = last + SHOULD_BE.len();
    if find(&words, owner_at, &OWNER_IS).is_some() || find(&words, nominee_at, &THEREFORE).is_some() {
        return Err(Unclear::Several.into());
    }
    let owner = person(words.get(owner_at..middle).unwrap_or_default())?;
    let nominee = person(words.get(nominee_at..last).unwrap_or_default())?;
    if find(&words, end, &SHOULD_BE).is_some() {
        return Err(Unclear::Several.into());
    }
    let before = in_lines(words.get(..start).unwrap_or_default());
    let after = in_lines(words.get(end..).unwrap_or_default());
    if before.iter().all(|line| is_greeting(line)) && before.len() <= 1 && is_ending(&after) {
        Ok(Said::Replace { owner, nominee })
    } else {
        Err(Unclear::More.into())
    }
}

/// A word, and the line in which it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'t> {
    pub line: usize,
    pub text: &'t str,
}

pub(super) const OWNER_IS: [&str; 4] = ["the", "current", "account", "owner"];
pub(super) const THEREFORE: [&str; 5] = ["is", "not", "contactable", "and", "therefore"];
pub(super) const SHOULD_BE: [&str; 7] = ["should", "be", "made", "the", "new", "account", "owner"];

/// Marks that may stand around a word without being part of it.
pub(super) const MARKS: &[char] =
    &['.', ',', ';', ':', '!', '"', '\'', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}'];

/// Where these words follow each other, from that place on.
pub(super) fn find(words: &[Word<'_>], from: usize, phrase: &[&str]) -> Option<usize> {
    let same = |word: &Word<'_>, wanted: &&str| word.text.trim_matches(MARKS).eq_ignore_ascii_case(wanted);
    let fits = |window: &[Word<'_>]| window.iter().zip(phrase).all(|(word, wanted)| same(word, wanted));
    words.get(from..)?.windows(phrase.len()).position(fits).map(|at| from + at)
}

/// The one person whom these words name.
fn person(words: &[Word<'_>]) -> Result<Named, Refused> {
    let text: Vec<&str> = words.iter().map(|word| word.text).collect();
    let (mut names, mut addresses) = (Vec::new(), Vec::<Email>::new());
    let text = text.join(" ");
    for word in words_of(&text) {
        if !word.contains('@') {
            if word != "mailto" {
                names.push(word);
            }
            continue;
        }
        if !word.is_ascii() {
            return Err(Refused::LookAlike);
        }
        let address = word.trim_matches('.').parse().map_err(|_| Unclear::People)?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let (Some(email), true) = (addresses.pop(), addresses.is_empty()) else { return Err(Unclear::People.into()) };
    if names.is_empty() {
        return Err(Unclear::People.into());
    }
    Ok(Named { name: names.join(" "), email })
}

/// The words of a name with an address, without what brackets and separates them.
pub(super) fn words_of(text: &str) -> Vec<&str> {
    let separates = |letter: char| letter.is_whitespace() || "()<>[]\",;:\u{201c}\u{201d}\u{201e}".contains(letter);
    text.split(separates).filter(|word| !word.is_empty() && *word != ".").collect()
}

/// The same words, line by line.
fn in_lines<'t>(words: &[Word<'t>]) -> Vec<Vec<&'t str>> {
    let lines = words.chunk_by(|one, next| one.line == next.line);
    let lines = lines.map(|line| line.iter().map(|word| word.text).filter(|word| !word.trim_matches(MARKS).is_empty()));
    lines.map(Iterator::collect).filter(|line: &Vec<&str>| !line.is_empty()).collect()
}

/// Yes or no, in a line of its own.
fn answer(lines: &[String]) -> Result<Choice, Unclear> {
    let lines = lines.iter().map(|line| line.split(' ').filter(|word| !word.is_empty()).collect());
    let mut lines = lines.filter(|line: &Vec<&str>| !line.is_empty()).peekable();
    if lines.peek().is_some_and(|line| is_greeting(line)) {
        lines.next();
    }
    let said = lines.next().ok_or(Unclear::NoVote)?;
    let choice = answer_of(&said.join(" ")).ok_or(Unclear::NoVote)?;
    if is_ending(&lines.collect::<Vec<_>>()) { Ok(choice) } else { Err(Unclear::More) }
}

/// Yes or no, if a line is just that.
pub(super) fn answer_of(line: &str) -> Option<Choice> {
    match line.trim_matches(MARKS).to_ascii_lowercase().as_str() {
        "i approve" | "approve" | "approved" | "yes" | "i agree" => Some(Choice::Approve),
        "i reject" | "reject" | "rejected" | "no" | "i disagree" => Some(Choice::Reject),
        _ => None,
    }
}

/// `Dear Quorate team,` and the like.
fn is_greeting(line: &[&str]) -> bool {
    const WORDS: [&str; 7] = ["dear", "hello", "hi", "hey", "good", "greetings", "to"];
    const MORE: [&str; 19] = [
        "all",
        "team",
        "everybody",
        "everyone",
        "support",
        "sir",
        "sirs",
        "madam",
        "or",
        "and",
        "there",
        "the",
        "colleagues",
        "morning",
        "afternoon",
        "evening",
        "day",
        "ladies",
        "gentlemen",
    ];
    let Some((first, rest)) = line.split_first() else { return false };
    let plain = |word: &str| word.trim_matches(MARKS).to_ascii_lowercase();
    if line.iter().map(|word| plain(word)).eq(["to", "whom", "it", "may", "concern"]) {
        return true;
    }
    WORDS.contains(&plain(first).as_str())
        && rest.len() <= 4
        && rest.iter().all(|word| MORE.contains(&plain(word).as_str()) || is_name(word))
}

/// A name below the vote, or a farewell, and below that whatever people put there.
fn is_ending(lines: &[Vec<&str>]) -> bool {
    const LONGEST: usize = 20;
    for (at, line) in lines.iter().enumerate() {
        if is_farewell(line) {
            let below = lines.get(at + 1..).unwrap_or_default();
            let after_thought = |line: &Vec<&str>| {
                let first = line.first().map(|word| word.replace('.', "").to_ascii_lowercase());
                first.is_some_and(|word| matches!(word.trim_matches(MARKS), "ps" | "pps"))
            };
            return below.len() <= LONGEST && !below.iter().any(after_thought);
        }
        if line.len() > 4 || !line.iter().all(|word| is_name(word)) {
            return false;
        }
    }
    lines.len() <= 3
}

/// `Kind regards, Kim` and the like.
fn is_farewell(line: &[&str]) -> bool {
    const WORDS: [&str; 17] = [
        "regards",
        "best",
        "kind",
        "kindest",
        "warm",
        "with",
        "wishes",
        "thanks",
        "thank",
        "you",
        "many",
        "sincerely",
        "yours",
        "faithfully",
        "truly",
        "cheers",
        "respectfully",
    ];
    let plain = |word: &&str| word.trim_matches(MARKS).to_ascii_lowercase();
    let farewell = line.iter().take_while(|word| WORDS.contains(&plain(word).as_str())).count();
    let name = line.get(farewell..).unwrap_or_default();
    let sent_from =
        line.first().is_some_and(|word| plain(word) == "sent") && line.get(1).is_some_and(|word| plain(word) == "from");
    sent_from || (farewell > 0 && name.len() <= 4 && name.iter().all(|word| is_name(word)))
}

/// Whether a word is written as names are. It is not meant to know names; it keeps sentences out.
fn is_name(word: &str) -> bool {
    let word = word.trim_matches(MARKS);
    word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '.' | '\'' | '\u{2019}'))
        && !matches!(word.to_ascii_lowercase().as_str(), "not" | "no" | "never" | "i" | "don't" | "wrong" | "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = "The current account owner Olga Orlova (olga@acme.example) is not contactable and therefore Cleo Costa \
                            (cleo@acme.example) should be made the new account owner.";

    fn people(text: &str) -> Result<(String, String), Refused> {
        match read(text)? {
            Said::Replace { owner, nominee } => {
                Ok((format!("{} {}", owner.name, owner.email), format!("{} {}", nominee.name, nominee.email)))
            }
            Said::Answer(choice) => panic!("{choice:?}"),
        }
    }

    fn edited(from: &str, to: &str) -> String {
        assert!(SENTENCE.contains(from), "{from}");
        SENTENCE.replace(from, to)
    }

    #[test]
    fn the_sentence_names_two_people() {
        let right = ("Olga Orlova olga@acme.example".to_owned(), "Cleo Costa cleo@acme.example".to_owned());
        for text in [
            SENTENCE.to_owned(),
            format!("\u{201c}{SENTENCE}\u{201d}\n"),
            format!(
                "Dear Quorate team,\n\n{SENTENCE}\n\nKind regards,\nBen Bauer\nAcme Ltd, 1 Main Street\n+44 20 1234"
            ),
            format!("To whom it may concern:\n{SENTENCE}\nBen"),
            format!("Hello,\n\n{SENTENCE}\n\n-- \nnot a word of this counts"),
            format!("{SENTENCE}\n\nThanks, Ben\n\n> I do not want that"),
            format!("Hi all\n{SENTENCE}\n\nSent from my telephone"),
            edited(" is not contactable", "\nis not\ncontactable").replace(" should", ",\r\nshould"),
            edited("(olga@acme.example)", "<olga@acme.example>").replace("(cleo@acme.example)", "cleo@acme.example"),
            edited("(olga@acme.example)", "(Olga@Acme.example<mailto:olga@acme.example>)"),
            edited("Olga Orlova (olga@acme.example)", "olga@acme.example, Olga Orlova,"),
            SENTENCE.replace("The current", "THE CURRENT"),
        ] {
            assert_eq!(people(&text), Ok(right.clone()), "{text}");
        }
    }

    #[test]
    fn whatever_else_is_in_the_mail_is_no_vote() {
        for text in [
            format!("I do not agree that:\n\n{SENTENCE}"),
            format!("I disagree. {SENTENCE}"),
            format!("Hi, please never do this: {SENTENCE}"),
            format!("{SENTENCE}\n\nThis is what I do not want."),
            format!("{SENTENCE} Not!"),
            format!("{SENTENCE}\nNo"),
            format!("{SENTENCE}\n\nThanks for not doing it"),
            format!("{SENTENCE}\n\nRegards\nBen\n\nP.S. Please do not."),
            format!("Dear all,\nHello Ben,\n{SENTENCE}"),
            format!("Subject: vote\n{SENTENCE}"),
            format!("Dear Ben Bauer Cleo Costa Dora,\n{SENTENCE}"),
            format!("{SENTENCE}\nBen Bauer Cleo Costa Dora"),
            format!("{SENTENCE}\nBen\nBauer\nAcme\nLtd"),
            format!("{SENTENCE}\nRegards Ben Bauer Cleo Costa Dora"),
            format!("{SENTENCE}\nonly tomorrow"),
            format!("{SENTENCE}\nUntil Q4"),
            format!("{SENTENCE}\nBen Bauer\nThis was a draft, and nobody should count it."),
            format!("{SENTENCE}\nRegards\n{}", "Ben\n".repeat(21)),
        ] {
            assert_eq!(people(&text), Err(Unclear::More.into()), "{text}");
        }
        for text in [
            format!("{SENTENCE}\n\n{SENTENCE}"),
            format!("{SENTENCE}\n\nThe current account owner is Olga."),
            format!("{SENTENCE}\n\nShe is not contactable and therefore Ben."),
        ] {
            assert_eq!(people(&text), Err(Unclear::Several.into()), "{text}");
        }
        assert_eq!(
            people(&edited(" should", " should be made the new account owner. Or Ben (b@acme.example) should")),
            Err(Unclear::Several.into())
        );
        assert_eq!(people(&edited("is not contactable", "has left")), Err(Unclear::NoVote.into()));
    }

    #[test]
    fn whoever_is_named_has_one_name_and_one_address() {
        for (from, to, why) in [
            ("(olga@acme.example)", "", Unclear::People.into()),
            ("Olga Orlova", "", Unclear::People.into()),
            ("(cleo@acme.example)", "(cleo@acme.example or cleo@acme.com)", Unclear::People.into()),
            ("(cleo@acme.example)", "(cleo@acme)", Unclear::People.into()),
            ("(cleo@acme.example)", "(cleo@\u{430}cme.example)", Refused::LookAlike),
        ] {
            assert_eq!(people(&edited(from, to)), Err(why), "{to}");
        }
    }

    #[test]
    fn a_name_is_the_same_but_for_capitals() {
        let named = |name: &str, email: &str| Named { name: name.to_owned(), email: email.parse().unwrap() };
        let person = Person {
            id: crate::id::UserId::from_uuid(uuid::Uuid::nil()),
            name: "Zo\u{eb} O'Neil".to_owned(),
            email: "zoe@acme.example".to_owned(),
        };
        for good in ["Zo\u{eb} O'Neil", "ZO\u{cb}  o'neil", "Zoe\u{308} O'Neil"] {
            assert_eq!(named(good, "zoe@acme.example").is(&person, Place::Nominee), Ok(()), "{good}");
        }
        for (name, email) in [
            ("Zoe O'Neil", "zoe@acme.example"),
            ("Zo\u{eb} O'Neil", "zoe@acme.com"),
            ("Z\u{43e}\u{eb} O'Neil", "zoe@acme.example"),
            ("Zo\u{eb}\u{200b} O'Neil", "zoe@acme.example"),
        ] {
            let other = named(name, email).is(&person, Place::Nominee).unwrap_err();
            assert_eq!(other.code(), "names_others", "{name}");
        }
    }

    #[test]
    fn an_answer_is_yes_or_no() {
        for (text, choice) in [
            ("I approve", Choice::Approve),
            ("Hello,\n\nYes.\n\nBen Bauer", Choice::Approve),
            ("APPROVE\n\nOn Monday, Quorate wrote:\n> I reject", Choice::Approve),
            ("I reject!\n\nKind regards, Ben", Choice::Reject),
        ] {
            assert_eq!(read(text), Ok(Said::Answer(choice)), "{text}");
        }
        for (text, why) in [
            ("", Unclear::NoVote),
            ("Who is this?", Unclear::NoVote),
            ("I approve of nothing", Unclear::NoVote),
            ("> I approve", Unclear::NoVote),
            ("I approve\n\nbut only if Olga agrees", Unclear::More),
            ("I approve\nI reject", Unclear::More),
        ] {
            assert_eq!(read(text), Err(why.into()), "{text}");
        }
    }
}
