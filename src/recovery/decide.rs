//! The state machine: what an action makes of a case, or why it is refused.
//!
//! Pure: the same case, surroundings, action, actor and moment always give the same answer. Nothing here trusts the
//! caller with a rule; whoever can call [`decide`] can do no more than the rules allow.

use super::{
    action::{Action, Actor, Arrival, Fitness, Place, Surroundings},
    ballot::{Ballot, Choice},
    case::{Case, Extension, Rejection, State},
    event::{Event, NoticeGiven},
    proof::FreshProof,
    quorum::{Count, Quorum},
    refusal::Refusal,
    terms::TermsHash,
};
use crate::{
    id::{RecoveryUserId, UserId},
    moment::Moment,
};

/// What an action made of a case. Without events, nothing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The case afterwards.
    pub case: Case,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// Decides an action on a case.
///
/// # Errors
/// The reason why it is refused; the case stays as it was.
pub fn decide(
    case: &Case,
    around: &Surroundings,
    action: Action,
    actor: Actor,
    now: Moment,
) -> Result<Decision, Refusal> {
    let mut work = Work { case: case.clone(), around, now, events: Vec::new() };
    if case.state.is_final() {
        // INVARIANT 22: final states are final. Time passing, or a lost ballot, is no news to them.
        return match action {
            Action::Tick | Action::Lose { .. } | Action::LoseKey { .. } | Action::Supersede => Ok(work.done()),
            Action::Cast { .. }
            | Action::TakeBack
            | Action::Redeem { .. }
            | Action::Accept
            | Action::Decline
            | Action::Pause
            | Action::Veto { .. }
            | Action::Withdraw => Err(Refusal::CaseEnded { state: case.state.word() }),
        };
    }
    match action {
        Action::Cast { choice, terms_hash, arrival } => work.cast(person(actor)?, choice, terms_hash, arrival)?,
        Action::TakeBack => work.take_back(person(actor)?)?,
        Action::Lose { elector } => work.lose(elector, person(actor)?)?,
        Action::Redeem { shown, terms_hash } => work.redeem(recovery_user(actor)?, shown, terms_hash)?,
        Action::LoseKey { of } => work.lose_key(of, person(actor)?)?,
        Action::Accept => work.accept(person(actor)?)?,
        Action::Decline => work.decline(person(actor)?)?,
        Action::Pause => work.pause(person(actor)?)?,
        Action::Veto { proof } => work.veto(person(actor)?, proof)?,
        Action::Withdraw => work.withdraw(person(actor)?)?,
        Action::Supersede => service(actor).map(|()| work.reject(Rejection::Superseded))?,
        Action::Tick => service(actor).map(|()| work.tick())?,
    }
    Ok(work.done())
}

const fn person(actor: Actor) -> Result<UserId, Refusal> {
    match actor {
        Actor::Person(user) => Ok(user),
        Actor::RecoveryUser(_) | Actor::Service => Err(Refusal::OnlyPeople),
    }
}

const fn recovery_user(actor: Actor) -> Result<RecoveryUserId, Refusal> {
    match actor {
        Actor::RecoveryUser(user) => Ok(user),
        Actor::Person(_) | Actor::Service => Err(Refusal::OnlyRecoveryUsers),
    }
}

const fn service(actor: Actor) -> Result<(), Refusal> {
    match actor {
        Actor::Person(_) | Actor::RecoveryUser(_) => Err(Refusal::OnlyTheService),
        Actor::Service => Ok(()),
    }
}

pub(super) struct Work<'a> {
    pub(super) case: Case,
    pub(super) around: &'a Surroundings,
    pub(super) now: Moment,
    pub(super) events: Vec<Event>,
}

impl Work<'_> {
    fn done(self) -> Decision {
        Decision { case: self.case, events: self.events }
    }

    fn cast(&mut self, voter: UserId, choice: Choice, shown: TermsHash, arrival: Arrival) -> Result<(), Refusal> {
        if self.window_has_passed() {
            return Err(Refusal::CaseEnded { state: "expired" });
        }
        let elector = self.case.electors.get_mut(&voter).ok_or(Refusal::NotAnElector(self.around.actor_standing))?;
        if elector.lost_at.is_some() {
            return Err(Refusal::BallotLost);
        }
        let way = arrival.way();
        if !self.case.terms.policy.takes(way) {
            return Err(Refusal::WayNotAllowed { way });
        }
        match (arrival, self.case.terms.signed_in_only.get(&voter)) {
            (Arrival::MailLink | Arrival::PlainMail, Some(changed)) => {
                return Err(Refusal::AddressTooNew { changed: *changed });
            }
            (Arrival::MailLink | Arrival::PlainMail, None) => {}
            (Arrival::SignedIn { proof } | Arrival::Signed { proof, .. }, _) => {
                proof.in_case(self.case.terms.opened_at)?;
            }
        }
        if shown != self.case.terms_hash {
            return Err(Refusal::TermsDiffer { in_force: self.case.terms_hash });
        }
        let signature = match arrival {
            Arrival::Signed { signed, .. } if signed.is_for(shown, choice) => Some(signed.evidence()),
            Arrival::Signed { .. } => return Err(Refusal::SignedSomethingElse),
            Arrival::SignedIn { .. } | Arrival::MailLink | Arrival::PlainMail => None,
        };
        let before = elector.ballot.as_ref().map(|ballot| ballot.choice);
        if before == Some(choice) {
            return Ok(());
        }
        if let (Choice::Approve, Some(case)) = (choice, self.around.approval_elsewhere) {
            return Err(Refusal::ApprovalElsewhere { case });
        }
        elector.ballot = Some(Ballot { choice, terms_hash: shown, cast_at: self.now, way });
        self.events.push(Event::BallotCast { elector: voter, choice, way, before, signature });
        self.settle();
        Ok(())
    }

    /// Whether the case only waits for a tick to say that it has expired. A missed tick is harmless: no ballot that
    /// comes before it can still make the quorum.
    pub(super) fn window_has_passed(&self) -> bool {
        self.case.state == State::Collecting
            && self.case.terms.closes_at() <= self.now
            && Quorum::reached(&self.case).is_none()
    }

    fn take_back(&mut self, voter: UserId) -> Result<(), Refusal> {
        let elector = self.case.electors.get_mut(&voter).ok_or(Refusal::NotAnElector(self.around.actor_standing))?;
        if elector.lost_at.is_some() {
            return Err(Refusal::BallotLost);
        }
        if elector.ballot.take().is_some() {
            self.events.push(Event::BallotTakenBack { elector: voter });
            self.settle();
        }
        Ok(())
    }

    fn lose(&mut self, voter: UserId, by: UserId) -> Result<(), Refusal> {
        // INVARIANT 10: nobody but an owner or the elector takes a ballot away.
        if by != voter && !self.around.owners.contains(&by) {
            return Err(Refusal::NotAnOwner);
        }
        let Some(elector) = self.case.electors.get_mut(&voter) else { return Ok(()) };
        if elector.lost_at.is_none() {
            elector.lost_at = Some(self.now);
            self.events.push(Event::BallotLost { elector: voter });
            self.settle();
        }
        Ok(())
    }

    fn pause(&mut self, owner: UserId) -> Result<(), Refusal> {
        self.require_owner(owner)?;
        let (since, due_at) = match self.case.state {
            State::Waiting { since, due_at } => (since, due_at),
            State::Paused { until, .. } => return Err(Refusal::AlreadyPaused { until }),
            State::Collecting
            | State::Completed { .. }
            | State::Vetoed { .. }
            | State::Rejected { .. }
            | State::Expired { .. }
            | State::Withdrawn { .. } => return Err(Refusal::NothingToPause),
        };
        if self.case.pauses >= self.case.terms.policy.pauses {
            return Err(Refusal::NoPauseLeft { used: self.case.pauses });
        }
        let period = self.case.terms.waiting_period();
        let until = self.now.after(period);
        // INVARIANT 20: the due moment only ever moves later.
        let due_at = due_at.after(period);
        self.case.pauses += 1;
        self.case.warned = 0;
        self.case.state = State::Paused { since, until, due_at };
        self.events.push(Event::Paused { by: owner, until, due_at });
        Ok(())
    }

    fn veto(&mut self, owner: UserId, proof: FreshProof) -> Result<(), Refusal> {
        self.require_owner(owner)?;
        proof.in_case(self.case.terms.opened_at)?;
        self.case.state = State::Vetoed { at: self.now, by: owner };
        self.events.push(Event::Vetoed { by: owner });
        Ok(())
    }

    fn withdraw(&mut self, opener: UserId) -> Result<(), Refusal> {
        if self.case.opener.administrator() != Some(opener) {
            return Err(Refusal::NotTheOpener);
        }
        if self.case.state != State::Collecting {
            return Err(Refusal::TooLateToWithdraw);
        }
        self.case.state = State::Withdrawn { at: self.now };
        self.events.push(Event::Withdrawn);
        Ok(())
    }

    fn require_owner(&self, user: UserId) -> Result<(), Refusal> {
        let named = self.case.terms.owners.iter().any(|owner| owner.id == user);
        if named && self.around.owners.contains(&user) { Ok(()) } else { Err(Refusal::NotAnOwner) }
    }

    pub(super) fn reject(&mut self, reason: Rejection) {
        self.case.state = State::Rejected { at: self.now, reason };
        self.events.push(Event::Rejected { reason });
    }

    /// Draws the consequences of a changed count.
    pub(super) fn settle(&mut self) {
        let quorum = Quorum::reached(&self.case);
        match (self.case.state, quorum) {
            (State::Collecting, Some(quorum)) => self.begin_waiting(quorum),
            (State::Collecting, None) => self.reject_if_out_of_reach(),
            (State::Waiting { .. } | State::Paused { .. }, None) => {
                if self.now < self.case.terms.closes_at() {
                    self.case.state = State::Collecting;
                    self.events.push(Event::FellShort);
                    self.reject_if_out_of_reach();
                } else {
                    self.reject(Rejection::FellShort);
                }
            }
            (State::Waiting { .. } | State::Paused { .. }, Some(_))
            | (
                State::Completed { .. }
                | State::Vetoed { .. }
                | State::Rejected { .. }
                | State::Expired { .. }
                | State::Withdrawn { .. },
                _,
            ) => {}
        }
    }

    fn begin_waiting(&mut self, quorum: Quorum) {
        match self.around.place {
            // The window is stretched until the place is free; see `tick`.
            Place::Taken => {}
            Place::Free => {
                // INVARIANT 20: with a period for each pause. Otherwise an elector who takes their ballot back and
                // casts it again would undo the pauses of owners who have none left.
                let periods = i32::try_from(self.case.pauses).unwrap_or(i32::MAX).saturating_add(1);
                let due_at = self.now.after(self.case.terms.waiting_period().saturating_mul(periods));
                self.case.state = State::Waiting { since: self.now, due_at };
                self.case.extension = Extension::Unused;
                self.case.warned = 0;
                self.events.push(Event::QuorumReached { quorum, due_at });
            }
        }
    }

    fn reject_if_out_of_reach(&mut self) {
        let count = Count::of(&self.case);
        if count.approvals + count.open < self.case.terms.required {
            self.reject(Rejection::OutOfReach);
        }
    }

    fn tick(&mut self) {
        match self.case.state {
            State::Collecting => self.tick_collecting(),
            State::Waiting { since, due_at } if due_at <= self.now => self.come_due(since),
            State::Paused { since, until, due_at } if until <= self.now => {
                self.case.state = State::Waiting { since, due_at };
                // The news of the resumption say what a reminder would.
                self.pass_warnings();
                self.events.push(Event::Resumed { due_at });
            }
            State::Waiting { due_at, .. } => {
                let before = self.case.warned;
                self.pass_warnings();
                if before < self.case.warned {
                    self.events.push(Event::OwnersReminded { due_at });
                }
            }
            State::Paused { .. }
            | State::Completed { .. }
            | State::Vetoed { .. }
            | State::Rejected { .. }
            | State::Expired { .. }
            | State::Withdrawn { .. } => {}
        }
    }

    /// Counts the reminders whose moment has come: several that were missed are one.
    fn pass_warnings(&mut self) {
        while self.case.next_warning().is_some_and(|moment| moment <= self.now) {
            self.case.warned += 1;
        }
    }

    fn tick_collecting(&mut self) {
        if let Some(quorum) = Quorum::reached(&self.case) {
            self.begin_waiting(quorum);
        } else if self.case.terms.closes_at() <= self.now {
            self.case.state = State::Expired { at: self.now };
            self.events.push(Event::Expired);
        } else {
            let before = self.case.reminders;
            while self.case.next_reminder().is_some_and(|moment| moment <= self.now) {
                self.case.reminders += 1;
            }
            if before < self.case.reminders {
                self.events.push(Event::Reminded);
            }
        }
    }

    /// The waiting period is over: everything is checked once more.
    fn come_due(&mut self, since: Moment) {
        let policy = &self.case.terms.policy;
        let Some(quorum) = Quorum::reached(&self.case) else { return self.settle() };
        if self.around.nominee == Fitness::Unfit || self.around.owners.contains(&self.case.terms.nominee.id) {
            return self.reject(Rejection::NomineeUnfit);
        }
        if self.around.owners != self.case.terms.owner_ids() {
            return self.reject(Rejection::OwnersChanged);
        }
        let in_time = self.around.notice.is_some_and(|accepted| accepted <= self.now.before(policy.min_notice));
        let notice = match (in_time, self.case.extension) {
            (true, Extension::Unused | Extension::Used) => NoticeGiven::InTime,
            (false, Extension::Used) => NoticeGiven::Missing,
            (false, Extension::Unused) => {
                // From now, not from the old moment: a service that slept through it must still give the time.
                let due_at = self.now.after(self.case.terms.waiting_period());
                self.case.extension = Extension::Used;
                self.case.warned = 0;
                self.case.state = State::Waiting { since, due_at };
                return self.events.push(Event::Extended { due_at });
            }
        };
        self.case.state = State::Completed { at: self.now };
        self.events.push(Event::Completed { quorum, notice });
    }
}
