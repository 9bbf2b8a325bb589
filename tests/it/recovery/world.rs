//! An account with owners, members, a roster, several cases and a clock, in which everything goes through the real
//! `open`, `decide` and `Roster`. It keeps its own books, so that the invariants do not have to believe the case.

use std::collections::{BTreeMap, BTreeSet};

use quorate::{
    id::{CaseId, ChangeId, UserId},
    moment::Moment,
    recovery::{
        action::{Action, Actor, Fitness, Place, Surroundings},
        ballot::Choice,
        case::{Case, Rejection, State},
        decide::decide,
        event::{Event, NoticeGiven},
        open::{self, Account},
        policy::Policy,
        refusal::Refusal,
        roster::{Circumstances, Roster},
        terms::{Kind, TermsHash},
    },
};

use super::fixtures::{account, case_id, change, person, proposal};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Outsider,
    Invited,
    Plain,
    Administrator,
    Suspended,
}

#[derive(Debug, Clone)]
pub struct World {
    pub now: Moment,
    pub policy: Policy,
    pub owners: BTreeSet<UserId>,
    pub access: BTreeMap<UserId, Access>,
    /// Everybody who ever confirmed their address.
    pub confirmed: BTreeSet<UserId>,
    pub roster: Roster,
    /// When people last moved to another mailbox.
    pub address_changed: BTreeMap<UserId, Moment>,
    pub cases: BTreeMap<CaseId, Tracked>,
    /// What the last step did to cases, in order.
    pub changes: Vec<Changed>,
    /// Every change of owners there ever was.
    pub ownership: Vec<Ownership>,
    /// How often what has happened.
    pub seen: BTreeMap<String, u64>,
    made: u128,
}

/// A case with the world's own books on it.
#[derive(Debug, Clone)]
pub struct Tracked {
    pub case: Case,
    /// As it was when it opened.
    pub opened: Case,
    /// Who had confirmed their address by then.
    pub confirmed: BTreeSet<UserId>,
    /// When people had last moved to another mailbox by then.
    pub address_changed: BTreeMap<UserId, Moment>,
    /// L at opening.
    pub administrators: usize,
    /// The ballots that were accepted.
    pub ledger: BTreeMap<UserId, (Choice, TermsHash)>,
    /// Those whose ballot an owner or they themselves took away.
    pub lost: BTreeSet<UserId>,
    pub notice: Option<Moment>,
    /// The latest moment at which it was ever said to come due.
    pub latest_due: Option<Moment>,
}

#[derive(Debug, Clone)]
pub struct Changed {
    pub id: CaseId,
    pub before: Case,
    pub after: Case,
    pub events: Vec<Event>,
    pub around: Surroundings,
    pub nominee: Access,
    pub latest_due: Option<Moment>,
    pub at: Moment,
}

#[derive(Debug, Clone)]
pub struct Ownership {
    /// The case that did it; `None` for an owner's own act.
    pub case: Option<CaseId>,
    pub before: BTreeSet<UserId>,
    pub after: BTreeSet<UserId>,
}

impl World {
    pub fn new(now: Moment, policy: Policy, owners: BTreeSet<UserId>, access: BTreeMap<UserId, Access>) -> Self {
        let inside = |access: &Access| matches!(access, Access::Plain | Access::Administrator);
        let confirmed = access.iter().filter(|(_, access)| inside(access)).map(|(user, _)| *user).collect();
        Self {
            now,
            policy,
            owners,
            access,
            confirmed,
            roster: Roster::default(),
            address_changed: BTreeMap::new(),
            cases: BTreeMap::new(),
            changes: Vec::new(),
            ownership: Vec::new(),
            seen: BTreeMap::new(),
            made: 100,
        }
    }

    pub fn note(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }

    pub fn at<'a>(&self, owners: &'a BTreeSet<UserId>) -> Circumstances<'a> {
        Circumstances { now: self.now, seasoning: self.policy.seasoning, owners }
    }

    pub fn new_change(&mut self) -> ChangeId {
        self.made += 1;
        change(self.made)
    }

    pub fn access(&self, user: UserId) -> Access {
        self.access.get(&user).copied().unwrap_or(Access::Outsider)
    }

    pub fn administrators(&self) -> BTreeSet<UserId> {
        self.access.iter().filter(|(_, access)| **access == Access::Administrator).map(|(user, _)| *user).collect()
    }

    pub fn fitness(&self, user: UserId) -> Fitness {
        match self.access(user) {
            Access::Plain | Access::Administrator => Fitness::Fit,
            Access::Outsider | Access::Invited | Access::Suspended => Fitness::Unfit,
        }
    }

    pub fn open_cases(&self) -> Vec<CaseId> {
        self.cases.iter().filter(|(_, tracked)| !tracked.case.state.is_final()).map(|(id, _)| *id).collect()
    }

    /// Opens a case the way a use case of the app does.
    pub fn open(&mut self, opener: UserId, nominee: UserId, kind: Kind) -> Result<CaseId, Refusal> {
        let administrators = self.administrators();
        let ended = |tracked: &Tracked| {
            let failed = !matches!(tracked.case.state, State::Completed { .. });
            tracked.case.state.ended_at().filter(|_| failed && tracked.case.opener.administrator() == Some(opener))
        };
        let vetoed = |tracked: &Tracked| {
            let about = tracked.case.terms.nominee.id == nominee && matches!(tracked.case.state, State::Vetoed { .. });
            tracked.case.state.ended_at().filter(|_| about)
        };
        let account = Account {
            owners: self.owners.iter().map(|owner| person(*owner)).collect(),
            policy: self.policy.clone(),
            roster: self.roster.clone(),
            address_changed: self.address_changed.clone(),
            nominee: self.fitness(nominee),
            open_case_of_opener: self
                .open_cases()
                .into_iter()
                .find(|id| self.cases[id].case.opener.administrator() == Some(opener)),
            opener_failed_at: self.cases.values().filter_map(ended).max(),
            nominee_vetoed_at: self.cases.values().filter_map(vetoed).max(),
            ..account([], &administrators)
        };
        self.made += 1;
        let id = case_id(self.made);
        let case = open::open(&account, open::Proposal { case: id, kind, ..proposal(opener, nominee) }, self.now);
        let case = case.inspect_err(|refusal| self.note(refusal.code()))?;
        self.note("case.opened");
        let counts_in_l = |user: &&UserId| !self.owners.contains(user) && !self.roster.needs_confirmation(**user);
        let tracked = Tracked {
            opened: case.clone(),
            case,
            confirmed: self.confirmed.clone(),
            address_changed: self.address_changed.clone(),
            administrators: administrators.iter().filter(counts_in_l).count(),
            ledger: BTreeMap::new(),
            lost: BTreeSet::new(),
            notice: None,
            latest_due: None,
        };
        self.cases.insert(id, tracked);
        Ok(id)
    }

    /// What a decision on that case by that actor has to know.
    pub fn surroundings(&self, id: CaseId, actor: Actor) -> Surroundings {
        let others = || self.cases.iter().filter(move |(other, _)| **other != id);
        let actor = match actor {
            Actor::Person(user) => Some(user),
            Actor::RecoveryUser(_) | Actor::Service => None,
        };
        let approves = |tracked: &Tracked| {
            let ballot = actor.and_then(|user| tracked.ledger.get(&user));
            let lost = actor.is_some_and(|user| tracked.lost.contains(&user));
            !tracked.case.state.is_final() && !lost && matches!(ballot, Some((Choice::Approve, _)))
        };
        let taken = others().any(|(_, other)| matches!(other.case.state, State::Waiting { .. } | State::Paused { .. }));
        Surroundings {
            owners: self.owners.clone(),
            place: if taken { Place::Taken } else { Place::Free },
            nominee: self.fitness(self.cases[&id].case.terms.nominee.id),
            approval_elsewhere: others().find(|(_, other)| approves(other)).map(|(other, _)| *other),
            redeemed_elsewhere: None,
            redeemer: None,
            notice: self.cases[&id].notice,
            actor_standing: actor.and_then(|user| self.roster.why_not(user, self.now, &self.owners)),
        }
    }

    /// The one door through which a case changes.
    pub fn act(&mut self, id: CaseId, action: Action, actor: Actor) -> Result<(), Refusal> {
        let around = self.surroundings(id, actor);
        let before = self.cases[&id].case.clone();
        let decision = decide(&before, &around, action, actor, self.now);
        let decision = decision.inspect_err(|refusal| self.note(refusal.code()))?;
        assert_eq!(decision.events.is_empty(), decision.case == before, "a change without an event, or the reverse");
        let nominee = self.access(before.terms.nominee.id);
        let tracked = self.cases.get_mut(&id).unwrap();
        let latest_due = tracked.latest_due;
        tracked.keep_books(&decision.events, &decision.case);
        let (after, events) = (decision.case, decision.events);
        for event in &events {
            self.note(&seen_as(event));
        }
        if after.state.holds_place() && around.place == Place::Taken {
            self.note("two cases with a quorum");
        }
        if matches!(after.state, State::Collecting)
            && around.place == Place::Taken
            && after.count().approvals >= after.terms.required
        {
            self.note("a quorum that waits for the place");
        }
        let completed = events.iter().any(|event| matches!(event, Event::Completed { .. }));
        self.changes.push(Changed { id, before, after, events, around, nominee, latest_due, at: self.now });
        if completed {
            self.complete(id);
        }
        Ok(())
    }

    /// What completing means for the account.
    fn complete(&mut self, id: CaseId) {
        let terms = self.cases[&id].case.terms.clone();
        let after = match terms.kind {
            Kind::Replace => BTreeSet::from([terms.nominee.id]),
            Kind::Add => self.owners.iter().copied().chain([terms.nominee.id]).collect(),
        };
        let before = std::mem::replace(&mut self.owners, after.clone());
        for replaced in before.difference(&after) {
            self.access.insert(*replaced, Access::Suspended);
            self.roster.entries.remove(replaced);
        }
        self.ownership.push(Ownership { case: Some(id), before, after });
        for other in self.open_cases() {
            self.act(other, Action::Supersede, Actor::Service).unwrap();
        }
    }

    /// An owner changes the owners by their own act.
    pub fn change_owners(&mut self, after: BTreeSet<UserId>) {
        let before = std::mem::replace(&mut self.owners, after.clone());
        self.ownership.push(Ownership { case: None, before, after });
    }

    /// Time passes for every open case.
    pub fn sweep(&mut self) {
        for id in self.open_cases() {
            self.act(id, Action::Tick, Actor::Service).unwrap();
        }
    }
}

impl Tracked {
    fn keep_books(&mut self, events: &[Event], after: &Case) {
        for event in events {
            match event {
                Event::BallotCast { elector, choice, .. } => {
                    self.ledger.insert(*elector, (*choice, after.terms_hash));
                }
                Event::BallotTakenBack { elector } => {
                    self.ledger.remove(elector);
                }
                Event::BallotLost { elector } => {
                    self.lost.insert(*elector);
                }
                Event::FellShort | Event::QuorumReached { .. } => self.notice = None,
                Event::Opened
                | Event::KeyRedeemed { .. }
                | Event::KeyLost { .. }
                | Event::Accepted
                | Event::Paused { .. }
                | Event::Resumed { .. }
                | Event::Extended { .. }
                | Event::Reminded
                | Event::OwnersReminded { .. }
                | Event::Completed { .. }
                | Event::Vetoed { .. }
                | Event::Rejected { .. }
                | Event::Expired
                | Event::Withdrawn => {}
            }
        }
        self.latest_due = self.latest_due.max(after.state.due_at());
        self.case = after.clone();
    }
}

fn seen_as(event: &Event) -> String {
    if let Event::Rejected { reason } = event {
        format!("case.rejected {}", rejection(*reason))
    } else if matches!(event, Event::Completed { notice: NoticeGiven::Missing, .. }) {
        "case.completed without notice".to_owned()
    } else {
        event.name().to_owned()
    }
}

const fn rejection(reason: Rejection) -> &'static str {
    match reason {
        Rejection::OutOfReach => "out_of_reach",
        Rejection::FellShort => "fell_short",
        Rejection::NomineeUnfit => "nominee_unfit",
        Rejection::OwnersChanged => "owners_changed",
        Rejection::Superseded => "superseded",
        Rejection::Declined => "declined",
    }
}
