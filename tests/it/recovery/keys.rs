//! Recovery by paper key: who must agree, what each refusal is, and random play against the rules.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use quorate::{
    id::{AccountId, PaperKeyId, RecoveryUserId, UserId},
    moment::Moment,
    recovery::{
        action::{Action, Actor, Arrival, Fitness, Place, Surroundings},
        ballot::Choice,
        case::{Case, Opener, Rejection, State},
        decide::{Decision, decide},
        event::Event,
        open_by_key::{Account, Proposal, open_by_key},
        policy::{BallotWay, Switch},
        redeem::KeyAndMailbox,
        refusal::{NomineeUnfit, Refusal},
        terms::{Kind, Route, TermsHash},
    },
};
use uuid::Uuid;

use super::fixtures::*;

/// Whom the keys name, in every test. A member of nothing.
const NOMINEE: u128 = 31;

fn holder(number: u128) -> RecoveryUserId {
    RecoveryUserId::from_uuid(Uuid::from_u128(number))
}

fn shown(by: u128) -> KeyAndMailbox {
    KeyAndMailbox::supposed(holder(by), PaperKeyId::from_uuid(Uuid::from_u128(100 + by)))
}

/// Owner 1, administrators 11 to 15, three recovery users with keys, `keys` of which it takes, and so many approvals.
fn account_of(keys: u32, approvals: u32) -> Account {
    let mut policy = policy();
    policy.paper_key_route = Switch::On;
    policy.keys_required = keys;
    policy.keys_need_approvals = approvals;
    // Not the vote's, so that nobody takes one for the other.
    policy.key_waiting_period = hours(30);
    Account {
        id: AccountId::from_uuid(Uuid::from_u128(1)),
        owners: vec![person(user(1))],
        policy,
        roster: standing(&users(11..16)),
        address_changed: BTreeMap::new(),
        nominee: Fitness::Fit,
        key_holders: 3,
        redeemed_elsewhere: None,
        nominee_vetoed_at: None,
    }
}

fn proposal_by(by: u128) -> Proposal {
    Proposal {
        case: case_id(1),
        kind: Kind::Replace,
        nominee: person(user(NOMINEE)),
        statement: "the owner has died".to_owned(),
        shown: shown(by),
        member: None,
    }
}

fn opened_by_key(keys: u32, approvals: u32) -> Case {
    open_by_key(&account_of(keys, approvals), proposal_by(1), START).unwrap()
}

fn redeem(case: &Case, by: u128, now: Moment) -> Result<Decision, Refusal> {
    redeem_in(case, &quiet(case), by, now)
}

fn redeem_in(case: &Case, around: &Surroundings, by: u128, now: Moment) -> Result<Decision, Refusal> {
    let action = Action::Redeem { shown: shown(by), terms_hash: case.terms_hash };
    decide(case, around, action, Actor::RecoveryUser(holder(by)), now)
}

fn accepted(case: &Case) -> Case {
    act(case, Action::Accept, NOMINEE, START).unwrap().case
}

#[test]
fn one_key_and_the_nominees_word_start_the_keys_waiting_period() {
    let case = opened_by_key(1, 0);
    assert_eq!((case.terms.route, case.opener), (Route::Keys, Opener::RecoveryUser(holder(1))));
    assert_eq!((case.state, case.electors.len(), case.count().keys), (State::Collecting, 0, 1));
    let waiting = act(&case, Action::Accept, NOMINEE, START).unwrap();
    let due_at = START.after(hours(30));
    assert_eq!(waiting.case.state, State::Waiting { since: START, due_at });
    assert!(matches!(waiting.events[..], [Event::Accepted, Event::QuorumReached { quorum, .. }] if quorum.keys() == 1));
    assert!(act(&waiting.case, Action::Accept, NOMINEE, START).unwrap().events.is_empty());
    let before = ticked(&waiting.case, Some(START), due_at.before(TICK));
    assert_eq!(before.events, [Event::OwnersReminded { due_at }]);
    assert_eq!(before.case.state, waiting.case.state);
    assert_eq!(ticked(&waiting.case, Some(START), due_at).case.state, State::Completed { at: due_at });
}

#[test]
fn as_many_recovery_users_must_agree_as_the_policy_says_and_to_the_same_terms() {
    let case = accepted(&opened_by_key(2, 0));
    assert_eq!(case.state, State::Collecting);
    assert_eq!(redeem(&case, 1, START), Err(Refusal::AlreadyRedeemed));
    let other = TermsHash::of("others");
    let action = Action::Redeem { shown: shown(2), terms_hash: other };
    let refused = decide(&case, &quiet(&case), action, Actor::RecoveryUser(holder(2)), START);
    assert_eq!(refused, Err(Refusal::TermsDiffer { in_force: case.terms_hash }));
    let waiting = redeem(&case, 2, START).unwrap().case;
    assert_eq!(waiting.state.word(), "waiting");
    assert_eq!(redeem(&waiting, 3, START), Err(Refusal::NoKeyNeeded), "their key stays good");
}

#[test]
fn approvals_on_top_are_other_peoples() {
    let mut account = account_of(1, 2);
    account.roster = standing(&users([11, 12, 13, NOMINEE]));
    let proposal = Proposal { member: Some(user(11)), ..proposal_by(1) };
    let case = accepted(&open_by_key(&account, proposal, START).unwrap());
    // Whoever redeemed the key, and the nominee, have a ballot that adds nothing.
    let case = approved_by(case, [11, NOMINEE, 12], START);
    assert_eq!((case.state, case.count().approvals), (State::Collecting, 1));
    assert_eq!(approved_by(case, [13], START).state.word(), "waiting");
}

#[test]
fn a_second_key_that_would_leave_too_few_voters_is_not_spent() {
    let mut account = account_of(2, 1);
    account.roster = standing(&users([11]));
    let case = open_by_key(&account, proposal_by(1), START).unwrap();
    let around = Surroundings { redeemer: Some(user(11)), ..quiet(&case) };
    let out_of_reach = Refusal::OutOfReach { countable: 0, required: 1, from: None };
    assert_eq!(redeem_in(&case, &around, 2, START), Err(out_of_reach));
    assert!(redeem(&case, 2, START).is_ok());
}

#[test]
fn an_owner_takes_a_key_out_of_the_count_and_nobody_else_does() {
    let waiting = accepted(&opened_by_key(1, 0));
    let lose = Action::LoseKey { of: holder(1) };
    assert_eq!(act(&waiting, lose, 11, START), Err(Refusal::NotAnOwner));
    assert!(act(&waiting, Action::LoseKey { of: holder(2) }, 1, START).unwrap().events.is_empty());
    let short = act(&waiting, lose, 1, START).unwrap();
    assert_eq!(short.events, [Event::KeyLost { of: holder(1) }, Event::FellShort]);
    assert!(act(&short.case, lose, 1, START).unwrap().events.is_empty());
    assert_eq!(redeem(&short.case, 1, START), Err(Refusal::AlreadyRedeemed), "it never comes back");
    let due_at = redeem(&short.case, 2, START.after(hours(1))).unwrap().case.state.due_at();
    assert_eq!(due_at, Some(START.after(hours(31))), "a later quorum waits its full time");
    let after_the_window = act(&waiting, lose, 1, START.after(hours(14 * 24))).unwrap().case.state;
    assert!(matches!(after_the_window, State::Rejected { reason: Rejection::FellShort, .. }));
}

#[test]
fn owners_object_and_time_passes_as_in_a_vote() {
    let waiting = accepted(&opened_by_key(1, 0));
    let paused = act(&waiting, Action::Pause, 1, START).unwrap().case;
    let (until, due_at) = (START.after(hours(30)), START.after(hours(60)));
    assert_eq!(paused.state, State::Paused { since: START, until, due_at });
    assert_eq!(act(&paused, veto(START), 1, START).unwrap().case.state, State::Vetoed { at: START, by: user(1) });
    let unreached = ticked(&waiting, None, START.after(hours(30)));
    assert_eq!(unreached.events, [Event::Extended { due_at: START.after(hours(60)) }]);
    let expired = ticked(&opened_by_key(1, 0), None, START.after(hours(14 * 24))).case;
    assert_eq!(expired.state.word(), "expired", "the nominee never answered");
    assert_eq!(act(&waiting, Action::Withdraw, 11, START), Err(Refusal::NotTheOpener));
}

#[test]
fn whoever_is_named_may_decline_to_the_end() {
    let case = opened_by_key(1, 0);
    for case in [case.clone(), accepted(&case)] {
        let declined = act(&case, Action::Decline, NOMINEE, START).unwrap().case.state;
        assert_eq!(declined, State::Rejected { at: START, reason: Rejection::Declined });
    }
}

fn not_opened(change: impl FnOnce(&mut Account, &mut Proposal)) -> Refusal {
    let (mut account, mut proposal) = (account_of(1, 0), proposal_by(1));
    change(&mut account, &mut proposal);
    open_by_key(&account, proposal, START).unwrap_err()
}

#[test]
fn what_could_not_succeed_costs_no_key() {
    let vetoed = START.before(hours(1));
    assert_eq!(not_opened(|account, _| account.policy.paper_key_route = Switch::Off), Refusal::KeyRouteOff);
    assert_eq!(not_opened(|account, _| account.owners.clear()), Refusal::NoOwnerYet);
    assert_eq!(not_opened(|_, proposal| proposal.member = Some(user(1))), Refusal::RedeemerIsOwner);
    let elsewhere = not_opened(|account, _| account.redeemed_elsewhere = Some(case_id(2)));
    assert_eq!(elsewhere, Refusal::RedeemedElsewhere { case: case_id(2) });
    let until = vetoed.after(hours(7 * 24));
    assert_eq!(not_opened(|account, _| account.nominee_vetoed_at = Some(vetoed)), Refusal::NomineeVetoed { until });
    assert_eq!(not_opened(|_, proposal| proposal.kind = Kind::Add), Refusal::KindNotByKey);
    let owner = not_opened(|_, proposal| proposal.nominee = person(user(1)));
    assert_eq!(owner, Refusal::NomineeUnfit(NomineeUnfit::AlreadyOwner));
    let suspended = not_opened(|account, _| account.nominee = Fitness::Unfit);
    assert_eq!(suspended, Refusal::NomineeUnfit(NomineeUnfit::AccessTaken));
    let silent = not_opened(|_, proposal| proposal.statement = " ".to_owned());
    assert_eq!(silent, Refusal::StatementLength { most: 2000 });
    let few = not_opened(|account, _| account.policy.keys_required = 4);
    assert_eq!(few, Refusal::TooFewKeyHolders { have: 3, need: 4 });
    let alone = not_opened(|account, proposal| {
        account.policy.keys_need_approvals = 1;
        account.roster = standing(&users([11]));
        proposal.member = Some(user(11));
    });
    assert_eq!(alone, Refusal::OutOfReach { countable: 0, required: 1, from: None });
    let nominee_alone = not_opened(|account, _| {
        account.policy.keys_need_approvals = 1;
        account.roster = standing(&users([NOMINEE]));
    });
    assert_eq!(nominee_alone, Refusal::OutOfReach { countable: 0, required: 1, from: None });
    let long = not_opened(|_, proposal| proposal.statement = "x".repeat(2001));
    assert_eq!(long, Refusal::StatementLength { most: 2000 });
}

#[test]
fn up_to_each_bound_it_opens() {
    let opens = |change: fn(&mut Account, &mut Proposal)| {
        let (mut account, mut proposal) = (account_of(1, 0), proposal_by(1));
        change(&mut account, &mut proposal);
        open_by_key(&account, proposal, START).unwrap();
    };
    opens(|_, proposal| proposal.statement = "x".repeat(2000));
    opens(|account, _| account.nominee_vetoed_at = Some(START.before(hours(7 * 24))));
    opens(|account, _| account.policy.keys_required = 3);
    opens(|_, proposal| proposal.member = Some(user(11)));
}

#[test]
fn whoever_has_just_moved_votes_signed_in_beside_keys_too() {
    let mut account = account_of(1, 1);
    account.address_changed = BTreeMap::from([(user(12), START), (user(13), START.before(hours(72)))]);
    let terms = open_by_key(&account, proposal_by(1), START).unwrap().terms;
    assert_eq!(terms.signed_in_only, BTreeMap::from([(user(12), START)]));
}

#[test]
fn what_is_over_takes_no_key_and_no_word() {
    let case = opened_by_key(2, 0);
    let late = START.after(hours(14 * 24));
    assert_eq!(act(&case, Action::Accept, NOMINEE, late), Err(Refusal::CaseEnded { state: "expired" }));
    assert!(act(&case, Action::Accept, NOMINEE, late.before(TICK)).is_ok());
    let vetoed = act(&case, veto(START), 1, START).unwrap().case;
    let ended = Refusal::CaseEnded { state: "vetoed" };
    assert_eq!(redeem(&vetoed, 2, START), Err(ended.clone()));
    for action in [Action::Accept, Action::Decline] {
        assert_eq!(act(&vetoed, action, NOMINEE, START), Err(ended.clone()));
    }
    assert!(act(&vetoed, Action::LoseKey { of: holder(1) }, 1, START).unwrap().events.is_empty());
}

#[test]
fn who_may_do_what_in_a_case_of_keys() {
    let case = opened_by_key(2, 0);
    for action in [Action::Accept, Action::Decline] {
        assert_eq!(act(&case, action, 11, START), Err(Refusal::NotTheNominee));
        let machine = decide(&case, &quiet(&case), action, Actor::RecoveryUser(holder(1)), START);
        assert_eq!(machine, Err(Refusal::OnlyPeople));
    }
    let with = |around: Surroundings| redeem_in(&case, &around, 2, START);
    let elsewhere = Surroundings { redeemed_elsewhere: Some(case_id(7)), ..quiet(&case) };
    assert_eq!(with(elsewhere), Err(Refusal::RedeemedElsewhere { case: case_id(7) }));
    let by_owner = Surroundings { redeemer: Some(user(1)), ..quiet(&case) };
    assert_eq!(with(by_owner), Err(Refusal::RedeemerIsOwner));
    let action = Action::Redeem { shown: shown(2), terms_hash: case.terms_hash };
    for actor in [Actor::Person(user(11)), Actor::Service, Actor::RecoveryUser(holder(3))] {
        assert_eq!(decide(&case, &quiet(&case), action, actor, START), Err(Refusal::OnlyRecoveryUsers));
    }
    assert_eq!(redeem(&case, 2, START.after(hours(14 * 24))), Err(Refusal::CaseEnded { state: "expired" }));
    let by_vote = opened(5, NOMINEE);
    assert_eq!(redeem(&by_vote, 2, START), Err(Refusal::DecidedByVote));
    assert_eq!(act(&by_vote, Action::Accept, NOMINEE, START), Err(Refusal::DecidedByVote));
}

/// Each refusal that only cases of keys have.
pub fn reached() -> Vec<Refusal> {
    let case = opened_by_key(2, 0);
    let waiting = accepted(&opened_by_key(1, 0));
    let action = Action::Redeem { shown: shown(2), terms_hash: case.terms_hash };
    vec![
        not_opened(|account, _| account.policy.paper_key_route = Switch::Off),
        not_opened(|_, proposal| proposal.kind = Kind::Add),
        not_opened(|_, proposal| proposal.member = Some(user(1))),
        not_opened(|account, _| account.policy.keys_required = 4),
        not_opened(|account, _| account.nominee = Fitness::Unfit),
        not_opened(|account, _| account.redeemed_elsewhere = Some(case_id(2))),
        redeem(&case, 1, START).unwrap_err(),
        redeem(&waiting, 2, START).unwrap_err(),
        redeem(&opened(5, NOMINEE), 2, START).unwrap_err(),
        decide(&case, &quiet(&case), action, Actor::Service, START).unwrap_err(),
        act(&case, Action::Accept, 11, START).unwrap_err(),
    ]
}

#[derive(Debug, Clone)]
enum Step {
    Redeem(u128, Option<u128>),
    Lose(u128),
    Accept,
    Decline,
    Vote(u128, Choice),
    TakeBack(u128),
    Pause,
    Veto,
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..5_u128, proptest::option::weighted(0.3, 10..16_u128)).prop_map(|(by, member)| Step::Redeem(by, member)),
        2 => (1..5_u128).prop_map(Step::Lose),
        3 => Just(Step::Accept),
        1 => Just(Step::Decline),
        6 => (11..16_u128, prop_oneof![3 => Just(Choice::Approve), 1 => Just(Choice::Reject)])
            .prop_map(|(who, choice)| Step::Vote(who, choice)),
        2 => (11..16_u128).prop_map(Step::TakeBack),
        1 => Just(Step::Pause),
        1 => Just(Step::Veto),
        4 => (1..200_i64).prop_map(Step::Wait),
    ]
}

fn play(case: &Case, step: &Step, now: Moment) -> Result<Decision, Refusal> {
    let mut around = quiet(case);
    around.place = Place::Free;
    let person = |number| Actor::Person(user(number));
    let (action, actor) = match step {
        Step::Redeem(by, member) => {
            around.redeemer = member.map(user);
            let action = Action::Redeem { shown: shown(*by), terms_hash: case.terms_hash };
            (action, Actor::RecoveryUser(holder(*by)))
        }
        Step::Lose(of) => (Action::LoseKey { of: holder(*of) }, person(1)),
        Step::Accept => (Action::Accept, person(NOMINEE)),
        Step::Decline => (Action::Decline, person(NOMINEE)),
        Step::Vote(who, choice) => {
            let (choice, terms_hash) = (*choice, case.terms_hash);
            let arrival = Arrival::MailLink;
            assert_eq!(arrival.way(), BallotWay::MailLink);
            (Action::Cast { choice, terms_hash, arrival }, person(*who))
        }
        Step::TakeBack(who) => (Action::TakeBack, person(*who)),
        Step::Pause => (Action::Pause, person(1)),
        Step::Veto => (veto(now), person(1)),
        Step::Wait(_) => {
            around.notice = Some(START);
            (Action::Tick, Actor::Service)
        }
    };
    decide(case, &around, action, actor, now)
}

/// Counted anew, from what was played and not from the case: who agrees.
fn agree(case: &Case) -> (usize, usize) {
    let keys = case.redeemed.values().filter(|redeemed| redeemed.lost_at.is_none());
    let redeemers: BTreeSet<UserId> = case.redeemed.values().filter_map(|redeemed| redeemed.member).collect();
    let approving = case.electors.iter().filter(|(who, elector)| {
        let ballot = elector.ballot.as_ref().is_some_and(|ballot| ballot.choice == Choice::Approve);
        ballot && elector.lost_at.is_none() && !redeemers.contains(*who) && **who != user(NOMINEE)
    });
    (keys.count(), approving.count())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::harness::race::rounds() * 10))]

    /// INVARIANTS 2, 14, 18, 20, 22: nothing waits or completes without as many different people as the policy wants, who all
    /// agreed to the same terms, and the nominee's word; the due moment never moves earlier; what is final stays.
    #[test]
    fn random_play_keeps_the_rules(keys in 1..4_u32, approvals in 0..4_u32, steps in proptest::collection::vec(step(), 1..60)) {
        let mut account = account_of(keys, approvals);
        account.key_holders = 4;
        let mut case = open_by_key(&account, proposal_by(1), START).unwrap();
        let mut now = START;
        let mut spent = BTreeSet::from([shown(1).key()]);
        for step in &steps {
            if let Step::Wait(length) = step {
                now = now.after(hours(*length));
            }
            let Ok(Decision { case: after, events }) = play(&case, step, now) else { continue };
            for event in &events {
                if let Event::KeyRedeemed { key, .. } = event {
                    prop_assert!(spent.insert(*key), "a key was redeemed twice");
                }
            }
            prop_assert_eq!(&after.terms, &case.terms);
            prop_assert!(!case.state.is_final() || (events.is_empty() && after == case), "a final state moved");
            if let (Some(before), Some(due_at)) = (case.state.due_at(), after.state.due_at()) {
                prop_assert!(before <= due_at, "due earlier than before");
            }
            if after.state.holds_place() || matches!(after.state, State::Completed { .. }) {
                let (keys_there, approve) = agree(&after);
                prop_assert!(keys_there >= usize::try_from(keys).unwrap(), "{} keys", keys_there);
                prop_assert!(approve >= usize::try_from(approvals).unwrap(), "{} approvals", approve);
                prop_assert!(after.accepted_at.is_some(), "nobody asked the nominee");
            }
            if let (State::Completed { at }, Some(due_at)) = (after.state, case.state.due_at()) {
                prop_assert!(due_at <= at, "completed before it was due");
            }
            case = after;
        }
    }
}
