//! Looks up the keys that domains publish for the signatures of their mails. Only that waits for anything; what a signature must
//! be, whether it is right, and what its being right means, is decided in `crate::inbound`.

use crate::{
    dns::{Dns, Found},
    inbound::{
        key::{NoKey, Record},
        letter::Letter,
        sender::{Candidate, Outcome},
        signature::Signature,
        verify::outcome,
    },
};

/// What came of the signatures of a letter.
#[derive(Debug, Clone)]
pub struct Checked<'c, 'm> {
    /// What came of each, in their order.
    pub outcomes: Vec<Outcome>,
    /// The one that is right, with the record of its key.
    pub by: Option<(&'c Signature<'m>, Record)>,
}

/// What comes of each of these signatures of a letter, in their order, up to one that is right.
pub async fn check<'c, 'm>(dns: &Dns, letter: &Letter<'m>, candidates: &'c [Candidate<'m>]) -> Checked<'c, 'm> {
    let mut checked = Checked { outcomes: Vec::with_capacity(candidates.len()), by: None };
    for Candidate { signature } in candidates {
        let texts = match dns.texts(&signature.key_name()).await {
            Found::Texts(texts) => texts,
            Found::Nothing => {
                checked.outcomes.push(Outcome::NoKey(NoKey::Missing));
                continue;
            }
            Found::Silent => {
                checked.outcomes.push(Outcome::Unknown);
                continue;
            }
        };
        let outcome = outcome(letter.header(), signature, &texts);
        checked.outcomes.push(outcome);
        if outcome == Outcome::Right {
            checked.by = Record::find(&texts, signature).ok().map(|record| (signature, record));
            break;
        }
    }
    checked
}
