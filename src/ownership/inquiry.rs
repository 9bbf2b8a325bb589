//! Who may ask whether somebody has a permission, and what they are told about people and accounts that they may not
//! know of.

use super::{
    access::{Decision, Place, WhyNot, decide},
    member::Member,
    refusal::Refusal,
};
use crate::id::UserId;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A token that may ask about everybody.
    AboutEverybody,
    /// A person, or a token that speaks for one: they ask about themselves.
    AboutThemselves(UserId),
}

/// What is known of whom and what was asked about.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The person, if there is one.
    pub subject: Option<UserId>,
    /// Their place in the account.
    pub member: Option<&'a Member>,
    /// The account, if there is one.
    pub place: Option<Place<'a>>,
}

/// Checks that whoever asks may ask about that person, whether or not there is such a person.
///
/// # Errors
/// [`Refusal::AboutYourselfOnly`] for people who ask about others.
pub fn may_ask(asker: Asker, subject: Option<UserId>) -> Result<(), Refusal> {
    match asker {
        Asker::AboutEverybody => Ok(()),
        Asker::AboutThemselves(user) if subject == Some(user) => Ok(()),
        Asker::AboutThemselves(_) => Err(Refusal::AboutYourselfOnly),
    }
}

/// Answers whether somebody has a permission. A person is told the same of an account of which they are no member as of
/// one that does not exist: not even which permissions there are.
///
/// # Errors
/// As [`may_ask`].
pub fn answer(asker: Asker, permission: &str, found: Found<'_>) -> Result<Decision, Refusal> {
    may_ask(asker, found.subject)?;
    Ok(match (asker, found.subject, found.place, found.member) {
        (Asker::AboutThemselves(_), _, Some(place), Some(member)) => decide(permission, Some(member), place),
        (Asker::AboutThemselves(_), _, _, _) => Decision::Deny(WhyNot::NotAMember),
        (Asker::AboutEverybody, None, _, _) => Decision::Deny(WhyNot::UnknownSubject),
        (Asker::AboutEverybody, Some(_), None, _) => Decision::Deny(WhyNot::UnknownResource),
        (Asker::AboutEverybody, Some(_), Some(place), member) => decide(permission, member, place),
    })
}
