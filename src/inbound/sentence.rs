//! The sentence by which an administrator votes in a mail of their own, as a page gives it to them.

use super::{
    refused::Place,
    vote::{Said, read},
};
use crate::recovery::terms::Person;

/// The form of the sentence, without anybody's name.
pub const FORM: &str = "The current account owner NAME (ADDRESS) is not contactable and therefore NAME (ADDRESS) should be made the \
                        new account owner.";

/// The sentence about these two, if a mail that says just that would be read as just that: names can hold anything.
#[must_use]
pub fn sentence(owner: &Person, nominee: &Person) -> Option<String> {
    let text = format!(
        "The current account owner {} ({}) is not contactable and therefore {} ({}) should be made the new account owner.",
        owner.name, owner.email, nominee.name, nominee.email
    );
    match read(&text) {
        Ok(Said::Replace { owner: first, nominee: second }) => {
            let same = first.is(owner, Place::Owner).and_then(|()| second.is(nominee, Place::Nominee));
            same.is_ok().then_some(text)
        }
        Ok(Said::Answer(_)) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_count_is_given() {
        let named = |name: &str, email: &str| Person {
            id: "user_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
            name: name.to_owned(),
            email: email.to_owned(),
        };
        let nominee = named("Cleo Costa", "cleo@acme.example");
        let olga = sentence(&named("Olga Orlova", "olga@acme.example"), &nominee).unwrap();
        assert_eq!(
            olga,
            FORM.replacen("NAME", "Olga Orlova", 1)
                .replacen("ADDRESS", "olga@acme.example", 1)
                .replacen("NAME", "Cleo Costa", 1)
                .replacen("ADDRESS", "cleo@acme.example", 1)
        );
        assert!(sentence(&named("O'Neil-Żak (Olga)", "olga@acme.example"), &nominee).is_some());
        for name in ["", "olga@acme.example", "O is not contactable and therefore P", "eve@evil.example"] {
            assert_eq!(sentence(&named(name, "olga@evil.example"), &nominee), None, "{name}");
        }
    }
}
