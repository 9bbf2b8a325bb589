//! One state of the model: the real roster and cases, and around them what a database would hold.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use quorate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    recovery::{
        action::{Action, Actor, Fitness, Place, Surroundings},
        ballot::Choice,
        case::{Case, Extension, Rejection, State},
        decide::decide,
        event::Event,
        open::{Account, Proposal, open},
        refusal::Refusal,
        roster::{Authority, Circumstances, Entry, Joined, Roster, Standing},
        terms::{Kind, TermsHash},
    },
};
use uuid::Uuid;

use super::{
    people::{self, Side},
    scene::{Guard, Power, SEASONING, Scene, TICK, tick},
};

/// One state of the model.
#[derive(Debug, Clone)]
pub struct World {
    /// The clock.
    pub now: Moment,
    /// Who has standing.
    pub roster: Roster,
    /// Everybody whose access makes them an administrator.
    pub access: BTreeSet<UserId>,
    /// The account's owners.
    pub owners: BTreeSet<UserId>,
    /// The cases that are open, and those whose end the properties look at.
    pub cases: Vec<Arc<Tracked>>,
    /// The terms on the page in front of an honest person.
    pub shown: BTreeMap<UserId, TermsHash>,
    /// The case as a slow replica has read it.
    pub read: Option<Case>,
    /// Whether the honest nominee is an active member.
    pub heir: Fitness,
    /// Whether an owner's veto was refused in a waiting case that had not completed before.
    pub veto_refused: bool,
    /// How many cases were opened; makes their ids.
    pub opened: u128,
}

/// A case, and how it came about.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// The real case.
    pub case: Case,
    /// What its electorate looked like at opening.
    pub opening: Opening,
    /// Whether an owner's veto was saved.
    pub vetoed: bool,
}

/// What an electorate looked like when its case opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Opening {
    /// Every honest administrator is in it, and no puppet.
    Whole,
    /// An honest administrator is missing, removed less than S ago.
    ThinnedAtOnce,
    /// An honest administrator is missing, removed S ago or earlier.
    ThinnedSlowly,
    /// A puppet is in it.
    Packed,
}

impl World {
    /// Everybody in place, the owner lost.
    pub fn begin(scene: &Scene) -> Self {
        let now = tick(0);
        let founders: BTreeSet<UserId> = scene.attackers().chain(scene.honest()).collect();
        let owners = BTreeSet::from([people::owner()]);
        let mut roster = Roster::default();
        let at = Circumstances { now, seasoning: TICK * SEASONING, owners: &owners };
        for user in &founders {
            roster.add(*user, Joined::Yes, Authority::Founding, people::change_of(*user), at);
        }
        Self {
            now,
            roster,
            access: founders,
            owners,
            cases: Vec::new(),
            shown: BTreeMap::new(),
            read: None,
            heir: Fitness::Fit,
            veto_refused: false,
            opened: 0,
        }
    }

    /// Whether the story is over: ownership has changed, or an end has come that the properties look at.
    pub fn is_over(&self) -> bool {
        self.cases.iter().any(|tracked| tracked.case.state.is_final())
    }

    pub fn stands(&self, user: UserId) -> bool {
        self.roster.entries.get(&user).is_some_and(|entry| entry.stands_at(self.now))
    }

    /// Whether a removal of that person is under way.
    pub fn is_ending(&self, user: UserId) -> bool {
        let ending = |entry: &Entry| match entry.standing {
            Standing::Ending { until, .. } => self.now < until,
            Standing::Proposed { .. } | Standing::Stands { .. } | Standing::Contested { .. } => false,
        };
        self.roster.entries.get(&user).is_some_and(ending)
    }

    pub fn is_contested(&self, user: UserId) -> bool {
        let contested = |entry: &Entry| matches!(entry.standing, Standing::Contested { .. });
        self.roster.entries.get(&user).is_some_and(contested)
    }

    /// Changes the roster as the real one does, with what it depends on.
    pub fn with_roster<T>(&mut self, change: impl FnOnce(&mut Roster, Circumstances<'_>) -> T) -> T {
        let at = Circumstances { now: self.now, seasoning: TICK * SEASONING, owners: &self.owners };
        change(&mut self.roster, at)
    }

    /// Opens a case.
    pub fn open(&mut self, scene: &Scene, opener: UserId, nominee: UserId) -> Result<(), Refusal> {
        let roster =
            if scene.is_off(Guard::StandingIsSlow) { standing_is_access(&self.access) } else { self.roster.clone() };
        let own = |tracked: &&Arc<Tracked>| {
            tracked.case.opener.administrator() == Some(opener) && !tracked.case.state.is_final()
        };
        let account = Account {
            id: AccountId::from_uuid(Uuid::nil()),
            owners: self.owners.iter().copied().map(people::in_terms).collect(),
            policy: scene.policy(),
            roster,
            administrators: self.access.clone(),
            address_changed: BTreeMap::new(),
            nominee: self.fitness(nominee),
            open_case_of_opener: self.cases.iter().find(own).map(|tracked| tracked.case.id()),
            opener_failed_at: None,
            nominee_vetoed_at: None,
        };
        let proposal = Proposal {
            case: CaseId::from_uuid(Uuid::from_u128(self.opened)),
            kind: Kind::Replace,
            nominee: people::in_terms(nominee),
            statement: "lost".to_owned(),
            opener,
        };
        let case = open(&account, proposal, self.now)?;
        self.opened += 1;
        let opening = self.opening(scene, &case);
        self.cases.push(Arc::new(Tracked { case, opening, vetoed: false }));
        Ok(())
    }

    fn opening(&self, scene: &Scene, case: &Case) -> Opening {
        let electorate = &case.terms.electorate;
        if electorate.iter().copied().any(people::is_puppet) {
            return Opening::Packed;
        }
        let missing: Vec<UserId> = scene.honest().filter(|user| !electorate.contains(user)).collect();
        if missing.is_empty() {
            Opening::Whole
        } else if missing.iter().any(|user| self.stands(*user)) {
            Opening::ThinnedAtOnce
        } else {
            Opening::ThinnedSlowly
        }
    }

    fn fitness(&self, nominee: UserId) -> Fitness {
        if nominee == people::heir() { self.heir } else { Fitness::Fit }
    }

    /// Decides an action on the case at that place of the list, and saves it.
    pub fn act(&mut self, scene: &Scene, at: usize, action: Action, actor: Actor) -> Result<(), Refusal> {
        let tracked = Arc::clone(&self.cases[at]);
        self.save(scene, at, &tracked.case, action, actor)
    }

    /// Decides an action on a reading of the case, and saves it.
    pub fn save(
        &mut self,
        scene: &Scene,
        at: usize,
        reading: &Case,
        action: Action,
        actor: Actor,
    ) -> Result<(), Refusal> {
        let around = self.around(scene, at, reading, actor);
        let decision = decide(reading, &around, action, actor, self.now)?;
        let mut vetoed = self.cases[at].vetoed;
        for event in &decision.events {
            match event {
                Event::Completed { .. } => self.owners = BTreeSet::from([decision.case.terms.nominee.id]),
                Event::Vetoed { .. } => vetoed = true,
                Event::Opened
                | Event::BallotCast { .. }
                | Event::BallotTakenBack { .. }
                | Event::BallotLost { .. }
                | Event::KeyRedeemed { .. }
                | Event::KeyLost { .. }
                | Event::Accepted
                | Event::QuorumReached { .. }
                | Event::FellShort
                | Event::Paused { .. }
                | Event::Resumed { .. }
                | Event::Extended { .. }
                | Event::Reminded
                | Event::OwnersReminded { .. }
                | Event::Rejected { .. }
                | Event::Expired
                | Event::Withdrawn => {}
            }
        }
        let opening = self.cases[at].opening;
        self.cases[at] = Arc::new(Tracked { case: decision.case, opening, vetoed });
        Ok(())
    }

    fn around(&self, scene: &Scene, at: usize, case: &Case, actor: Actor) -> Surroundings {
        let others = || self.cases.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, other)| &other.case);
        let taken = scene.is_off(Guard::PlaceIsFreed) || others().any(|other| other.state.holds_place());
        let approves = |user: UserId| {
            let live = |other: &Case| {
                let elector = other.electors.get(&user).filter(|elector| elector.lost_at.is_none());
                elector.and_then(|elector| elector.ballot.as_ref()).is_some_and(|vote| vote.choice == Choice::Approve)
            };
            others().find(|other| !other.state.is_final() && live(other)).map(Case::id)
        };
        // The alert is accepted as soon as it is sent, unless the scene says that it never is.
        let notice = match case.state {
            State::Waiting { since, .. } | State::Paused { since, .. } if !scene.may(Power::NoNotice) => Some(since),
            State::Waiting { .. }
            | State::Paused { .. }
            | State::Collecting
            | State::Completed { .. }
            | State::Vetoed { .. }
            | State::Rejected { .. }
            | State::Expired { .. }
            | State::Withdrawn { .. } => None,
        };
        Surroundings {
            owners: self.owners.clone(),
            place: if taken { Place::Taken } else { Place::Free },
            nominee: self.fitness(case.terms.nominee.id),
            approval_elsewhere: match actor {
                Actor::Person(user) => approves(user),
                Actor::RecoveryUser(_) | Actor::Service => None,
            },
            redeemed_elsewhere: None,
            redeemer: None,
            notice,
            actor_standing: None,
        }
    }

    /// Lets time act on every case, as the sweep does.
    pub fn sweep(&mut self, scene: &Scene) {
        for at in 0..self.cases.len() {
            if scene.is_off(Guard::OneExtension) {
                Arc::make_mut(&mut self.cases[at]).case.extension = Extension::Unused;
            }
            self.act(scene, at, Action::Tick, Actor::Service).expect("time is the service's");
        }
    }

    /// Forgets cases that ended in a way that no property looks at.
    pub fn forget_ended(&mut self) {
        self.cases.retain(|tracked| match tracked.case.state {
            State::Collecting
            | State::Waiting { .. }
            | State::Paused { .. }
            | State::Completed { .. }
            | State::Vetoed { .. }
            | State::Rejected { reason: Rejection::NomineeUnfit, .. } => true,
            State::Rejected { .. } | State::Expired { .. } | State::Withdrawn { .. } => tracked.vetoed,
        });
    }

    /// Whose nominee that case is for.
    pub fn side(&self, at: usize) -> Side {
        people::side(self.cases[at].case.terms.nominee.id)
    }
}

/// The roster as it would be if standing followed access at once.
fn standing_is_access(access: &BTreeSet<UserId>) -> Roster {
    let entry = Entry { joined: Joined::Yes, standing: Standing::Stands { from: tick(0) } };
    Roster { entries: access.iter().map(|user| (*user, entry.clone())).collect() }
}
