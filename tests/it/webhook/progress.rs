//! How far the webhooks of an endpoint come.

use jiff::SignedDuration;
use proptest::prelude::*;
use quorate::{
    id::DeliveryId,
    moment::Moment,
    webhook::{
        progress::{Failure, From, Progress, Status, Task, Why},
        refusal::Refusal,
        schedule::PATIENCE,
    },
};

const START: Moment = Moment::from_micros(1_764_000_000_000_000);

fn test_id() -> DeliveryId {
    DeliveryId::from_uuid(uuid::Uuid::from_u128(7))
}

fn later(seconds: i64) -> Moment {
    START.after(SignedDuration::from_secs(seconds))
}

const OTHER: Failure = Failure::Other(None);

#[test]
fn entries_come_one_after_the_other() {
    let new = Progress::new(3);
    assert_eq!((new.task(3, START), new.next_look(3, START)), (Task::None, None));
    assert_eq!(new.task(5, START), Task::Entry { after: 3, until: 5 });
    let done = new.done(4, START);
    assert_eq!(done.task(5, START), Task::Entry { after: 4, until: 5 });
    assert_eq!(done.done(5, START).next_look(5, START), None);
    assert_eq!(done.done(2, START).cursor, 4, "it never goes back");
}

#[test]
fn what_failed_waits_and_nothing_overtakes_it() {
    let failed = Progress::new(3).failed(OTHER, START, 0);
    assert_eq!((failed.attempts, failed.failing_since), (1, Some(START)));
    assert_eq!(failed.task(9, START), Task::None);
    assert_eq!(failed.next_look(9, START), Some(later(5)));
    assert_eq!(failed.task(9, later(5)), Task::Entry { after: 3, until: 9 });
    let taken = failed.done(4, later(5));
    assert_eq!((taken.attempts, taken.failing_since, taken.retry_at), (0, None, None));
}

#[test]
fn a_long_failure_ends_it_and_gone_at_once() {
    let gone = Progress::new(3).failed(Failure::Gone, START, 0);
    assert_eq!(gone.status, Status::Disabled { why: Why::Gone, at: START });
    let (mut progress, mut now) = (Progress::new(3), START);
    while progress.status == Status::Active {
        progress = progress.failed(OTHER, now, 0);
        now = progress.next_look(9, now).unwrap_or(now);
    }
    assert_eq!(progress.status, Status::Disabled { why: Why::Failed, at: START.after(PATIENCE) });
    assert_eq!((progress.task(9, now), progress.next_look(9, now)), (Task::None, None));
    assert_eq!(progress.turned_on(From::Stop, 9).unwrap(), Progress::new(3), "nothing was lost");
    assert_eq!(progress.turned_on(From::Now, 9).unwrap(), Progress::new(9));
}

#[test]
fn a_test_comes_first_and_leaves_the_rest() {
    let failing = Progress::new(3).failed(OTHER, START, 0).failed(OTHER, later(5), 0);
    let asked = failing.test(test_id()).unwrap();
    assert_eq!((asked.task(9, START), asked.next_look(9, START)), (Task::Test(test_id()), Some(START)));
    assert_eq!(asked.test(DeliveryId::from_uuid(uuid::Uuid::from_u128(8))).unwrap(), asked, "one at a time");
    assert_eq!(asked.test_failed(), failing);
    let taken = asked.test_taken();
    assert_eq!((taken.next_look(9, later(6)), taken.attempts), (Some(later(6)), 2), "the rest is tried at once");
    let off = Progress::new(3).turned_off(START).test(test_id()).unwrap();
    assert_eq!(off.next_look(9, START), Some(START), "also where it is off");
    assert_eq!(off.test_taken().next_look(9, START), None);
}

#[test]
fn an_owner_turns_it_off_and_on() {
    let off = Progress::new(3).turned_off(START);
    assert_eq!(off.status, Status::Disabled { why: Why::Owner, at: START });
    assert_eq!(off.turned_off(later(1)), off);
    let sent_meanwhile = off.failed(Failure::Gone, later(1), 0);
    assert_eq!(sent_meanwhile.status, off.status, "why it is off stays as it was");
    let on = off.turned_on(From::Stop, 9).unwrap();
    assert_eq!(on.turned_on(From::Now, 9).unwrap(), on, "it is on already, so nothing is skipped");
}

#[test]
fn a_recovery_is_the_last_thing_that_it_hears() {
    let ending = Progress::new(3).recovered(7, START);
    assert_eq!(ending.task(9, START), Task::Entry { after: 3, until: 7 });
    let told = ending.done(7, later(1));
    assert_eq!(told.status, Status::Disabled { why: Why::Recovered, at: later(1) });
    assert_eq!(told.next_look(99, later(1)), None);
    for ended in [ending, told, ending.failed(Failure::Gone, START, 0), ending.turned_off(START)] {
        assert!(ended.secret_ended());
        assert_eq!(ended.turned_on(From::Stop, 9), Err(Refusal::SecretEnded));
        assert_eq!(ended.test(test_id()), Err(Refusal::SecretEnded));
        let renewed = ended.new_secret(later(2));
        assert_eq!(renewed.status, Status::Disabled { why: Why::Owner, at: later(2) });
        assert!(renewed.turned_on(From::Stop, 9).is_ok());
    }
    let tried = Progress::new(3).test(test_id()).unwrap().recovered(7, START);
    assert_eq!(tried.task(9, START), Task::Entry { after: 3, until: 7 }, "a test is no news of the recovery");
    assert_eq!(ending.recovered(9, later(1)), ending, "a second recovery gives it no more");
    let off = Progress::new(3).turned_off(START).recovered(7, later(1));
    assert_eq!(off.status, Status::Disabled { why: Why::Recovered, at: later(1) });
}

#[test]
fn a_new_secret_of_one_that_is_on_leaves_it_on() {
    let progress = Progress::new(3).failed(OTHER, START, 0);
    assert_eq!(progress.new_secret(later(1)), progress);
}

/// Anything that can happen to an endpoint.
#[derive(Debug, Clone, Copy)]
enum Step {
    Log,
    Work { taken: bool, gone: bool },
    Test,
    Off,
    On { now: bool },
    Secret,
    Recovery,
    Wait { seconds: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Log),
        6 => (any::<bool>(), 0..10).prop_map(|(taken, gone)| Step::Work { taken, gone: gone == 0 }),
        1 => Just(Step::Test),
        1 => Just(Step::Off),
        1 => any::<bool>().prop_map(|now| Step::On { now }),
        1 => Just(Step::Secret),
        1 => Just(Step::Recovery),
        3 => (0_i64..200_000).prop_map(|seconds| Step::Wait { seconds }),
    ];
    prop::collection::vec(step, 1..80)
}

proptest! {
    /// Every entry is sent once it is its turn, none twice after it was taken, none out of its order, and none after the
    /// recovery that ended the secret, until there is another one.
    #[test]
    fn nothing_is_lost_or_overtaken(steps in steps()) {
        let (mut progress, mut head, mut now) = (Progress::new(0), 0_u64, START);
        let (mut taken, mut barred): (u64, Option<u64>) = (0, None);
        for step in steps {
            match step {
                Step::Log => head += 1,
                Step::Wait { seconds } => now = now.after(SignedDuration::from_secs(seconds)),
                Step::Test => progress = progress.test(test_id()).unwrap_or(progress),
                Step::Off => progress = progress.turned_off(now),
                Step::On { now: skip } => {
                    if let Ok(on) = progress.turned_on(if skip { From::Now } else { From::Stop }, head) {
                        if skip && on != progress {
                            taken = head;
                        }
                        progress = on;
                    }
                }
                Step::Secret => {
                    if progress.secret_ended() {
                        barred = None;
                    }
                    progress = progress.new_secret(now);
                }
                Step::Recovery => {
                    head += 1;
                    progress = progress.recovered(head, now);
                    barred = barred.or(Some(head));
                }
                Step::Work { taken: does, gone } => match progress.task(head, now) {
                    Task::None => {}
                    Task::Test(_) => progress = if does { progress.test_taken() } else { progress.test_failed() },
                    Task::Entry { after, until } => {
                        prop_assert_eq!(after, taken);
                        prop_assert!(until <= head && after < until);
                        prop_assert!(barred.is_none_or(|last| after < last), "{after} {barred:?}");
                        if does {
                            taken = after + 1;
                            progress = progress.done(taken, now);
                        } else {
                            let how = if gone { Failure::Gone } else { OTHER };
                            progress = progress.failed(how, now, 0);
                        }
                    }
                },
            }
            // A worker comes back whenever there is something to do, and not where there is not.
            let due = progress.next_look(head, now).is_some_and(|at| at <= now);
            prop_assert_eq!(due, progress.task(head, now) != Task::None);
            prop_assert_eq!(progress.failing_since.is_none(), progress.attempts == 0);
            prop_assert!(progress.retry_at.is_none() || progress.attempts > 0);
        }
    }
}
