//! What paper keys and whom they name can do to a case. Part of [`super::decide`].

use super::{
    case::{Redeemed, Rejection},
    decide::Work,
    event::Event,
    quorum::Count,
    redeem::KeyAndMailbox,
    refusal::Refusal,
    terms::{Route, TermsHash},
};
use crate::id::{RecoveryUserId, UserId};

impl Work<'_> {
    /// Takes the paper key of one more recovery user. Whatever is refused here leaves the key as good as it was.
    pub(super) fn redeem(&mut self, by: RecoveryUserId, shown: KeyAndMailbox, terms: TermsHash) -> Result<(), Refusal> {
        self.require_keys()?;
        // INVARIANT 18: both proofs are theirs.
        if shown.by() != by {
            return Err(Refusal::OnlyRecoveryUsers);
        }
        if self.window_has_passed() {
            return Err(Refusal::CaseEnded { state: "expired" });
        }
        if self.around.redeemer.is_some_and(|member| self.around.owners.contains(&member)) {
            return Err(Refusal::RedeemerIsOwner);
        }
        if terms != self.case.terms_hash {
            return Err(Refusal::TermsDiffer { in_force: self.case.terms_hash });
        }
        if self.case.redeemed.contains_key(&by) {
            return Err(Refusal::AlreadyRedeemed);
        }
        if let Some(case) = self.around.redeemed_elsewhere {
            return Err(Refusal::RedeemedElsewhere { case });
        }
        if Count::of(&self.case).keys >= self.case.terms.keys_required() {
            return Err(Refusal::NoKeyNeeded);
        }
        let redeemed = Redeemed { key: shown.key(), at: self.now, member: self.around.redeemer, lost_at: None };
        self.case.redeemed.insert(by, redeemed);
        // Their own ballot adds nothing any more. Rather than ending the case with it, they keep their key.
        let Count { approvals, open, .. } = Count::of(&self.case);
        if approvals + open < self.case.terms.required {
            let (countable, required) = (approvals + open, self.case.terms.required);
            return Err(Refusal::OutOfReach { countable, required, from: None });
        }
        self.events.push(Event::KeyRedeemed { by, key: shown.key() });
        self.settle();
        Ok(())
    }

    pub(super) fn lose_key(&mut self, of: RecoveryUserId, by: UserId) -> Result<(), Refusal> {
        if !self.around.owners.contains(&by) {
            return Err(Refusal::NotAnOwner);
        }
        let Some(redeemed) = self.case.redeemed.get_mut(&of) else { return Ok(()) };
        if redeemed.lost_at.is_none() {
            redeemed.lost_at = Some(self.now);
            self.events.push(Event::KeyLost { of });
            self.settle();
        }
        Ok(())
    }

    pub(super) fn accept(&mut self, nominee: UserId) -> Result<(), Refusal> {
        self.require_nominee(nominee)?;
        if self.window_has_passed() {
            return Err(Refusal::CaseEnded { state: "expired" });
        }
        if self.case.accepted_at.is_none() {
            self.case.accepted_at = Some(self.now);
            self.events.push(Event::Accepted);
            self.settle();
        }
        Ok(())
    }

    /// Nobody is made owner against their will.
    pub(super) fn decline(&mut self, nominee: UserId) -> Result<(), Refusal> {
        self.require_nominee(nominee)?;
        self.reject(Rejection::Declined);
        Ok(())
    }

    fn require_nominee(&self, user: UserId) -> Result<(), Refusal> {
        self.require_keys()?;
        if user == self.case.terms.nominee.id { Ok(()) } else { Err(Refusal::NotTheNominee) }
    }

    const fn require_keys(&self) -> Result<(), Refusal> {
        match self.case.terms.route {
            Route::Vote => Err(Refusal::DecidedByVote),
            Route::Keys => Ok(()),
        }
    }
}
