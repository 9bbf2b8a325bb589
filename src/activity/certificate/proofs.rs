//! What vouches for each ballot of a certificate.

use std::collections::{BTreeMap, BTreeSet};

use super::{check::Wrong, form::Certificate, told::Proof};
use crate::{
    activity::{
        entry::Entry,
        mailed::{Behind, behind},
        personal::MAIL,
    },
    id::UserId,
    recovery::{case::Case, policy::BallotWay},
};

/// What vouches for the ballot that each elector has at the end. Signatures were checked before. Each mail proves the ballot with
/// whose entry it stands, there are no others, and no two came from one address.
///
/// # Errors
/// [`Wrong::Mail`].
pub(super) fn proofs(
    certificate: &Certificate,
    entries: &[Entry],
    case: &Case,
) -> Result<BTreeMap<UserId, Proof>, Wrong> {
    let mut last: BTreeMap<UserId, usize> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let cast = entry.case == Some(case.id()) && entry.kind == "case.ballot_cast";
        last.extend(entry.user.filter(|_| cast).map(|user| (user, at)));
    }
    let (mut proofs, mut senders, mut proving) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    for (user, elector) in &case.electors {
        let Some(ballot) = &elector.ballot else { continue };
        let proof = match ballot.way {
            BallotWay::SignedIn | BallotWay::MailLink => Proof::Service,
            BallotWay::Passkey => Proof::Passkey,
            BallotWay::PlainMail => {
                let at = *last.get(user).ok_or(Wrong::NotCompleted)?;
                let entry = entries.get(at).ok_or(Wrong::NotCompleted)?;
                let mail = certificate.entries.get(at).and_then(|certified| certified.personal.get(MAIL));
                proving.insert(at);
                match behind(case, *user, entry, mail.map(|mail| mail.value.as_str())) {
                    Ok(Behind::Word) => Proof::Service,
                    Ok(Behind::Gone) => Proof::MailGone,
                    Ok(Behind::Mail(proven)) if senders.insert(proven.from.clone()) => Proof::Mail(proven),
                    Ok(Behind::Mail(_)) | Err(_) => return Err(Wrong::Mail(at + 1)),
                }
            }
        };
        proofs.insert(*user, proof);
    }
    let stray = |(at, certified): &(usize, &super::form::Certified)| {
        certified.personal.contains_key(MAIL) && !proving.contains(at)
    };
    match certificate.entries.iter().enumerate().find(stray) {
        Some((at, _)) => Err(Wrong::Mail(at + 1)),
        None => Ok(proofs),
    }
}
