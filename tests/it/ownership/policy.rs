//! Editing the policy: which way each field goes, when a change takes effect, and what stops it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use quorate::{
    moment::Moment,
    ownership::{
        account::Status as Account,
        policy_change::{
            Around, Because, Comparison, Direction, NotYet, Pending, Proposed, Way, cancel, propose, take_effect,
        },
        refusal::Refusal,
        rights::Rights,
    },
    recovery::{
        policy::{BallotWay, Majority, NomineeApproval, OwnersAllowed, Policy, Switch},
        reach::{Counts, Reach, keys, vote},
        terms::Kind,
    },
};

use super::fixtures::*;
use crate::recovery::properties::rounds;

/// Five voters, of whom one may be the nominee, and two with keys.
const COUNTS: Counts = Counts { voters: 5, live: 5, others: 0, key_holders: 2 };

fn base() -> Policy {
    preset("recommended").policy
}

fn around(policy: &Policy) -> Around<'_> {
    Around {
        policy,
        status: Account::Active,
        pending: None,
        open_case: None,
        owners: 2,
        recovery_users: 2,
        counts: COUNTS,
    }
}

fn ask(new: &Policy, around: Around<'_>) -> Result<Proposed, Refusal> {
    propose(&Rights::Owner, proof(), user(1), new, around, START)
}

fn changed(edit: impl FnOnce(&mut Policy)) -> Policy {
    let mut policy = base();
    edit(&mut policy);
    policy
}

pub type Edit = fn(&mut Policy);

/// Each field, once in either direction: first what loosens, then what tightens.
pub const EDITS: [(&str, Edit, Edit); 19] = [
    ("owners", |it| it.owners = OwnersAllowed::Many, |it| it.owners = OwnersAllowed::One),
    ("seasoning", |it| it.seasoning = hours(1), |it| it.seasoning = hours(700)),
    ("vote_route", |it| it.vote_route = Switch::On, |it| it.vote_route = Switch::Off),
    ("majority", |it| it.majority = Majority::HALF, |it| it.majority = Majority::new(2, 3).unwrap()),
    ("min_approvals", |it| it.min_approvals = 1, |it| it.min_approvals = 3),
    (
        "nominee_approval",
        |it| it.nominee_approval = NomineeApproval::Counts,
        |it| it.nominee_approval = NomineeApproval::DoesNotCount,
    ),
    ("waiting_period", |it| it.waiting_period = hours(71), |it| it.waiting_period = hours(73)),
    ("min_notice", |it| it.min_notice = hours(23), |it| it.min_notice = hours(25)),
    ("ballots", |it| it.ballots.extend([BallotWay::MailLink]), |it| it.ballots = BTreeSet::from([BallotWay::SignedIn])),
    ("voting_window", |it| it.voting_window = hours(500), |it| it.voting_window = hours(100)),
    ("paper_key_route", |it| it.paper_key_route = Switch::On, |it| it.paper_key_route = Switch::Off),
    ("keys_required", |it| it.keys_required = 1, |it| it.keys_required = 2),
    ("keys_need_approvals", |it| it.keys_need_approvals = 0, |it| it.keys_need_approvals = 1),
    ("key_waiting_period", |it| it.key_waiting_period = hours(71), |it| it.key_waiting_period = hours(73)),
    (
        "key_kinds",
        |it| it.key_kinds = BTreeSet::from([Kind::Add, Kind::Replace]),
        |it| it.key_kinds = BTreeSet::from([Kind::Replace]),
    ),
    ("pauses", |it| it.pauses = 1, |it| it.pauses = 2),
    ("veto_cooldown", |it| it.veto_cooldown = hours(1), |it| it.veto_cooldown = hours(200)),
    ("reopen_after", |it| it.reopen_after = hours(1), |it| it.reopen_after = hours(200)),
    ("transfer_window", |it| it.transfer_window = hours(100), |it| it.transfer_window = hours(1)),
];

#[test]
fn each_field_goes_one_way() {
    let fields = serde_json::to_value(base()).unwrap();
    let fields: BTreeSet<_> = fields.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, EDITS.iter().map(|(field, ..)| (*field).to_owned()).collect());
    let mut told = BTreeMap::new();
    for (field, loosen, tighten) in EDITS {
        let (loose, tight) = (changed(loosen), changed(tighten));
        for (old, new, way, direction) in [
            (&tight, &loose, Way::Loosening, Direction::Loosening),
            (&loose, &tight, Way::Tightening, Direction::Tightening),
        ] {
            let comparison = Comparison::of(old, new);
            let [change] = comparison.changes[..] else { panic!("{field}: {comparison:?}") };
            assert_eq!((change.field, change.way, comparison.direction()), (field, way, direction));
            told.insert(format!("{field} {way:?}"), change.why);
        }
    }
    insta::assert_debug_snapshot!(told);
    assert_eq!(Comparison::of(&base(), &base()).direction(), Direction::Same);
    // The same fraction, written otherwise.
    let same = changed(|it| it.majority = Majority::new(50, 100).unwrap());
    assert_eq!(Comparison::of(&base(), &same).direction(), Direction::Same);
    // One way of voting instead of another is both.
    let one = changed(|it| it.ballots = BTreeSet::from([BallotWay::SignedIn, BallotWay::MailLink]));
    let other = changed(|it| it.ballots = BTreeSet::from([BallotWay::SignedIn, BallotWay::PlainMail]));
    assert_eq!(Comparison::of(&one, &other).direction(), Direction::Mixed);
    // Whoever has to sign has signed in as well.
    let signed = changed(|it| it.ballots = BTreeSet::from([BallotWay::Passkey]));
    let signed_in = changed(|it| it.ballots = BTreeSet::from([BallotWay::SignedIn]));
    assert_eq!(Comparison::of(&signed_in, &signed).direction(), Direction::Tightening);
    assert_eq!(Comparison::of(&signed, &signed_in).direction(), Direction::Loosening);
    for mixed in [vec![BallotWay::Passkey, BallotWay::SignedIn], vec![BallotWay::Passkey, BallotWay::MailLink], vec![]]
    {
        let wrong = changed(|it| it.ballots = mixed.into_iter().collect()).check().unwrap_err();
        assert_eq!(wrong[0].field, "ballots");
    }
}

#[test]
fn tightening_is_at_once_and_loosening_waits() {
    let old = base();
    let tight = changed(|it| it.min_approvals = 3);
    assert_eq!(ask(&tight, around(&old)), Ok(Proposed::AtOnce));
    assert_eq!(ask(&old, around(&old)), Ok(Proposed::Unchanged));
    let loose = changed(|it| it.waiting_period = hours(24));
    let later = |new: &Policy, effective_at: Moment, because: Vec<Because>| {
        let pending = Pending { policy: new.clone(), by: user(1), proposed_at: START, effective_at };
        Ok(Proposed::Later { pending: Box::new(pending), because })
    };
    let old_period = START.after(hours(72));
    assert_eq!(ask(&loose, around(&old)), later(&loose, old_period, vec![Because::Loosens]));
    let mixed = changed(|it| (it.min_approvals, it.pauses) = (3, 1));
    assert_eq!(ask(&mixed, around(&old)), later(&mixed, old_period, vec![Because::Loosens]));
    // The old waiting period of a route that is off does not count; of two that are on, the longer one does.
    let keys = Policy { vote_route: Switch::Off, key_waiting_period: hours(24), ..base() };
    let quick = Policy { pauses: 1, ..keys.clone() };
    assert_eq!(ask(&quick, around(&keys)), later(&quick, START.after(hours(24)), vec![Because::Loosens]));
    let both = Policy { key_waiting_period: hours(100), ..base() };
    let quick = Policy { key_waiting_period: hours(30), ..base() };
    assert_eq!(ask(&quick, around(&both)), later(&quick, START.after(hours(100)), vec![Because::Loosens]));
}

#[test]
fn what_closes_an_open_way_waits_for_the_seasoning_time() {
    let old = base();
    let effective = |new: &Policy, counts| match ask(new, Around { counts, ..around(&old) }).unwrap() {
        Proposed::Later { pending, because } => (pending.effective_at, because),
        it @ (Proposed::AtOnce | Proposed::Unchanged) => panic!("{it:?}"),
    };
    let season = START.after(hours(168));
    let no_vote = changed(|it| it.vote_route = Switch::Off);
    assert_eq!(effective(&no_vote, COUNTS), (season, vec![Because::ClosesRoute]));
    let no_keys = changed(|it| it.paper_key_route = Switch::Off);
    assert_eq!(effective(&no_keys, COUNTS), (season, vec![Because::ClosesRoute]));
    // Three voters, one of whom would be the nominee: two can approve, three could not.
    let three = changed(|it| it.min_approvals = 3);
    let few = Counts { voters: 3, live: 3, ..COUNTS };
    assert_eq!(effective(&three, few), (season, vec![Because::ClosesRoute]));
    assert_eq!(ask(&three, Around { counts: Counts { others: 1, ..few }, ..around(&old) }), Ok(Proposed::AtOnce));
    // What leads nowhere already is closed at once.
    let nobody = Counts { key_holders: 0, ..COUNTS };
    assert_eq!(ask(&no_keys, Around { counts: nobody, ..around(&old) }), Ok(Proposed::AtOnce));
    let both = changed(|it| (it.paper_key_route, it.pauses) = (Switch::Off, 1));
    assert_eq!(effective(&both, COUNTS), (season, vec![Because::Loosens, Because::ClosesRoute]));
}

#[test]
fn nothing_takes_effect_while_a_case_is_open() {
    let old = base();
    let tight = changed(|it| it.min_approvals = 3);
    let open = Around { open_case: Some(case()), ..around(&old) };
    let Ok(Proposed::Later { pending, because }) = ask(&tight, open) else { panic!() };
    assert_eq!((pending.effective_at, because), (START, vec![Because::CaseOpen(case())]));
    assert_eq!(take_effect(&pending, open, START), Err(NotYet::CaseOpen(case())));
    assert_eq!(take_effect(&pending, around(&old), START), Ok(()));

    let Ok(Proposed::Later { pending, .. }) = ask(&changed(|it| it.pauses = 1), around(&old)) else { panic!() };
    let due = START.after(hours(72));
    assert_eq!(take_effect(&pending, around(&old), due.before(TICK)), Err(NotYet::Before(due)));
    assert_eq!(take_effect(&pending, open, due), Err(NotYet::CaseOpen(case())));
    assert_eq!(take_effect(&pending, around(&old), due), Ok(()));
    let suspended = Around { status: Account::Suspended, ..around(&old) };
    assert_eq!(take_effect(&pending, suspended, due), Err(NotYet::Refused(Refusal::AccountSuspended)));
}

#[test]
fn what_is_refused() {
    let old = base();
    let new = changed(|it| it.pauses = 1);
    for rights in [rights(&preset("recommended"), &member(&preset("recommended"), 11, "administrator")), Rights::None] {
        assert_eq!(propose(&rights, proof(), user(11), &new, around(&old), START), Err(Refusal::OwnersOnly));
        assert_eq!(cancel(&rights, proof(), None), Err(Refusal::OwnersOnly));
    }
    for status in ALL_STATUSES {
        assert_eq!(ask(&new, Around { status, ..around(&old) }).is_ok(), status == Account::Active, "{status:?}");
    }
    let Ok(Proposed::Later { pending, .. }) = ask(&new, around(&old)) else { panic!() };
    assert_eq!(cancel(&Rights::Owner, proof(), Some(&pending)), Ok(()));
    assert_eq!(cancel(&Rights::Owner, proof(), None), Err(Refusal::NoPolicyChangePending));

    let bounds = ask(&changed(|it| it.seasoning = hours(721)), around(&old));
    assert!(matches!(&bounds, Err(Refusal::PolicyOutOfBounds(problem)) if problem.field == "seasoning"), "{bounds:?}");
    let one = changed(|it| (it.owners, it.key_kinds) = (OwnersAllowed::One, BTreeSet::from([Kind::Replace])));
    assert_eq!(ask(&one, around(&old)), Err(Refusal::TooManyOwners { owners: 2 }));
    assert_eq!(ask(&one, Around { owners: 1, ..around(&old) }), Ok(Proposed::AtOnce));
    let three = changed(|it| it.keys_required = 3);
    assert_eq!(ask(&three, around(&old)), Err(Refusal::TooFewRecoveryUsers { confirmed: 2, required: 3 }));
    // It fitted when it was proposed, and does not any more.
    let Ok(Proposed::Later { pending, .. }) = ask(&Policy { pauses: 1, ..one }, Around { owners: 1, ..around(&old) })
    else {
        panic!()
    };
    let later = START.after(hours(72));
    assert_eq!(take_effect(&pending, around(&old), later), Err(NotYet::Refused(Refusal::TooManyOwners { owners: 2 })));
}

#[test]
fn a_new_proposal_replaces_the_one_that_waits() {
    let old = base();
    let first = changed(|it| it.pauses = 1);
    let Ok(Proposed::Later { pending, .. }) = ask(&first, around(&old)) else { panic!() };
    let waiting = Around { pending: Some(&pending), ..around(&old) };
    let later = START.after(hours(10));
    let ask_later = |new: &Policy| propose(&Rights::Owner, proof(), user(2), new, waiting, later);
    // The same again does not begin to wait anew, and the policy in force takes nothing back.
    assert_eq!(ask_later(&first), Ok(Proposed::Unchanged));
    assert_eq!(ask_later(&old), Ok(Proposed::Unchanged));
    // Another one waits for its whole time, however long the first has waited.
    let Ok(Proposed::Later { pending: second, .. }) = ask_later(&changed(|it| it.pauses = 0)) else { panic!() };
    assert_eq!((second.by, second.proposed_at, second.effective_at), (user(2), later, later.after(hours(72))));
    assert_eq!(ask_later(&changed(|it| it.min_approvals = 3)), Ok(Proposed::AtOnce));
}

#[test]
fn how_many_can_leave() {
    let policy = base();
    let spare = |voters, others| vote(&policy, Counts { voters, live: voters, others, key_holders: 0 });
    // Two approvals at least, and the nominee's does not count.
    assert_eq!(spare(2, 0), Reach::Unreachable { have: 1, need: 2 });
    assert_eq!(spare(3, 0), Reach::Reachable { spare: 0 });
    assert_eq!(spare(2, 1), Reach::Reachable { spare: 0 });
    assert_eq!(spare(5, 1), Reach::Reachable { spare: 3 });
    assert_eq!(spare(7, 0), Reach::Reachable { spare: 4 });
    // Those who do not count yet raise the required number.
    let seasoning = Counts { voters: 3, live: 6, others: 3, key_holders: 0 };
    assert_eq!(vote(&policy, seasoning), Reach::Unreachable { have: 3, need: 4 });
    assert_eq!(vote(&Policy { vote_route: Switch::Off, ..base() }, seasoning), Reach::Off);
    let holders = |key_holders, policy: &Policy| keys(policy, Counts { voters: 1, live: 1, others: 0, key_holders });
    assert_eq!(holders(0, &policy), Reach::Unreachable { have: 0, need: 1 });
    assert_eq!(holders(3, &policy), Reach::Reachable { spare: 2 });
    let with_approval = Policy { keys_need_approvals: 1, ..base() };
    assert_eq!(holders(3, &with_approval), Reach::Reachable { spare: 0 });
    assert_eq!(holders(3, &Policy { keys_need_approvals: 2, ..base() }), Reach::Unreachable { have: 1, need: 2 });
    assert_eq!(holders(3, &Policy { paper_key_route: Switch::Off, ..base() }), Reach::Off);
}

/// Any policy: the base with some fields edited either way.
fn any_policy() -> impl Strategy<Value = Policy> {
    prop::collection::vec(0..3_usize, EDITS.len()).prop_map(|picks| {
        let mut policy = base();
        for (pick, (_, loosen, tighten)) in picks.into_iter().zip(EDITS) {
            match pick {
                0 => loosen(&mut policy),
                1 => tighten(&mut policy),
                _ => {}
            }
        }
        policy
    })
}

proptest! {
    #![proptest_config(rounds())]

    /// There and back: what tightens one way loosens the other, field by field.
    #[test]
    fn back_is_the_opposite(one in any_policy(), other in any_policy()) {
        let there = Comparison::of(&one, &other);
        let back = Comparison::of(&other, &one);
        let opposite: BTreeSet<_> = back.changes.iter().map(|change| {
            let way = if change.way == Way::Loosening { Way::Tightening } else { Way::Loosening };
            (change.field, way)
        }).collect();
        prop_assert_eq!(there.changes.iter().map(|change| (change.field, change.way)).collect::<BTreeSet<_>>(), opposite);
        prop_assert_eq!(there.direction() == Direction::Same, one == other);
    }

    /// Whatever is proposed: what loosens anything is never in force before the old waiting period has passed.
    #[test]
    fn nothing_loosens_early(old in any_policy(), new in any_policy(), open in any::<bool>()) {
        prop_assume!(old.check().is_ok());
        let open_case = open.then(case);
        let around = Around { owners: 1, recovery_users: 5, open_case, ..around(&old) };
        let loosens = Comparison::of(&old, &new).changes.iter().any(|change| change.way == Way::Loosening);
        match ask(&new, around) {
            Ok(Proposed::AtOnce) => prop_assert!(!loosens && !open),
            Ok(Proposed::Later { pending, .. }) => {
                let shortest = old.waiting_period.min(old.key_waiting_period);
                prop_assert!(!loosens || pending.effective_at >= START.after(shortest));
                prop_assert_eq!(take_effect(&pending, around, pending.effective_at).is_ok(), !open);
            }
            Ok(Proposed::Unchanged) | Err(_) => {}
        }
    }
}
