//! How mails write people, moments, lengths of time and amounts.

use jiff::SignedDuration;

use super::{
    facts::{Actor, Person},
    plain_text,
};
use crate::{moment::Moment, zone::Zone};

/// `Ada Example <ada@example.org>`: the name can be anything, the address is confirmed.
#[must_use]
pub fn person(who: &Person) -> String {
    format!("{} <{}>", plain_text::name(&who.name), plain_text::address(&who.address))
}

/// Several people, `A, B and C`.
#[must_use]
pub fn people(all: &[Person]) -> String {
    let each: Vec<String> = all.iter().map(person).collect();
    match each.split_last() {
        None => "nobody".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Who did it, as the subject of a sentence about `concerned`.
pub(super) fn actor(by: &Actor, concerned: &Person) -> String {
    match by {
        Actor::Person(who) => person(who),
        Actor::Themselves => person(concerned),
        Actor::Platform { token } => format!("the connected product (token {})", plain_text::name(token)),
        Actor::Operator => "the operator of this service".to_owned(),
    }
}

/// Who did it, where nobody else is concerned. Then they are never named as the one concerned.
pub(super) fn actor_alone(by: &Actor) -> String {
    match by {
        Actor::Person(who) => person(who),
        Actor::Themselves => "one of its owners".to_owned(),
        Actor::Platform { token } => format!("the connected product (token {})", plain_text::name(token)),
        Actor::Operator => "the operator of this service".to_owned(),
    }
}

/// `Sunday 22 November 2026, 14:05 UTC`, for readers of whom no zone is known.
#[must_use]
pub fn when(moment: Moment) -> String {
    Zone::default().when(moment)
}

/// `3 days`, `36 hours`, `90 seconds`: in the largest unit that loses nothing.
#[must_use]
pub fn length(time: SignedDuration) -> String {
    let seconds = time.as_secs().max(0);
    for (unit, name) in [(86_400, "day"), (3_600, "hour"), (60, "minute")] {
        if seconds >= unit && seconds % unit == 0 {
            return count(seconds / unit, name);
        }
    }
    count(seconds, "second")
}

/// `1 approval`, `3 approvals`.
#[must_use]
pub fn count(amount: i64, thing: &str) -> String {
    if amount == 1 { format!("1 {thing}") } else { format!("{amount} {thing}s") }
}

/// The same sentence, beginning with a capital.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_time_for_people() {
        let moment: Moment = "2026-11-22T14:05:09.5Z".parse().unwrap();
        assert_eq!(when(moment), "Sunday 22 November 2026, 14:05 UTC");
        for (hours, wanted) in [(72, "3 days"), (36, "36 hours"), (24, "1 day"), (0, "0 seconds")] {
            assert_eq!(length(SignedDuration::from_hours(hours)), wanted);
        }
        assert_eq!(length(SignedDuration::from_secs(90)), "90 seconds");
        assert_eq!(length(SignedDuration::from_secs(60)), "1 minute");
    }

    #[test]
    fn lists_people() {
        let who = |name: &str| Person { name: name.to_owned(), address: "a@example.org".to_owned() };
        assert_eq!(
            people(&[who("A"), who("B"), who("C")]),
            "A <a@example.org>, B <a@example.org> and C <a@example.org>"
        );
        assert_eq!(people(&[]), "nobody");
    }
}
