//! The mail behind a ballot: whether what is kept of it proves the ballot that its entry records.

use super::{entry::Entry, personal::MAIL};
use crate::{
    id::UserId,
    inbound::kept::{CHECKED, Claim, Kept, Proven},
    recovery::case::Case,
};

/// What stands behind a ballot by plain mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behind {
    /// The service's word: no mail was kept.
    Word,
    /// A mail was kept, and is not here: it was erased, or left out.
    Gone,
    /// The mail.
    Mail(Box<Proven>),
}

/// A mail does not prove the ballot with whose entry it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotProven;

/// What stands behind the ballot of an elector of a case, whose last one was recorded by that entry. `mail` is what is there of the
/// mail; that it is the one that was recorded is for the caller to know.
///
/// # Errors
/// [`NotProven`].
pub fn behind(case: &Case, elector: UserId, entry: &Entry, mail: Option<&str>) -> Result<Behind, NotProven> {
    let ballot = case.electors.get(&elector).and_then(|elector| elector.ballot.as_ref()).ok_or(NotProven)?;
    let checked = match (entry.data.get(CHECKED), entry.personal.get(MAIL)) {
        (None, None) => return if mail.is_none() { Ok(Behind::Word) } else { Err(NotProven) },
        (Some(checked), Some(_)) => serde_json::from_value(checked.clone()).map_err(|_| NotProven)?,
        (Some(_), None) | (None, Some(_)) => return Err(NotProven),
    };
    let Some(mail) = mail else { return Ok(Behind::Gone) };
    let claim = Claim { terms: &case.terms, opener: case.opener, elector, choice: ballot.choice, at: entry.at };
    let proven = Kept::read(mail, checked).and_then(|kept| kept.proves(claim)).ok_or(NotProven)?;
    Ok(Behind::Mail(Box::new(proven)))
}
