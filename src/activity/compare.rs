//! Compares a case as the log tells it with the case that the tables have, and with what is kept beside its ballots.

use std::collections::{BTreeMap, BTreeSet};

use super::{case::CaseReplay, case_broken::CaseBroken, mailed::Behind};
use crate::{
    id::UserId,
    passkey::ballot::Signature,
    recovery::{case::Case, policy::BallotWay},
};

impl CaseReplay {
    /// Compares with what the tables have: the case, and the signatures of its ballots. Of the mails behind ballots it has been told by then.
    ///
    /// # Errors
    /// [`CaseBroken::Differs`] and [`CaseBroken::NotProven`].
    pub fn compare(&self, stored: &Case, signatures: &BTreeMap<UserId, Signature>) -> Result<(), CaseBroken> {
        let told = &self.case;
        let same = [
            ("other terms", told.terms_hash == stored.terms_hash),
            ("another opener", told.opener == stored.opener),
            ("other ballots", told.electors == stored.electors),
            ("other paper keys", told.redeemed == stored.redeemed),
            ("another word of the nominee", told.accepted_at == stored.accepted_at),
            ("another state", told.state == stored.state),
            ("another number of pauses", told.pauses == stored.pauses),
            ("another extension", told.extension == stored.extension),
        ];
        match same.into_iter().find(|(_, same)| !same) {
            Some((what, _)) => Err(CaseBroken::Differs { what }),
            None if self.signed(signatures) && self.mailed(stored) => Ok(()),
            None => Err(CaseBroken::NotProven),
        }
    }

    /// Whether every ballot that says it is signed has its signature: for these terms, for this choice, and the one that its elector
    /// gave. The key that a signature is checked with stands beside it, so anybody's would pass; whose it is stands in the log.
    fn signed(&self, kept: &BTreeMap<UserId, Signature>) -> bool {
        self.case.ballots_of(BallotWay::Passkey).all(|(user, choice)| {
            let checked = kept.get(&user).and_then(|signature| signature.verify(self.case.terms_hash, choice).ok());
            checked.is_some_and(|signed| self.evidence(user) == Some(signed.evidence()))
        })
    }

    /// Whether every ballot that came in a mail is the one that the mail proves, where one was kept, and no two came from one sender.
    fn mailed(&self, stored: &Case) -> bool {
        let mut senders = BTreeSet::new();
        self.case.ballots_of(BallotWay::PlainMail).all(|(user, _)| match self.mailed.get(&user) {
            Some(Ok(Behind::Word)) => true,
            // It is erased when the case has ended, and not before.
            Some(Ok(Behind::Gone)) => stored.state.is_final(),
            Some(Ok(Behind::Mail(proven))) => senders.insert(&proven.from),
            Some(Err(_)) | None => false,
        })
    }
}
