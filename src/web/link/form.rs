//! What the pages of a link send: the token, or a code in its place, and the answer.

use serde::Deserialize;

use crate::{
    app::{
        error::{Access, Error},
        link_code::Proof,
        redeem::Answer,
    },
    id::{CaseId, TransferId},
    recovery::ballot::Choice,
    web::{case::vote::hash, problem::Problem},
};

/// A form's fields.
#[derive(Deserialize)]
pub struct Sent {
    token: Option<String>,
    code: Option<String>,
    choice: Option<Choice>,
    terms_hash: Option<String>,
    /// The offer of ownership that the page showed.
    offer: Option<TransferId>,
    answer: Option<OfferAnswer>,
    /// What the page asked, where it asked for one of two answers.
    nomination: Option<CaseId>,
}

/// What somebody says to an offer of ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OfferAnswer {
    Accept,
    Decline,
}

/// What a page hands on to the next one, so that nobody proves the same twice.
pub struct Carried {
    /// The field's name.
    pub name: &'static str,
    /// The token or the code.
    pub value: String,
}

impl Sent {
    /// The token or the code.
    ///
    /// # Errors
    /// A link without either is dead.
    pub fn proof(&self) -> Result<Proof, Problem> {
        match (&self.token, &self.code) {
            (Some(token), _) => Ok(Proof::Token(token.clone())),
            (None, Some(code)) => Ok(Proof::Code(code.clone())),
            (None, None) => Err(Error::from(Access::DeadLink).into()),
        }
    }

    /// The same, for the next page.
    #[must_use]
    pub fn carried(&self) -> Carried {
        match (&self.token, &self.code) {
            (Some(token), _) => Carried { name: "token", value: token.clone() },
            (None, code) => Carried { name: "code", value: code.clone().unwrap_or_default() },
        }
    }

    /// The offer of ownership that they would accept, for which they sign in.
    #[must_use]
    pub fn accepted(&self) -> Option<TransferId> {
        self.offer.filter(|_| self.answer == Some(OfferAnswer::Accept))
    }

    /// What the person says.
    ///
    /// # Errors
    /// When a ballot has no choice, or an offer no answer.
    pub fn answer(&self) -> Result<Answer, Problem> {
        match (self.answer, self.offer.is_some() || self.nomination.is_some()) {
            (Some(OfferAnswer::Accept), _) => return Ok(Answer::Confirm),
            (Some(OfferAnswer::Decline), _) => return Ok(Answer::Decline),
            // Silence is no acceptance, also in a browser that does not insist on an answer.
            (None, true) => {
                return Err(Error::invalid("/answer", "go back and choose one of the two answers").into());
            }
            (None, false) => {}
        }
        match (self.choice, &self.terms_hash) {
            (Some(choice), Some(terms)) => Ok(Answer::Vote { choice, terms_hash: hash("/terms_hash", terms)? }),
            (None, Some(_)) => Err(Error::invalid("/choice", "go back and choose one of the two answers").into()),
            (_, None) => Ok(Answer::Confirm),
        }
    }
}
