//! Every refusal of recovery, reached through the real functions, with its code and its sentence.

use std::collections::{BTreeMap, BTreeSet};

use quorate::{
    id::CredentialId,
    moment::Moment,
    ownership::credential::{Proof, ProvenBy},
    recovery::{
        action::{Action, Actor, Fitness, Surroundings},
        ballot::Choice,
        case::Case,
        decide::decide,
        open::{Account, LONGEST_STATEMENT, Proposal, open},
        policy::{BallotWay, NomineeApproval, Switch},
        proof::{FRESH_FOR, FreshProof, TOLD_FOR, Told},
        refusal::Refusal,
        roster::{Authority, Joined},
        standing::NoStanding,
        terms::{Kind, TermsHash},
    },
};
use uuid::Uuid;

use super::{fixtures::*, keys};
use crate::harness::proof::{shown, signed_in};

/// How many kinds of refusal there are: one more than the highest number in [`number`].
const KINDS: usize = 44;

/// A new refusal makes this match fail to compile: give it the next number, raise `KINDS`, and reach it below.
const fn number(refusal: &Refusal) -> usize {
    match refusal {
        Refusal::OpenerHasNoStanding(_) => 0,
        Refusal::NoOwnerYet => 1,
        Refusal::OneOpenCaseEach { .. } => 2,
        Refusal::ReopenAfter { .. } => 3,
        Refusal::NomineeVetoed { .. } => 4,
        Refusal::OneOwnerOnly => 5,
        Refusal::NomineeUnfit(_) => 6,
        Refusal::StatementLength { .. } => 7,
        Refusal::OutOfReach { .. } => 8,
        Refusal::CaseEnded { .. } => 9,
        Refusal::NotAnElector(_) => 10,
        Refusal::BallotLost => 11,
        Refusal::WayNotAllowed { .. } => 12,
        Refusal::TermsDiffer { .. } => 13,
        Refusal::ApprovalElsewhere { .. } => 14,
        Refusal::NotAnOwner => 15,
        Refusal::NothingToPause => 16,
        Refusal::AlreadyPaused { .. } => 17,
        Refusal::NoPauseLeft { .. } => 18,
        Refusal::NotTheOpener => 19,
        Refusal::TooLateToWithdraw => 20,
        Refusal::NeedsFreshProof => 21,
        Refusal::OnlyPeople => 22,
        Refusal::OnlyTheService => 23,
        Refusal::NothingToContest => 24,
        Refusal::TooLateToContest { .. } => 25,
        Refusal::NothingToConfirm => 26,
        Refusal::NoSayInRoster => 27,
        Refusal::AddressTooNew { .. } => 28,
        Refusal::VoteRouteOff => 29,
        Refusal::NeedsCredential => 30,
        Refusal::CredentialTooNew { .. } => 31,
        Refusal::CredentialNewerThanCase { .. } => 32,
        Refusal::SignedSomethingElse => 33,
        Refusal::KeyRouteOff => 34,
        Refusal::KindNotByKey => 35,
        Refusal::RedeemerIsOwner => 36,
        Refusal::TooFewKeyHolders { .. } => 37,
        Refusal::RedeemedElsewhere { .. } => 38,
        Refusal::AlreadyRedeemed => 39,
        Refusal::NoKeyNeeded => 40,
        Refusal::DecidedByVote => 41,
        Refusal::OnlyRecoveryUsers => 42,
        Refusal::NotTheNominee => 43,
    }
}

fn later(count: i64) -> Moment {
    START.after(hours(count))
}

/// What `change` makes of an account of five administrators and a proposal by the first of them, a day after the start.
fn refused(change: impl FnOnce(&mut Account, &mut Proposal)) -> Refusal {
    let mut account = account([1], &users(11..16));
    let mut proposal = proposal(user(11), user(31));
    change(&mut account, &mut proposal);
    open(&account, proposal, later(24)).unwrap_err()
}

fn at_opening() -> Vec<Refusal> {
    let owners = users([1]);
    let now = at(START, &owners);
    vec![
        refused(|_, proposal| proposal.opener = user(1)),
        refused(|_, proposal| proposal.opener = user(99)),
        refused(|account, proposal| {
            account.roster.add(user(16), Joined::NotYet, Authority::Founding, change(1), now);
            proposal.opener = user(16);
        }),
        refused(|account, proposal| {
            account.roster.add(user(16), Joined::Yes, Authority::Other(user(11)), change(1), now);
            proposal.opener = user(16);
        }),
        refused(|account, proposal| {
            account.roster.add(user(16), Joined::Yes, Authority::Owner, change(1), now);
            proposal.opener = user(16);
        }),
        refused(|account, _| account.owners.clear()),
        refused(|account, _| account.policy.vote_route = Switch::Off),
        refused(|account, _| account.open_case_of_opener = Some(case_id(7))),
        refused(|account, _| account.opener_failed_at = Some(START)),
        refused(|account, _| account.nominee_vetoed_at = Some(START)),
        refused(|_, proposal| proposal.kind = Kind::Add),
        refused(|_, proposal| proposal.nominee = person(user(1))),
        refused(|account, _| account.nominee = Fitness::Unfit),
        refused(|_, proposal| proposal.statement = " \n".to_owned()),
        refused(|account, proposal| {
            account.policy.nominee_approval = NomineeApproval::DoesNotCount;
            account.policy.min_approvals = 3;
            account.roster = standing(&users(11..14));
            proposal.nominee = person(user(13));
        }),
        refused(|account, _| {
            account.roster = standing(&users([11]));
            for number in 12..16 {
                account.roster.add(user(number), Joined::Yes, Authority::Owner, change(number), now);
            }
        }),
    ]
}

fn refused_in(case: &Case, action: Action, actor: Actor, change: impl FnOnce(&mut Surroundings)) -> Refusal {
    let mut around = quiet(case);
    change(&mut around);
    decide(case, &around, action, actor, later(1)).unwrap_err()
}

fn in_a_case() -> Vec<Refusal> {
    let mut account = account([1], &users(11..16));
    account.policy.ballots = BTreeSet::from([BallotWay::SignedIn]);
    let case = open(&account, proposal(user(11), user(31)), START).unwrap();
    let waiting = approved_by(case.clone(), 11..14, START);
    let person = |number| Actor::Person(user(number));
    let approve = ballot(&case, Choice::Approve);
    let by = |way| Action::Cast { choice: Choice::Approve, terms_hash: case.terms_hash, arrival: arrival(&case, way) };
    let done = |case: &Case, action, who| act(case, action, who, later(1)).unwrap().case;
    let plain = |case: &Case, action, actor| refused_in(case, action, actor, |_| ());
    let paused = done(&waiting, Action::Pause, 1);
    let worn_out = ticked(&done(&ticked(&paused, None, later(73)).case, Action::Pause, 1), None, later(200)).case;
    let standing = |why| refused_in(&case, approve, person(99), |around| around.actor_standing = why);
    // Set with a mailed code alone, and told to everybody at once.
    let enrolled = ProvenBy::Credential { id: CredentialId::from_uuid(Uuid::nil()), mail_since: Some(START) };
    let mailed = |at| Proof { at, by: enrolled };
    let told = Told::All { last: START };
    let young = |now| FreshProof::of(Some(mailed(now)), told, now);
    let other_terms = Action::Cast {
        choice: Choice::Approve,
        terms_hash: TermsHash::from_bytes([7; 32]),
        arrival: signed_in(later(1)),
    };
    let mut signed_only = case.clone();
    signed_only.terms.policy.ballots = BTreeSet::from([BallotWay::Passkey]);
    let rejection = signed(case.terms_hash, Choice::Reject, later(1));
    let signed_another = Action::Cast { choice: Choice::Approve, terms_hash: case.terms_hash, arrival: rejection };
    vec![
        standing(None),
        standing(Some(NoStanding::NotAdministrator)),
        standing(Some(NoStanding::Seasoning { from: later(9) })),
        plain(&done(&case, veto(later(1)), 1), approve, person(11)),
        plain(&done(&case, Action::Withdraw, 11), Action::Pause, person(1)),
        act(&case, approve, 11, later(14 * 24)).unwrap_err(),
        plain(&done(&case, Action::Lose { elector: user(12) }, 1), approve, person(12)),
        plain(&case, by(BallotWay::MailLink), person(11)),
        plain(&case, by(BallotWay::PlainMail), person(11)),
        plain(&signed_only, by(BallotWay::SignedIn), person(11)),
        plain(&case, signed_another, person(11)),
        plain(&case, other_terms, person(11)),
        refused_in(&case, approve, person(11), |around| around.approval_elsewhere = Some(case_id(7))),
        plain(&case, veto(later(1)), person(11)),
        refused_in(&case, veto(later(1)), person(2), |around| around.owners.extend([user(2)])),
        refused_in(&case, veto(later(1)), person(1), |around| around.owners.clear()),
        plain(&waiting, Action::Pause, person(11)),
        plain(&case, Action::Pause, person(1)),
        plain(&paused, Action::Pause, person(1)),
        plain(&worn_out, Action::Pause, person(1)),
        plain(&case, Action::Withdraw, person(12)),
        plain(&waiting, Action::Withdraw, person(11)),
        plain(&case, approve, Actor::Service),
        plain(&case, Action::TakeBack, person(99)),
        plain(&case, Action::Tick, person(1)),
        plain(&case, Action::Supersede, person(1)),
        FreshProof::of(None, Told::NotAll, START).unwrap_err(),
        FreshProof::of(Some(Proof::by_code(START)), Told::NotAll, START).unwrap_err(),
        FreshProof::of(Some(shown(START)), Told::NotAll, START.after(FRESH_FOR).after(TICK)).unwrap_err(),
        FreshProof::of(Some(shown(START.after(TICK))), Told::NotAll, START).unwrap_err(),
        young(START).unwrap_err(),
        young(START.after(TOLD_FOR)).unwrap().in_case(START).unwrap_err(),
    ]
}

/// By an elector who had changed their address a day before the case was opened.
fn by_mail() -> Vec<Refusal> {
    let mut account = account([1], &users(11..16));
    account.address_changed.insert(user(12), START.before(hours(24)));
    let case = open(&account, proposal(user(11), user(31)), START).unwrap();
    let by = |way| Action::Cast { choice: Choice::Approve, terms_hash: case.terms_hash, arrival: arrival(&case, way) };
    let refused = |way| refused_in(&case, by(way), Actor::Person(user(12)), |_| ());
    vec![refused(BallotWay::MailLink), refused(BallotWay::PlainMail)]
}

fn on_the_roster() -> Vec<Refusal> {
    let owners = users([1]);
    let now = at(START, &owners);
    let mut roster = standing(&users(11..16));
    roster.remove(user(15), Authority::Other(user(11)), change(1), now);
    roster.add(user(16), Joined::Yes, Authority::Other(user(11)), change(2), now);
    let ended = at(later(72), &owners);
    vec![
        roster.contest(change(9), user(12), now).unwrap_err(),
        roster.contest(change(2), user(12), now).unwrap_err(),
        roster.contest(change(1), user(99), now).unwrap_err(),
        roster.contest(change(1), user(16), now).unwrap_err(),
        roster.contest(change(1), user(15), ended).unwrap_err(),
        roster.confirm(change(9), user(12), now).unwrap_err(),
        roster.confirm(change(1), user(12), ended).unwrap_err(),
        roster.confirm(change(1), user(99), now).unwrap_err(),
        roster.confirm(change(2), user(16), now).unwrap_err(),
    ]
}

fn all() -> Vec<Refusal> {
    [at_opening(), in_a_case(), by_mail(), on_the_roster(), keys::reached()].concat()
}

#[test]
fn every_refusal_can_be_reached() {
    let reached: BTreeSet<usize> = all().iter().map(number).collect();
    assert!(reached.into_iter().eq(0..KINDS));
}

#[test]
fn codes_are_unique_and_in_snake_case() {
    let mut codes = BTreeMap::new();
    for refusal in all() {
        let code = refusal.code();
        let fine = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        assert!(code.chars().all(fine) && !code.starts_with('_') && !code.ends_with('_'), "{code}");
        assert_eq!(*codes.entry(code).or_insert(number(&refusal)), number(&refusal), "{code} names two refusals");
    }
    assert_eq!(codes.len(), KINDS);
}

#[test]
fn sentences_are_in_the_house_style() {
    for refusal in all() {
        let sentence = refusal.to_string();
        assert!(sentence.starts_with(|first: char| first.is_ascii_lowercase()), "{sentence}");
        assert!(!sentence.ends_with(['.', '!', ' ']) && !sentence.contains("  "), "{sentence}");
        assert_eq!(sentence.matches('`').count() % 2, 0, "{sentence}");
    }
}

#[test]
fn sentences_say_what_they_said() {
    let lines: Vec<_> =
        all().iter().map(|refusal| format!("{} {:?}: {refusal}", refusal.code(), refusal.severity())).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_bounds_of_time_and_length_are_exact() {
    let mut account = account([1], &users(11..16));
    let try_at = |account: &Account, now| open(account, proposal(user(11), user(31)), now).map(|_| ());
    let week = later(7 * 24);
    account.opener_failed_at = Some(START);
    assert_eq!(try_at(&account, week.before(TICK)), Err(Refusal::ReopenAfter { until: week }));
    assert_eq!(try_at(&account, week), Ok(()));
    account.opener_failed_at = None;
    account.nominee_vetoed_at = Some(START);
    assert_eq!(try_at(&account, week.before(TICK)), Err(Refusal::NomineeVetoed { until: week }));
    assert_eq!(try_at(&account, week), Ok(()));
    let with = |length| Proposal { statement: "é".repeat(length), ..proposal(user(11), user(31)) };
    assert!(open(&account, with(LONGEST_STATEMENT), week).is_ok());
    assert_eq!(open(&account, with(LONGEST_STATEMENT + 1), week).unwrap_err().code(), "statement_length");
    assert!(FreshProof::of(Some(shown(START)), Told::NotAll, START.after(FRESH_FOR)).is_ok());
}
