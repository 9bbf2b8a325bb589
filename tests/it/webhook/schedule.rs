//! When a webhook that was not taken is sent again.

use jiff::SignedDuration;
use proptest::prelude::*;
use quorate::{
    moment::Moment,
    webhook::schedule::{Next, PATIENCE, after, retry_after},
};

const START: Moment = Moment::from_micros(1_764_000_000_000_000);

fn wait(attempt: u32, asked: Option<SignedDuration>) -> Option<SignedDuration> {
    match after(attempt, START, START, asked, 0) {
        Next::At(at) => Some(at.since(START)),
        Next::GiveUp => None,
    }
}

#[test]
fn the_waits_are_those_of_the_standard() {
    let seconds = |attempt| wait(attempt, None).unwrap().as_secs();
    let waits: Vec<i64> = (1..=11).map(seconds).collect();
    let hours = |hours: i64| hours * 3600;
    let expected = [5, 300, 1800, hours(2), hours(5), hours(10), hours(14), hours(20), hours(24), hours(24), hours(24)];
    assert_eq!(waits, expected);
    assert_eq!(seconds(0), 5);
    assert_eq!(seconds(u32::MAX), hours(24));
}

#[test]
fn a_receiver_is_left_alone_for_as_long_as_it_asks() {
    let minutes = SignedDuration::from_mins;
    assert_eq!(wait(1, Some(minutes(3))), Some(minutes(3)));
    assert_eq!(wait(3, Some(minutes(3))), Some(minutes(30)), "never shorter than planned");
    assert_eq!(wait(1, Some(minutes(60 * 24 * 30))), Some(minutes(60 * 24)), "nor longer than a day");
    assert_eq!(wait(1, Some(minutes(-5))), Some(SignedDuration::from_secs(5)));
}

#[test]
fn how_long_it_asks_is_read() {
    let seconds = |text| retry_after(text, START).map(|asked| asked.as_secs());
    assert_eq!(seconds("120"), Some(120));
    assert_eq!(seconds(" 0 "), Some(0));
    assert_eq!(seconds("Mon, 24 Nov 2025 16:02:00 GMT"), Some(120));
    assert_eq!(seconds("Mon, 24 Nov 2025 15:58:00 GMT"), Some(-120));
    for text in ["", "-1", "soon", "1.5", "99999999999999999999"] {
        assert_eq!(seconds(text), None, "{text}");
    }
}

proptest! {
    /// Whatever it answers and however lucky it is, it is tried for five days, and then no more.
    #[test]
    fn it_ends_after_five_days_and_not_before(
        luck in any::<u16>(),
        asked in proptest::option::of(-1_000_i64..1_000_000),
    ) {
        let (mut now, mut attempt) = (START, 1);
        while let Next::At(next) = after(attempt, START, now, asked.map(SignedDuration::from_secs), luck) {
            prop_assert!(next > now);
            prop_assert!(next.since(now) <= SignedDuration::from_secs(24 * 3600 * 11 / 10));
            (now, attempt) = (next, attempt + 1);
        }
        prop_assert_eq!(now.since(START), PATIENCE);
        prop_assert!((6..20).contains(&attempt), "{}", attempt);
    }
}

#[test]
fn one_that_was_left_lying_gets_its_attempts() {
    let late = START.after(PATIENCE).after(PATIENCE);
    assert_eq!(after(5, START, late, None, 0), Next::At(late.after(SignedDuration::from_hours(5))));
    assert_eq!(after(6, START, late, None, 0), Next::GiveUp);
}
