//! The arithmetic of the majority, as tables: who is in the electorate, how many must approve, which approvals count.

use std::collections::BTreeSet;

use quorate::{
    id::UserId,
    recovery::{
        action::Action,
        ballot::Choice,
        case::State,
        open::{Account, open},
        policy::{Majority, NomineeApproval},
        quorum::{Count, Quorum},
        refusal::Refusal,
        roster::{Authority, Joined},
    },
};

use super::fixtures::*;

const FRACTIONS: [(u32, u32); 6] = [(1, 2), (2, 3), (3, 5), (999, 1000), (50, 100), (3, 4)];

/// The smallest n with n / 1 > people · numerator / denominator, by looking, without division.
fn naive(people: u128, (numerator, denominator): (u32, u32)) -> u128 {
    (0..=people + 1).find(|n| n * u128::from(denominator) > people * u128::from(numerator)).unwrap()
}

#[test]
fn a_majority_is_the_smallest_number_above_its_fraction() {
    for fraction in FRACTIONS {
        let majority = Majority::new(fraction.0, fraction.1).unwrap();
        for people in 0..=1100_u32 {
            assert_eq!(
                u128::from(majority.exceeded_at(people)),
                naive(people.into(), fraction),
                "{fraction:?} {people}"
            );
        }
    }
    assert_eq!(Majority::HALF.exceeded_at(u32::MAX), u32::MAX / 2 + 1);
    assert_eq!(Majority::new(999, 1000).unwrap().exceeded_at(u32::MAX), 4_290_672_328);
}

/// Every electorate of 0 to 7 people, every policy: the case opens exactly when enough approvals could count, and the
/// quorum comes with exactly the approval that makes it.
#[test]
fn every_small_electorate_needs_exactly_its_majority() {
    let mut opened = 0;
    for people in 0..=7_u128 {
        for (fraction, min_approvals) in FRACTIONS.iter().flat_map(|f| (1..=3).map(move |least| (*f, least))) {
            for counts in [NomineeApproval::Counts, NomineeApproval::DoesNotCount] {
                // The nominee is the last elector, or a plain member; the owner has an administrator role, or not.
                for (inside, owner_too) in [(false, false), (false, true), (true, false), (true, true)] {
                    if inside && people == 0 {
                        continue;
                    }
                    let nominee = if inside { 10 + people } else { 90 };
                    let electors = users(11..11 + people);
                    let mut with_owner = electors.clone();
                    with_owner.extend(owner_too.then(|| user(1)));
                    let mut account = account([1], &with_owner);
                    account.policy.majority = Majority::new(fraction.0, fraction.1).unwrap();
                    account.policy.min_approvals = min_approvals;
                    account.policy.nominee_approval = counts;
                    let said_so = format!("{people} {fraction:?} {min_approvals} {counts:?} {inside} {owner_too}");
                    opened += u32::from(one_electorate(&account, &electors, nominee, &said_so));
                }
            }
        }
    }
    assert!(opened > 200, "only {opened} of the cases could be opened");
}

fn one_electorate(account: &Account, electors: &BTreeSet<UserId>, nominee: u128, said_so: &str) -> bool {
    let policy = &account.policy;
    let fraction: Vec<u32> = policy.majority.to_string().split('/').map(|number| number.parse().unwrap()).collect();
    let people = u128::try_from(electors.len()).unwrap();
    let required = naive(people, (fraction[0], fraction[1])).max(u128::from(policy.min_approvals));
    let left_out = policy.nominee_approval == NomineeApproval::DoesNotCount;
    let counting: Vec<u128> = (11..11 + people).filter(|elector| !(left_out && *elector == nominee)).collect();
    let answer = open(account, proposal(user(11), user(nominee)), START);
    if people == 0 {
        assert_eq!(answer.unwrap_err().code(), "no_standing", "{said_so}");
        return false;
    }
    if u128::try_from(counting.len()).unwrap() < required {
        let countable = u32::try_from(counting.len()).unwrap();
        let required = u32::try_from(required).unwrap();
        assert_eq!(answer.unwrap_err(), Refusal::OutOfReach { countable, required, from: None }, "{said_so}");
        return false;
    }
    let mut case = answer.unwrap();
    assert_eq!(&case.terms.electorate, electors, "{said_so}");
    assert_eq!(u128::from(case.terms.required), required, "{said_so}");
    if left_out && electors.contains(&user(nominee)) {
        // The nominee's own approval is recorded, and moves nothing.
        case = approved_by(case, [nominee], START);
        assert_eq!(Count::of(&case).approvals, 0, "{said_so}");
    }
    for (cast, elector) in (1..).zip(&counting) {
        case = approved_by(case, [*elector], START);
        assert_eq!(u128::from(case.count().approvals), cast, "{said_so}");
        assert_eq!(Quorum::reached(&case).is_some(), cast >= required, "{said_so}");
        assert_eq!(matches!(case.state, State::Waiting { .. }), cast >= required, "{said_so}");
    }
    true
}

#[test]
fn of_five_administrators_the_third_approval_makes_the_quorum() {
    for (administrators, enough) in [(5, 3), (4, 3), (3, 2), (2, 2), (1, 1), (7, 4), (6, 4)] {
        let case = approved_by(opened(administrators, 90), 11..10 + enough, START);
        assert_eq!(case.state, State::Collecting, "{administrators} administrators");
        let case = approved_by(case, [10 + enough], START);
        let due_at = START.after(hours(72));
        assert_eq!(case.state, State::Waiting { since: START, due_at }, "{administrators} administrators");
    }
}

#[test]
fn a_case_is_rejected_when_the_ballots_left_cannot_suffice() {
    let case = opened(5, 90);
    let reject = |case, who| act(&case, ballot(&case, Choice::Reject), who, START).unwrap().case;
    let two = reject(reject(case, 11), 12);
    assert_eq!(two.state, State::Collecting);
    assert_eq!(reject(two, 13).state.word(), "rejected");
    // An elector who lost their ballot cannot add an approval either.
    let lose = |case, who| act(&case, Action::Lose { elector: user(who) }, 1, START).unwrap().case;
    let two = lose(lose(opened(5, 90), 11), 12);
    assert_eq!(two.state, State::Collecting);
    assert_eq!(lose(two, 13).state.word(), "rejected");
    // Nor can the nominee where their own approval does not count.
    let mut account = account([1], &users(11..16));
    account.policy.nominee_approval = NomineeApproval::DoesNotCount;
    let case = open(&account, proposal(user(11), user(15)), START).unwrap();
    assert_eq!(reject(reject(case, 11), 12).state.word(), "rejected");
}

/// L, the administrators active at opening, keeps "more than half of all active administrators" literally true.
#[test]
fn active_administrators_raise_the_bar_and_unconfirmed_additions_do_not() {
    let owners = users([1]);
    let mut account = account([1], &users(11..14));
    for (number, by) in
        [(14, Authority::Owner), (15, Authority::Owner), (16, Authority::Other(user(11))), (17, Authority::Outside)]
    {
        account.roster.add(user(number), Joined::Yes, by, change(number), at(START, &owners));
        account.administrators.insert(user(number));
    }
    account.administrators.insert(user(1));
    let case = open(&account, proposal(user(11), user(90)), START).unwrap();
    // E is 11, 12, 13. L also has 14 and 15, who are seasoning; not 16 and 17, whom nobody confirmed; not the owner.
    assert_eq!(case.terms.electorate, users(11..14));
    assert_eq!(case.terms.required, 3);
    // Taking their access away lowers nothing, as long as they can contest it; an owner's removal does.
    account.administrators = users(11..14);
    assert_eq!(open(&account, proposal(user(11), user(90)), START).unwrap().terms.required, 3);
    for (number, by) in [(14, Authority::Other(user(11))), (15, Authority::Owner)] {
        account.roster.remove(user(number), by, change(number + 10), at(START, &owners));
    }
    assert_eq!(open(&account, proposal(user(11), user(90)), START).unwrap().terms.required, 3);
    account.roster.remove(user(14), Authority::Owner, change(30), at(START, &owners));
    assert_eq!(open(&account, proposal(user(11), user(90)), START).unwrap().terms.required, 2);
}

#[test]
fn a_case_out_of_reach_is_refused_with_the_date_from_which_it_might_succeed() {
    let owners = users([1]);
    let mut account = account([1], &users([11]));
    for (number, later) in [(12, 0), (13, 5), (14, 9), (15, 20)] {
        let at = at(START.after(hours(later)), &owners);
        account.roster.add(user(number), Joined::Yes, Authority::Owner, change(number), at);
        account.administrators.insert(user(number));
    }
    let refused = |account: &Account| open(account, proposal(user(11), user(90)), START.after(hours(20))).unwrap_err();
    // Five are active, so three are needed: 11, 12 and 13 have standing 72 hours after 13 was added.
    let from = Some(START.after(hours(77)));
    assert_eq!(refused(&account), Refusal::OutOfReach { countable: 1, required: 3, from });
    let earliest = START.after(hours(77));
    let early = open(&account, proposal(user(11), user(90)), earliest.before(TICK)).unwrap_err();
    assert_eq!(early, Refusal::OutOfReach { countable: 2, required: 3, from });
    assert!(open(&account, proposal(user(11), user(90)), earliest).is_ok());
    // Whose addition waits for a confirmation, or who has not joined, gives no date.
    account.policy.min_approvals = 3;
    account.roster = standing(&users([11]));
    account.roster.add(user(12), Joined::Yes, Authority::Other(user(11)), change(2), at(START, &owners));
    account.roster.add(user(13), Joined::NotYet, Authority::Owner, change(3), at(START, &owners));
    assert!(matches!(refused(&account), Refusal::OutOfReach { countable: 1, required: 3, from: None }));
}
