//! Random play, with every invariant of recovery checked after every step.

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use quorate::recovery::{
    action::Actor,
    ballot::Choice,
    case::{Case, State},
    decide::decide,
};

use super::{
    fixtures::{START, ballot, opened, quiet, user},
    invariants,
    steps::{Setup, Step, setup, step},
    world::World,
};

/// How many random stories: 256, or what `QUORATE_TEST_ROUNDS` says.
pub fn rounds() -> Config {
    let cases = std::env::var("QUORATE_TEST_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(256);
    Config { cases, failure_persistence: None, ..Config::default() }
}

fn story(setup: &Setup, steps: &[Step]) -> World {
    let mut world = setup.world();
    for step in steps {
        world.play(step);
        invariants::check(&world);
        inv_23_no_state_is_a_dead_end(&world);
    }
    world
}

/// Time alone, and the wake-up moments that the cases themselves ask for, end every case.
fn inv_23_no_state_is_a_dead_end(world: &World) {
    let mut world = world.clone();
    for _ in 0..60 {
        world.changes.clear();
        // A sweep that comes late may find two things to do, one after the other.
        for _ in 0..3 {
            world.sweep();
        }
        let taken = world.cases.values().any(|tracked| tracked.case.state.holds_place());
        let next = world
            .open_cases()
            .into_iter()
            .filter_map(|id| {
                let case = &world.cases[&id].case;
                let wake = case.wake_at(world.now).expect("an open case sleeps for ever");
                assert!(wake > world.now, "a wake-up that changes nothing: {:?}", case.state);
                let waits_for_place = taken && case.state == State::Collecting;
                (!waits_for_place).then_some(wake)
            })
            .min();
        let Some(next) = next else {
            assert!(world.open_cases().is_empty(), "cases wait for a place that nobody has");
            return invariants::check(&world);
        };
        world.now = next;
    }
    panic!("still open after 60 wake-ups: {:?}", world.open_cases());
}

proptest! {
    #![proptest_config(rounds())]

    #[test]
    fn every_invariant_holds_after_every_step(setup in setup(), steps in prop::collection::vec(step(), 1..=120)) {
        story(&setup, &steps);
    }

    /// INVARIANT 13: in whatever order the same ballots come, and however often, the outcome is the same.
    #[test]
    fn inv_13_order_and_repetition_of_ballots_do_not_matter(
        ballots in prop::collection::vec(prop_oneof![Just(Choice::Approve), Just(Choice::Reject)], 1..=7)
            .prop_flat_map(|choices| {
                let numbered: Vec<_> = (11..).zip(choices).collect();
                (Just(numbered.clone()), Just(numbered).prop_shuffle(), any::<u64>())
            })
    ) {
        let (in_order, shuffled, repeats) = ballots;
        let people = u128::try_from(in_order.len()).unwrap() + 1;
        let case = opened(people, 90);
        let once = cast_all(case.clone(), &in_order, 0);
        let other = cast_all(case, &shuffled, repeats);
        prop_assert_eq!(once.state, other.state);
        if !once.state.is_final() {
            prop_assert_eq!(once, other);
        }
    }
}

fn cast_all(mut case: Case, ballots: &[(u128, Choice)], repeats: u64) -> Case {
    for (nth, (voter, choice)) in ballots.iter().enumerate() {
        for _ in 0..=(repeats >> nth & 1) {
            let actor = Actor::Person(user(*voter));
            match decide(&case, &quiet(&case), ballot(&case, *choice), actor, START) {
                Ok(decision) => case = decision.case,
                Err(refusal) => assert_eq!(refusal.code(), "case_ended"),
            }
        }
    }
    case
}

/// The play is worth nothing if nothing ever happens in it.
#[test]
fn the_play_reaches_everything_that_can_happen() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[42; 32]);
    let mut runner = TestRunner::new_with_rng(rounds(), rng);
    let stories = (setup(), prop::collection::vec(step(), 120));
    let mut seen = std::collections::BTreeMap::<String, u64>::new();
    for _ in 0..300 {
        let (setup, steps) = stories.new_tree(&mut runner).unwrap().current();
        let mut world = setup.world();
        for step in &steps {
            world.play(step);
            invariants::check(&world);
        }
        for (what, times) in world.seen {
            *seen.entry(what).or_default() += times;
        }
    }
    let missing: Vec<_> = EVERYTHING.iter().filter(|what| !seen.contains_key(**what)).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}\nseen: {seen:?}");
}

const EVERYTHING: [&str; 60] = [
    "case.opened",
    "case.ballot_cast",
    "case.ballot_taken_back",
    "case.ballot_lost",
    "case.quorum_reached",
    "case.fell_short",
    "case.paused",
    "case.resumed",
    "case.extended",
    "case.reminded",
    "case.completed",
    "case.completed without notice",
    "case.vetoed",
    "case.rejected out_of_reach",
    "case.rejected fell_short",
    "case.rejected nominee_unfit",
    "case.rejected owners_changed",
    "case.rejected superseded",
    "case.expired",
    "case.withdrawn",
    "added by an owner",
    "added by another",
    "restored",
    "joined",
    "removed by an owner or themselves",
    "removed by another",
    "contested",
    "confirmation recorded",
    "addition confirmed",
    "removal confirmed",
    "address changed",
    "owner_protected",
    "address_frozen",
    "address_too_new",
    "no_standing",
    "one_open_case_each",
    "reopen_after",
    "nominee_vetoed",
    "one_owner_only",
    "nominee_unfit",
    "out_of_reach",
    "case_ended",
    "not_an_elector",
    "ballot_lost",
    "way_not_allowed",
    "terms_differ",
    "approval_elsewhere",
    "not_an_owner",
    "nothing_to_pause",
    "already_paused",
    "no_pause_left",
    "not_the_opener",
    "too_late_to_withdraw",
    "needs_fresh_proof",
    "only_people",
    "only_the_service",
    "nothing_to_contest",
    "too_late_to_contest",
    "nothing_to_confirm",
    "no_say_in_roster",
];
