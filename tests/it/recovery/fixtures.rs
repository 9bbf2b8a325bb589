//! Small accounts for tests of recovery: people by number, a policy, a roster, an opened case.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::proof::{fresh, signed_in};
use jiff::SignedDuration;
use quorate::{
    id::{AccountId, CaseId, ChangeId, UserId},
    moment::Moment,
    recovery::{
        action::{Action, Actor, Arrival, Fitness, Place, Surroundings},
        ballot::Choice,
        case::Case,
        decide::{Decision, decide},
        open::{Account, Proposal, open},
        policy::{BallotWay, Majority, NomineeApproval, OwnersAllowed, Policy, Switch},
        refusal::Refusal,
        roster::{Circumstances, Entry, Joined, Roster, Standing},
        signature::Signed,
        terms::{Kind, Person, TermsHash},
    },
};
use uuid::Uuid;

/// When the tests' stories begin.
pub const START: Moment = Moment::from_micros(1_790_000_000_000_000);
/// One microsecond, the smallest step of time.
pub const TICK: SignedDuration = SignedDuration::from_micros(1);

pub fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

pub fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

pub fn users(numbers: impl IntoIterator<Item = u128>) -> BTreeSet<UserId> {
    numbers.into_iter().map(user).collect()
}

pub fn case_id(number: u128) -> CaseId {
    CaseId::from_uuid(Uuid::from_u128(number))
}

pub fn change(number: u128) -> ChangeId {
    ChangeId::from_uuid(Uuid::from_u128(number))
}

pub fn person(id: UserId) -> Person {
    let number = id.uuid().as_u128();
    Person { id, name: format!("Person {number}"), email: format!("person{number}@example.org") }
}

/// The values of the preset `single-owner`.
pub fn policy() -> Policy {
    Policy {
        owners: OwnersAllowed::One,
        seasoning: hours(72),
        vote_route: Switch::On,
        majority: Majority::HALF,
        min_approvals: 1,
        nominee_approval: NomineeApproval::Counts,
        waiting_period: hours(72),
        min_notice: hours(24),
        ballots: BTreeSet::from([BallotWay::SignedIn, BallotWay::MailLink, BallotWay::PlainMail]),
        voting_window: hours(14 * 24),
        paper_key_route: Switch::Off,
        keys_required: 1,
        keys_need_approvals: 0,
        key_waiting_period: hours(72),
        key_kinds: BTreeSet::from([Kind::Replace]),
        pauses: 2,
        veto_cooldown: hours(7 * 24),
        reopen_after: hours(7 * 24),
        transfer_window: hours(72),
    }
}

/// A roster of people who have had standing for long.
pub fn standing(people: &BTreeSet<UserId>) -> Roster {
    let entry = Entry { joined: Joined::Yes, standing: Standing::Stands { from: START } };
    Roster { entries: people.iter().map(|person| (*person, entry.clone())).collect() }
}

/// An account with those owners, where everybody on the roster is an administrator.
pub fn account(owners: impl IntoIterator<Item = u128>, administrators: &BTreeSet<UserId>) -> Account {
    Account {
        id: AccountId::from_uuid(Uuid::from_u128(1)),
        owners: owners.into_iter().map(|owner| person(user(owner))).collect(),
        policy: policy(),
        roster: standing(administrators),
        administrators: administrators.clone(),
        address_changed: BTreeMap::new(),
        nominee: Fitness::Fit,
        open_case_of_opener: None,
        opener_failed_at: None,
        nominee_vetoed_at: None,
    }
}

pub fn proposal(opener: UserId, nominee: UserId) -> Proposal {
    Proposal {
        case: case_id(1),
        kind: Kind::Replace,
        nominee: person(nominee),
        statement: "the owner has left and cannot be contacted".to_owned(),
        opener,
    }
}

/// Owner 1, administrators 11 to 10 + `administrators`, and a case for `nominee` opened by the first of them.
pub fn opened(administrators: u128, nominee: u128) -> Case {
    let electors = users(11..11 + administrators);
    open(&account([1], &electors), proposal(user(11), user(nominee)), START).unwrap()
}

/// What the account around a case looks like when nothing special is going on.
pub fn quiet(case: &Case) -> Surroundings {
    Surroundings {
        owners: case.terms.owner_ids(),
        place: Place::Free,
        nominee: Fitness::Fit,
        approval_elsewhere: None,
        redeemed_elsewhere: None,
        redeemer: None,
        notice: None,
        actor_standing: None,
    }
}

/// What changes of the roster depend on, with S = 72 hours.
pub fn at(now: Moment, owners: &BTreeSet<UserId>) -> Circumstances<'_> {
    Circumstances { now, seasoning: hours(72), owners }
}

pub fn ballot(case: &Case, choice: Choice) -> Action {
    Action::Cast { choice, terms_hash: case.terms_hash, arrival: signed_in(case.terms.opened_at) }
}

/// The same, signed with a passkey.
pub fn signed(terms_hash: TermsHash, choice: Choice, now: Moment) -> Arrival {
    Arrival::Signed { proof: fresh(now), signed: Signed::supposed(terms_hash, choice) }
}

/// An approval that arrives that way.
pub fn arrival(case: &Case, way: BallotWay) -> Arrival {
    match way {
        BallotWay::SignedIn => signed_in(START),
        BallotWay::Passkey => signed(case.terms_hash, Choice::Approve, START),
        BallotWay::MailLink => Arrival::MailLink,
        BallotWay::PlainMail => Arrival::PlainMail,
    }
}

pub fn veto(now: Moment) -> Action {
    Action::Veto { proof: fresh(now) }
}

/// Decides in quiet surroundings.
pub fn act(case: &Case, action: Action, who: u128, now: Moment) -> Result<Decision, Refusal> {
    decide(case, &quiet(case), action, Actor::Person(user(who)), now)
}

/// The case after those people have approved, in that order.
pub fn approved_by(case: Case, people: impl IntoIterator<Item = u128>, now: Moment) -> Case {
    let cast = |case: Case, who| act(&case, ballot(&case, Choice::Approve), who, now).unwrap().case;
    people.into_iter().fold(case, cast)
}

/// The case after time has passed, with every owner reached at `notice`.
pub fn ticked(case: &Case, notice: Option<Moment>, now: Moment) -> Decision {
    let around = Surroundings { notice, ..quiet(case) };
    decide(case, &around, Action::Tick, Actor::Service, now).unwrap()
}
