//! What a text that is kept as a proof says, by the few rules that `docs/certificate.md` specifies. The gate (`vote.rs`) asks for more
//! before a mail counts; whoever checks a proof later reads for themselves what else stands in it.

use super::vote::{MARKS, OWNER_IS, SHOULD_BE, THEREFORE, Word, answer_of, find, plain_name, words_of};
use crate::recovery::{ballot::Choice, terms::Person};

/// A text, as it is read.
#[derive(Debug)]
pub struct Reading<'t> {
    /// Its own lines, word by word.
    lines: Vec<Vec<&'t str>>,
}

/// Whom a text names.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    name: String,
    addresses: Vec<String>,
}

impl Named {
    /// Whether it is that person: nobody else's address, and their name but for capitals.
    #[must_use]
    pub fn is(&self, person: &Person) -> bool {
        !self.addresses.is_empty()
            && self.addresses.iter().all(|address| *address == person.email)
            && self.name == plain_name(&person.name)
    }
}

impl<'t> Reading<'t> {
    /// Without lines that quote, and without empty ones.
    pub fn of(text: &'t str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>());
        let own = |line: &Vec<&str>| line.first().is_some_and(|word| !word.starts_with('>'));
        Self { lines: lines.filter(own).collect() }
    }

    /// Its lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.iter().map(|line| line.join(" ")).collect()
    }

    /// The owner and the nominee whom the sentence names, where nothing but a greeting stands in front of it.
    #[must_use]
    pub fn people(&self) -> Option<(Named, Named)> {
        let words =
            || self.lines.iter().enumerate().flat_map(|(line, words)| words.iter().map(move |text| (line, *text)));
        let words: Vec<Word<'_>> = words().map(|(line, text)| Word { line, text }).collect();
        let start = find(&words, 0, &OWNER_IS)?;
        let owner_at = start + OWNER_IS.len();
        let middle = find(&words, owner_at, &THEREFORE)?;
        let nominee_at = middle + THEREFORE.len();
        let end = find(&words, nominee_at, &SHOULD_BE)?;
        let before: Vec<&Word<'_>> =
            words.get(..start)?.iter().filter(|word| !word.text.trim_matches(MARKS).is_empty()).collect();
        let one_line = before.iter().all(|word| Some(word.line) == before.first().map(|first| first.line));
        let texts: Vec<&str> = before.iter().map(|word| word.text).collect();
        let fine = texts.is_empty() || one_line && greets(&texts);
        fine.then_some((named(words.get(owner_at..middle)?), named(words.get(nominee_at..end)?)))
    }

    /// Yes or no in the first line, or in the second below a greeting.
    #[must_use]
    pub fn answer(&self) -> Option<Choice> {
        let first = self.lines.first()?;
        let said = if greets(first) { self.lines.get(1)? } else { first };
        answer_of(&said.join(" "))
    }
}

/// `Dear Quorate team,` and the like: one of few words at the beginning, and not many behind it.
fn greets(line: &[&str]) -> bool {
    const FIRST: [&str; 7] = ["dear", "hello", "hi", "hey", "good", "greetings", "to"];
    let first = line.first().map(|word| word.trim_matches(MARKS).to_ascii_lowercase());
    line.len() <= 5 && first.is_some_and(|word| FIRST.contains(&word.as_str()))
}

fn named(words: &[Word<'_>]) -> Named {
    let text: Vec<&str> = words.iter().map(|word| word.text).collect();
    let text = text.join(" ");
    let (mut names, mut addresses) = (Vec::new(), Vec::new());
    for word in words_of(&text) {
        if word.contains('@') {
            addresses.push(word.trim_matches('.').to_ascii_lowercase());
        } else if word != "mailto" {
            names.push(word);
        }
    }
    Named { name: plain_name(&names.join(" ")), addresses }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, email: &str) -> Person {
        Person {
            id: "user_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
            name: name.to_owned(),
            email: email.to_owned(),
        }
    }

    const SENTENCE: &str = "The current account owner Zo\u{eb} O'Neil (zoe@acme.example) is not contactable and therefore Cleo Costa \
                            (cleo@acme.example) should be made the new account owner.";

    #[test]
    fn the_sentence_names_two_people() {
        let (zoe, cleo) = (person("Zo\u{eb} O'Neil", "zoe@acme.example"), person("Cleo Costa", "cleo@acme.example"));
        for text in [
            SENTENCE.to_owned(),
            format!("Dear Quorate team,\r\n\r\n\u{201c}{SENTENCE}\u{201d}\r\n\r\nRegards\r\nBen"),
            format!("> {SENTENCE}\nHi all\n{SENTENCE}"),
            SENTENCE.replace(' ', "\n"),
            SENTENCE.replace("(cleo@acme.example)", "<mailto:Cleo@Acme.example> cleo@acme.example"),
            SENTENCE.replace("Zo\u{eb}", "ZOE\u{308}"),
        ] {
            let (owner, nominee) = Reading::of(&text).people().unwrap();
            assert!(owner.is(&zoe) && nominee.is(&cleo), "{text}");
            assert!(!owner.is(&cleo) && !nominee.is(&zoe), "{text}");
            assert!(!owner.is(&person("Zo\u{eb} O'Neil", "zo@acme.example")), "{text}");
            assert!(!owner.is(&person("Zo\u{eb}", "zoe@acme.example")), "{text}");
        }
        let two = SENTENCE.replace("(cleo@acme.example)", "cleo@acme.example eve@acme.example");
        assert!(!Reading::of(&two).people().unwrap().1.is(&cleo), "of two addresses neither is meant");
        let none = SENTENCE.replace("(cleo@acme.example)", "");
        assert!(!Reading::of(&none).people().unwrap().1.is(&cleo));
    }

    #[test]
    fn what_is_quoted_or_explained_says_nothing() {
        for text in [
            format!("> {SENTENCE}"),
            format!("I do not want that: {SENTENCE}"),
            format!("Dear all,\nhello Ben,\n{SENTENCE}"),
            format!("Dear all, what do you think of this? {SENTENCE}"),
            SENTENCE.replace("not contactable", "contactable"),
        ] {
            assert_eq!(Reading::of(&text).people(), None, "{text}");
        }
    }

    #[test]
    fn an_answer_stands_at_the_top() {
        for (text, choice) in [
            ("I approve", Some(Choice::Approve)),
            ("\u{feff}\r\n Hello Quorate,\r\n\r\n\u{201c}YES!\u{201d}\r\nBen", Some(Choice::Approve)),
            ("> I approve\nno", Some(Choice::Reject)),
            ("Well\nI approve", None),
            ("I do not approve", None),
            ("Hello", None),
            ("", None),
        ] {
            assert_eq!(Reading::of(text).answer(), choice, "{text}");
        }
    }
}
