//! When owners are reminded of a key that lies in its safe, and of what.

use jiff::SignedDuration;
use proptest::prelude::*;
use quorate::{
    moment::Moment,
    ownership::{
        key_reminder::{
            AHEAD,
            Reminder::{Drill, Expires, GetsOld},
            due, next,
        },
        paper_key::Key,
        readiness::{DRILL_AGAIN, KEY_AGE},
    },
};

use super::{fixtures::START, paper_key::key};
use crate::harness::world::{MICROSECOND, days};

/// The first of them, each at the moment before which the next comes.
fn told(key: &Key, of: usize) -> Vec<(i64, quorate::ownership::key_reminder::Reminder)> {
    let mut at = key.issued_at;
    let mut told = Vec::new();
    for _ in 0..of {
        let (moment, reminder) = next(key, at);
        told.push((moment.since(START).as_hours() / 24, reminder));
        at = moment;
    }
    told
}

#[test]
fn a_key_is_to_be_drilled_each_half_year_and_replaced_after_two() {
    let (old, drill) = (GetsOld { at: START.after(KEY_AGE) }, Drill { since: START });
    assert_eq!(told(&key(1), 5), [(180, drill), (360, drill), (540, drill), (700, old), (720, drill)]);
    let drilled = Key { drilled_at: Some(START.after(days(170))), ..key(1) };
    let drill = Drill { since: START.after(days(170)) };
    assert_eq!(told(&drilled, 3), [(350, drill), (530, drill), (700, old)]);
}

#[test]
fn an_end_that_was_set_is_told_a_month_ahead() {
    let at = START.after(days(100));
    let expiring = Key { expires_at: Some(at), ..key(1) };
    assert_eq!(told(&expiring, 1), [(70, Expires { at })]);
    // Whoever sets it less than a month ahead knows.
    let soon = Key { expires_at: Some(START.after(AHEAD)), ..key(1) };
    assert_eq!(told(&soon, 1), [(180, Drill { since: START })]);
}

#[test]
fn what_is_due_is_what_was_planned() {
    let key = key(1);
    let (at, reminder) = next(&key, START);
    assert_eq!(due(&key, at), Some(reminder));
    assert_eq!((due(&key, at.before(MICROSECOND)), due(&key, at.after(MICROSECOND))), (None, None));
    assert_eq!(due(&key, START), None, "as keys stand that were issued before there were reminders");
}

proptest! {
    /// However long nobody looked, the next one lies ahead, by half a year at most.
    #[test]
    fn the_next_one_is_ahead(
        after in 0_i64..4_000 * 24,
        drilled in proptest::option::of(0_i64..4_000 * 24),
        expires in proptest::option::of(1_i64..4_000 * 24),
    ) {
        let hours = |hours: i64| START.after(SignedDuration::from_hours(hours));
        let after: Moment = hours(after);
        let drilled_at = drilled.map(hours).filter(|at| *at <= after);
        let key = Key { drilled_at, expires_at: expires.map(hours), ..key(1) };
        let (at, reminder) = next(&key, after);
        prop_assert!(at > after && at <= after.after(DRILL_AGAIN));
        prop_assert_eq!(due(&key, at), Some(reminder));
    }
}
