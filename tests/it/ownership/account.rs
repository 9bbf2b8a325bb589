//! An account's status: each act on each status, what each status allows, and what time does.

use quorate::ownership::{
    account::{Act, Decision, GRACE, Status, Use, decide},
    refusal::Refusal,
    rights::Rights,
};

use super::fixtures::*;

const ACTS: [Act; 4] = [Act::Suspend, Act::Resume, Act::Close, Act::UndoClose];

fn word(answer: &Result<Decision, Refusal>) -> String {
    match answer {
        Ok(Decision::Becomes(status)) => status.word().to_owned(),
        Ok(Decision::AlreadySo) => "same".to_owned(),
        Err(refusal) => format!("!{}", refusal.code()),
    }
}

#[test]
fn each_act_on_each_status() {
    // Suspend, resume, close, undo.
    let rows = [
        ["!account_pending"; 4],
        ["suspended", "same", "closing", "same"],
        ["same", "active", "closing", "!not_closing"],
        ["!account_closing", "!account_closing", "same", "active"],
        ["!account_closed"; 4],
    ];
    for (status, row) in ALL_STATUSES.into_iter().zip(rows) {
        for (act, expected) in ACTS.into_iter().zip(row) {
            let answer = decide(status, act, &Rights::Owner, proof(), None, START);
            assert_eq!(word(&answer), expected, "{act:?} on {status:?}");
        }
    }
    let closes = decide(Status::Active, Act::Close, &Rights::Owner, proof(), None, START);
    assert_eq!(closes, Ok(Decision::Becomes(Status::Closing { until: START.after(GRACE) })));
    assert_eq!(GRACE, hours(7 * 24));
}

#[test]
fn nobody_but_owners_does_it() {
    let preset = preset("single-owner");
    let administrator = rights(&preset, &member(&preset, 11, "administrator"));
    for rights in [administrator, Rights::platform(&preset), Rights::Onboarder, Rights::None] {
        for status in ALL_STATUSES {
            for act in ACTS {
                assert_eq!(decide(status, act, &rights, proof(), None, START), Err(Refusal::OwnersOnly));
            }
        }
    }
}

#[test]
fn while_a_case_is_open_nobody_suspends_or_closes_and_everybody_can_undo_it() {
    let open = Some(case());
    let answer = |status, act| word(&decide(status, act, &Rights::Owner, proof(), open, START));
    assert_eq!(answer(Status::Active, Act::Suspend), "!case_open");
    assert_eq!(answer(Status::Active, Act::Close), "!case_open");
    assert_eq!(answer(Status::Suspended, Act::Close), "!case_open");
    assert_eq!(answer(Status::Suspended, Act::Resume), "active");
    assert_eq!(answer(Status::Closing { until: LATER }, Act::UndoClose), "active");
}

#[test]
fn an_account_closes_when_its_time_has_come_and_no_case_is_open() {
    let closing = Status::Closing { until: LATER };
    assert_eq!(closing.lapsed(None, LATER.before(TICK)), None);
    assert_eq!(closing.lapsed(None, LATER), Some(Status::Closed));
    assert_eq!(closing.lapsed(Some(case()), LATER), None);
    for status in ALL_STATUSES.into_iter().filter(|status| *status != closing) {
        assert_eq!(status.lapsed(None, LATER), None);
    }
    // A late sweep gives nobody more time; a case does.
    let undo = |open, now| word(&decide(closing, Act::UndoClose, &Rights::Owner, proof(), open, now));
    assert_eq!(undo(None, LATER.before(TICK)), "active");
    assert_eq!(undo(None, LATER), "!account_closed");
    assert_eq!(undo(Some(case()), LATER), "active");
    // What replaced owners had begun to close is not closed; what they had suspended stays so.
    assert_eq!(closing.recovered(), Status::Active);
    assert_eq!(Status::Suspended.recovered(), Status::Suspended);
}

#[test]
fn what_each_status_allows() {
    let uses = [Use::Read, Use::Leave, Use::TakeAway, Use::Give, Use::ChangeOwners, Use::Arrange, Use::Recover];
    assert_eq!(uses, Use::ALL);
    let rows = [
        (["", "", "", ""], ["account_pending"; 3]),
        ([""; 4], [""; 3]),
        (["", "", "", "account_suspended"], ["account_suspended", "account_suspended", ""]),
        (["", "", "", "account_closing"], ["account_closing", "account_closing", ""]),
        (["", "", "account_closed", "account_closed"], ["account_closed"; 3]),
    ];
    for (status, (first, second)) in ALL_STATUSES.into_iter().zip(rows) {
        for (wanted, expected) in uses.into_iter().zip(first.into_iter().chain(second)) {
            let answer = status.allows(wanted).err().map_or("", |refusal| refusal.code());
            assert_eq!(answer, expected, "{wanted:?} in {status:?}");
        }
    }
}
