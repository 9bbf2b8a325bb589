//! What a case that paper keys opened has of what it takes: the keys, and the word of whom they name.

use super::drawing::shape;
use crate::{
    app::view::dossier::Dossier,
    mail::plain_text,
    moment::Moment,
    recovery::{quorum::Weight, terms::Route},
    web::recover::done::tally,
};

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysWords {
    /// What is there, and what is needed.
    pub told: String,
    /// Who has done their part, and whose is missing.
    pub parts: Vec<Part>,
}

/// Somebody's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Their name.
    pub name: String,
    /// What they did, or have not done.
    pub words: &'static str,
    /// The shape of their mark.
    pub shape: &'static str,
    /// When they did it.
    pub at: Option<Moment>,
}

/// How far a case that paper keys opened has come; nothing where the case is voted on alone.
#[must_use]
pub fn keys(dossier: &Dossier) -> Option<KeysWords> {
    let case = &dossier.case;
    match case.terms.route {
        Route::Vote => return None,
        Route::Keys => {}
    }
    let mut parts: Vec<Part> = case
        .redeemed
        .iter()
        .map(|(by, redeemed)| Part {
            name: dossier.redeemers.get(by).map_or_else(String::new, |name| plain_text::name(name)),
            words: match redeemed.lost_at {
                None => "used a paper key",
                Some(_) => "was removed by an owner; their key counts no more",
            },
            shape: shape(if redeemed.lost_at.is_none() { Weight::Approves } else { Weight::Lost }),
            at: Some(redeemed.at),
        })
        .collect();
    parts.sort_by_key(|part| part.at);
    parts.push(Part {
        name: plain_text::name(&case.terms.nominee.name),
        words: match case.accepted_at {
            Some(_) => "would become owner",
            None => "has not said yet whether they would become owner",
        },
        shape: shape(if case.accepted_at.is_some() { Weight::Approves } else { Weight::Open }),
        at: case.accepted_at,
    });
    Some(KeysWords { told: tally(&dossier.view), parts })
}
