//! What time does to a case, to the microsecond: due moments, notice, pauses, the window, reminders.

use jiff::SignedDuration;
use quorate::{
    moment::Moment,
    recovery::{
        action::{Action, Actor, Fitness, Surroundings},
        ballot::{Ballot, Choice, Elector},
        case::{Case, Rejection, State},
        decide::decide,
        event::{Event, NoticeGiven},
        policy::{BallotWay, NomineeApproval},
        quorum::Quorum,
        terms::TermsHash,
    },
};

use super::fixtures::*;

fn later(count: i64) -> Moment {
    START.after(hours(count))
}

/// Five administrators, three of whom approved at the start: due at 72 hours, the window closes at 336.
fn waiting() -> Case {
    approved_by(opened(5, 90), 11..14, START)
}

fn taken_back(case: &Case, who: u128, now: Moment) -> Case {
    act(case, Action::TakeBack, who, now).unwrap().case
}

#[test]
fn a_case_completes_exactly_when_it_is_due() {
    let notice = Some(START);
    assert_eq!(ticked(&waiting(), notice, later(72).before(TICK)).case.state, waiting().state);
    let done = ticked(&waiting(), notice, later(72));
    assert_eq!(done.case.state, State::Completed { at: later(72) });
    assert!(matches!(done.events[..], [Event::Completed { notice: NoticeGiven::InTime, .. }]));
}

#[test]
fn want_of_notice_extends_the_waiting_period_once() {
    let in_time = later(48);
    assert_eq!(ticked(&waiting(), Some(in_time), later(72)).case.state.word(), "completed");
    for missing in [None, Some(in_time.after(TICK))] {
        let extended = ticked(&waiting(), missing, later(72)).case;
        assert_eq!(extended.state, State::Waiting { since: START, due_at: later(144) });
        let done = ticked(&extended, None, later(144));
        assert!(matches!(done.events[..], [Event::Completed { notice: NoticeGiven::Missing, .. }]));
        let done = ticked(&extended, Some(later(120)), later(144));
        assert!(matches!(done.events[..], [Event::Completed { notice: NoticeGiven::InTime, .. }]));
    }
    // A service that slept through the due moment still gives the time.
    let late = ticked(&waiting(), None, later(100)).case;
    assert_eq!(late.state.due_at(), Some(later(172)));
}

#[test]
fn a_later_quorum_has_an_extension_of_its_own() {
    let extended = ticked(&waiting(), None, later(72)).case;
    let again = approved_by(taken_back(&extended, 11, later(80)), [11], later(81));
    assert_eq!(again.state, State::Waiting { since: later(81), due_at: later(153) });
    assert_eq!(ticked(&again, None, later(153)).case.state.due_at(), Some(later(225)));
}

#[test]
fn at_the_due_moment_the_nominee_and_the_owners_are_checked_again() {
    let check = |change: &dyn Fn(&mut Surroundings)| {
        let mut around = Surroundings { notice: Some(START), ..quiet(&waiting()) };
        change(&mut around);
        decide(&waiting(), &around, Action::Tick, Actor::Service, later(72)).unwrap().case.state
    };
    let rejected = |reason| State::Rejected { at: later(72), reason };
    assert_eq!(check(&|_| ()), State::Completed { at: later(72) });
    assert_eq!(check(&|around| around.nominee = Fitness::Unfit), rejected(Rejection::NomineeUnfit));
    assert_eq!(check(&|around| around.owners.extend([user(90)])), rejected(Rejection::NomineeUnfit));
    assert_eq!(check(&|around| around.owners.extend([user(2)])), rejected(Rejection::OwnersChanged));
    assert_eq!(check(&|around| around.owners.clear()), rejected(Rejection::OwnersChanged));
}

#[test]
fn a_pause_stops_the_clock_for_one_waiting_period() {
    let paused = act(&waiting(), Action::Pause, 1, later(10)).unwrap().case;
    let due_at = later(144);
    assert_eq!(paused.state, State::Paused { since: START, until: later(82), due_at });
    assert!(ticked(&paused, None, later(82).before(TICK)).events.is_empty());
    let resumed = ticked(&paused, None, later(82)).case;
    assert_eq!(resumed.state, State::Waiting { since: START, due_at });
}

/// An elector who takes their ballot back and casts it again must not undo what the owners' pauses gave.
#[test]
fn a_pause_outlives_the_quorum_that_it_paused() {
    let paused = act(&waiting(), Action::Pause, 1, later(10)).unwrap().case;
    let again = approved_by(taken_back(&paused, 11, later(11)), [11], later(11));
    assert_eq!(again.state, State::Waiting { since: later(11), due_at: later(155) });
}

#[test]
fn a_count_that_falls_short_collects_while_the_window_is_open() {
    let closes = later(14 * 24);
    let late = approved_by(opened(5, 90), 11..14, later(300));
    assert_eq!(taken_back(&late, 11, closes.before(TICK)).state, State::Collecting);
    let reason = Rejection::FellShort;
    assert_eq!(taken_back(&late, 11, closes).state, State::Rejected { at: closes, reason });
    // With three against, two for and one of those lost, nobody is left who could make the quorum again.
    let against = [14, 15]
        .into_iter()
        .fold(waiting(), |case, who| act(&case, ballot(&case, Choice::Reject), who, START).unwrap().case);
    let turned = act(&against, ballot(&against, Choice::Reject), 13, START).unwrap();
    assert_eq!(turned.case.state, State::Rejected { at: START, reason: Rejection::OutOfReach });
    assert!(turned.events.contains(&Event::FellShort));
}

#[test]
fn the_window_closes_to_the_microsecond_even_before_a_tick() {
    let closes = later(14 * 24);
    let two = approved_by(opened(5, 90), 11..13, START);
    let reminded = ticked(&two, None, closes.before(TICK)).case;
    assert_eq!(reminded.state, State::Collecting);
    assert_eq!(ticked(&two, None, closes).case.state, State::Expired { at: closes });
    assert_eq!(approved_by(two.clone(), [13], closes.before(TICK)).state.word(), "waiting");
    assert_eq!(act(&two, ballot(&two, Choice::Approve), 13, closes).unwrap_err().code(), "case_ended");
}

#[test]
fn two_reminders_and_a_late_tick_sends_one() {
    let case = opened(5, 90);
    let reminds = |case: &Case, hour| {
        let decision = ticked(case, None, later(hour));
        (decision.events, decision.case)
    };
    assert_eq!(reminds(&case, 167).0, []);
    let (events, once) = reminds(&case, 168);
    assert_eq!((events, once.reminders), (vec![Event::Reminded], 1));
    assert_eq!(once.wake_at(later(168)), Some(later(288)));
    assert_eq!(reminds(&once, 287).0, []);
    let (events, twice) = reminds(&once, 288);
    assert_eq!((events, twice.reminders), (vec![Event::Reminded], 2));
    assert_eq!(reminds(&twice, 335).0, []);
    let (events, late) = reminds(&case, 335);
    assert_eq!((events, late.reminders), (vec![Event::Reminded], 2));
}

/// The moments at which owners are reminded, and what they are of a case of 72 hours.
#[test]
fn owners_are_reminded_at_half_time_and_a_day_before() {
    let case = waiting();
    let due = case.state.due_at().unwrap();
    let reminded = |events: &[Event]| events == [Event::OwnersReminded { due_at: due }];
    assert_eq!(case.wake_at(START), Some(due.before(hours(36))));
    assert_eq!(ticked(&case, None, due.before(hours(36)).before(TICK)).events, []);
    let half = ticked(&case, None, due.before(hours(36)));
    assert!(reminded(&half.events), "{:?}", half.events);
    assert_eq!(half.case.wake_at(due.before(hours(36))), Some(due.before(hours(24))));
    assert_eq!(ticked(&half.case, None, due.before(hours(24)).before(TICK)).events, [], "each goes out once");
    let last = ticked(&half.case, None, due.before(hours(24)));
    assert!(reminded(&last.events), "{:?}", last.events);
    assert_eq!(last.case.wake_at(due.before(hours(24))), Some(due));
    assert_eq!(ticked(&last.case, None, due.before(TICK)).events, []);
    let late = ticked(&case, None, due.before(TICK));
    assert!(reminded(&late.events), "two that were missed are one: {:?}", late.events);
    assert_eq!(late.case.warned, 2);
    assert_eq!(ticked(&late.case, None, due.before(TICK)).events, []);
}

/// Whatever moves the due moment has the owners reminded of the new one.
#[test]
fn owners_are_reminded_anew_when_the_due_moment_moves() {
    let case = waiting();
    let due = case.state.due_at().unwrap();
    let warned = ticked(&case, None, due.before(hours(30))).case;
    assert_eq!(warned.warned, 1);
    let paused = act(&warned, Action::Pause, 1, due.before(hours(29))).unwrap().case;
    assert_eq!((paused.warned, paused.next_warning()), (0, None), "a pause has its own end");
    let State::Paused { until, due_at: moved, .. } = paused.state else { panic!() };
    let resumed = ticked(&paused, None, until);
    assert_eq!(resumed.events, [Event::Resumed { due_at: moved }], "which says what a reminder would");
    assert_eq!((resumed.case.warned, resumed.case.wake_at(until)), (1, Some(moved.before(hours(24)))));
    let extended = ticked(&warned, None, due).case;
    assert_eq!((extended.warned, extended.next_warning()), (0, Some(due.after(hours(36)))));
}

/// Where the waiting period is short, the alert that began it is fresh enough.
#[test]
fn short_waiting_periods_have_fewer_reminders() {
    let case = waiting();
    for (length, moments) in [
        (hours(48), vec![hours(24)]),
        (hours(49), vec![hours(24) + SignedDuration::from_mins(30), hours(24)]),
        (hours(24), vec![hours(12)]),
        (SignedDuration::from_mins(30), vec![SignedDuration::from_mins(15)]),
        (SignedDuration::from_mins(29), vec![]),
    ] {
        let mut case = case.clone();
        case.terms.policy.waiting_period = length;
        let due = case.state.due_at().unwrap();
        let mut found = vec![];
        while let Some(moment) = case.next_warning() {
            found.push(due.since(moment));
            case.warned += 1;
        }
        assert_eq!(found, moments, "{length}");
    }
}

/// A row that says more than it may proves nothing.
#[test]
fn a_case_from_a_tampered_row_makes_no_quorum() {
    let recorded = |choice, terms_hash| Elector {
        ballot: Some(Ballot { choice, terms_hash, cast_at: START, way: BallotWay::SignedIn }),
        lost_at: None,
    };
    let two = approved_by(opened(5, 90), 11..13, START);
    let hash = two.terms_hash;
    let with = |who, elector, listed: Option<u128>| {
        let mut case = two.clone();
        case.terms.electorate.extend(listed.map(user));
        case.electors.insert(user(who), elector);
        Quorum::reached(&case).map(Quorum::approvals)
    };
    assert_eq!(with(13, recorded(Choice::Approve, hash), None), Some(3));
    assert_eq!(with(13, recorded(Choice::Approve, TermsHash::from_bytes([7; 32])), None), None);
    assert_eq!(with(13, recorded(Choice::Reject, hash), None), None);
    let lost = Elector { lost_at: Some(START), ..recorded(Choice::Approve, hash) };
    assert_eq!(with(13, lost, None), None);
    assert_eq!(with(99, recorded(Choice::Approve, hash), None), None, "who is not in the electorate");
    assert_eq!(with(1, recorded(Choice::Approve, hash), Some(1)), None, "an owner");
    let mut case = opened(5, 13);
    case.terms.policy.nominee_approval = NomineeApproval::DoesNotCount;
    assert_eq!(Quorum::reached(&approved_by(case, 11..14, START)), None, "the nominee");
}

#[test]
fn a_case_from_a_tampered_row_does_not_complete() {
    let mut case = approved_by(opened(5, 90), 11..13, START);
    case.state = State::Waiting { since: START, due_at: later(72) };
    assert_eq!(ticked(&case, Some(START), later(72)).case.state, State::Collecting);
    case.state = State::Waiting { since: START, due_at: later(400) };
    let reason = Rejection::FellShort;
    assert_eq!(ticked(&case, Some(START), later(400)).case.state, State::Rejected { at: later(400), reason });
}

#[test]
fn a_count_tells_approvals_rejections_and_who_is_left() {
    let case = approved_by(opened(5, 90), [11], START);
    let case = act(&case, ballot(&case, Choice::Reject), 12, START).unwrap().case;
    let of = |case: &Case| (case.count().approvals, case.count().rejections, case.count().open);
    assert_eq!(of(&case), (1, 1, 3));
    let lost = act(&case, Action::Lose { elector: user(12) }, 1, START).unwrap().case;
    assert_eq!(of(&lost), (1, 0, 3));
    let lost =
        act(&lost, Action::Lose { elector: user(13) }, 1, START.after(SignedDuration::from_secs(1))).unwrap().case;
    assert_eq!(of(&lost), (1, 0, 2));
    let again = act(&lost, Action::Lose { elector: user(13) }, 13, later(5)).unwrap();
    assert_eq!((again.case, again.events.len()), (lost, 0));
}
