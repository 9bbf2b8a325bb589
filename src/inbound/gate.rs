//! The gate: a mail that gets through is its sender's own word, written today, to us; and as a ballot it names exactly the people
//! of the case.

use jiff::SignedDuration;

use super::{
    letter::Letter,
    refused::{Place, Refused, Unclear},
    sender::{CLOCKS_DIFFER, Sender},
    vote::{self, Said},
};
use crate::{
    hash::Hash,
    moment::Moment,
    ownership::address::Email,
    recovery::{
        ballot::Choice,
        terms::{Kind, Person},
    },
};

/// How old a mail may be.
pub const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// A mail that got through the gate.
///
/// INVARIANT 39: only [`Mailed::new`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailed {
    sender: Sender,
    written_at: Moment,
    fingerprint: Hash,
    token: Option<String>,
    said: Said,
}

/// What a mail asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks<'a> {
    /// Something in the case that the address was made for to which it was written.
    InCaseOf(&'a str),
    /// That the one be replaced by the other.
    ToReplace {
        /// Who owns the account.
        owner: &'a Email,
        /// Who should.
        nominee: &'a Email,
    },
}

/// What a case is about, as far as a mail has to name it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// What it does to the incumbents.
    pub kind: Kind,
    /// The incumbents.
    pub owners: &'a [Person],
    /// Who would be owner.
    pub nominee: &'a Person,
    /// When it was opened; nothing where it is only now.
    pub opened_at: Option<Moment>,
}

/// A ballot out of a mail, for the case whose people the mail names.
///
/// INVARIANT 39: only [`Mailed::ballot`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailedBallot(Choice);

impl MailedBallot {
    /// The choice.
    #[must_use]
    pub const fn choice(self) -> Choice {
        self.0
    }
}

impl Mailed {
    /// Lets a mail through, or says why not. `address` is where such mails are to go.
    ///
    /// # Errors
    /// Why it does not count, whatever it is about.
    pub fn new(sender: Sender, letter: &Letter<'_>, address: &Email, now: Moment) -> Result<Self, Refused> {
        let token = token(letter, address)?;
        let written_at = letter.written_at();
        if written_at.after(FRESH) <= now {
            return Err(Refused::TooOld { written_at });
        }
        if written_at > now.after(CLOCKS_DIFFER) {
            return Err(Refused::FromTheFuture { written_at });
        }
        let said = vote::read(letter.words())?;
        if token.is_none() && matches!(said, Said::Answer(_)) {
            return Err(Unclear::ToWhat.into());
        }
        Ok(Self { sender, written_at, fingerprint: letter.fingerprint(), token, said })
    }

    /// Who wrote it.
    #[must_use]
    pub const fn sender(&self) -> &Email {
        self.sender.email()
    }

    /// What makes it this mail.
    #[must_use]
    pub const fn fingerprint(&self) -> Hash {
        self.fingerprint
    }

    /// What it asks for.
    #[must_use]
    pub fn asks(&self) -> Asks<'_> {
        match (&self.token, &self.said) {
            (Some(token), _) => Asks::InCaseOf(token),
            (None, Said::Replace { owner, nominee }) => {
                Asks::ToReplace { owner: owner.email(), nominee: nominee.email() }
            }
            // Kept out by `new`. An empty token is nobody's.
            (None, Said::Answer(_)) => Asks::InCaseOf(""),
        }
    }

    /// The ballot in a case, if the mail names exactly its people.
    ///
    /// # Errors
    /// Whom it names instead, or that it is older than the case.
    pub fn ballot(&self, about: About<'_>) -> Result<MailedBallot, Refused> {
        let About { kind, owners, nominee: proposed, opened_at } = about;
        if let Some(opened_at) = opened_at.filter(|opened_at| whole_second(*opened_at) > self.written_at) {
            return Err(Refused::BeforeTheCase { opened_at });
        }
        match &self.said {
            Said::Answer(choice) => Ok(MailedBallot(*choice)),
            Said::Replace { owner, nominee } => {
                match (kind, owners) {
                    (Kind::Replace, [only]) => owner.is(only, Place::Owner)?,
                    (Kind::Replace | Kind::Add, _) => {
                        let all: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
                        let (named, place) = (owner.email().to_string(), Place::Owner);
                        return Err(Refused::NamesOthers { named, place, right: all.join(", ") });
                    }
                }
                nominee.is(proposed, Place::Nominee)?;
                Ok(MailedBallot(Choice::Approve))
            }
        }
    }
}

/// Dates of mails know no fractions of a second.
pub(super) const fn whole_second(moment: Moment) -> Moment {
    Moment::from_micros(moment.micros() - moment.micros().rem_euclid(1_000_000))
}

/// The part of the address behind the plus to which a mail was written; nothing where it was written to the plain address.
fn token(letter: &Letter<'_>, address: &Email) -> Result<Option<String>, Refused> {
    let (local, domain) = address.as_str().split_once('@').unwrap_or_default();
    let ours = letter.to().iter().filter_map(|to| {
        let (name, place) = to.as_str().split_once('@')?;
        let rest = name.strip_prefix(local).filter(|_| place == domain)?;
        match rest.strip_prefix('+') {
            Some(token) => Some(Some(token.to_owned())),
            None if rest.is_empty() => Some(None),
            None => None,
        }
    });
    let ours: Vec<Option<String>> = ours.collect();
    if ours.is_empty() {
        return Err(Refused::NotToUs { to: address.clone() });
    }
    let mut tokens = ours.into_iter().flatten();
    match (tokens.next(), tokens.next()) {
        (token, None) => Ok(token),
        (_, Some(_)) => Err(Unclear::Several.into()),
    }
}
