//! The controls: with its guard switched off, each attack is found.
//!
//! Nothing is switched off in the service; the model feeds the real code what it would be fed without the guard.

use super::{
    explore::falls,
    properties::{
        BALLOTS_STAY, EXIT, NO_BAIT, NO_TAKEOVER, ONE_HUMAN_ONE_VOTE, PACK_WAIT_OPEN, QUORUM_STAYS, REMOVE_THEN_OPEN,
        REMOVE_WAIT_OPEN, VETO_IN_TIME, VETO_WINS,
    },
    scene::{
        Guard,
        Power::{AddBack, Bait, Grab, NoNotice, Object, Pack, Recover, Replicas, Retreat, Shuffle, Strip, Thin},
        Scene,
    },
};

#[test]
fn remove_the_others_then_open() {
    let one_of_three = Scene::of(1, 3).with(&[Grab, Thin]);
    falls(one_of_three.without(Guard::StandingIsSlow), REMOVE_THEN_OPEN);
    let two_of_five = Scene::of(2, 5).min_approvals(2).with(&[Grab, Thin]);
    falls(two_of_five.without(Guard::StandingIsSlow), REMOVE_THEN_OPEN);
}

#[test]
fn remove_the_others_wait_then_open() {
    let one_of_three = Scene::of(1, 3).with(&[Grab, Thin]);
    falls(one_of_three.without(Guard::Contest), REMOVE_WAIT_OPEN);
    let two_of_five = Scene::of(2, 5).min_approvals(2).with(&[Grab, Thin]);
    falls(two_of_five.without(Guard::Contest), REMOVE_WAIT_OPEN);
}

#[test]
fn add_puppets_wait_then_open() {
    let one_of_three = Scene::of(1, 3).puppets(2).with(&[Grab, Pack]);
    falls(one_of_three.without(Guard::AdditionsAreConfirmed), PACK_WAIT_OPEN);
    let two_of_five = Scene::of(2, 5).puppets(2).with(&[Grab, Pack]);
    falls(two_of_five.without(Guard::AdditionsAreConfirmed), PACK_WAIT_OPEN);
}

#[test]
fn bait_and_switch_of_the_nominee() {
    let scene = Scene::of(1, 3).with(&[Grab, Bait, Retreat]).without(Guard::TermsHash);
    falls(scene.clone(), NO_BAIT);
    falls(scene, NO_TAKEOVER);
}

#[test]
fn an_approver_removed_and_added_again() {
    let scene = Scene::of(2, 5).with(&[Grab, Shuffle, AddBack]).without(Guard::SamePerson);
    falls(scene.clone(), ONE_HUMAN_ONE_VOTE);
    falls(scene, NO_TAKEOVER);
}

#[test]
fn void_approvals_by_suspending_voters() {
    let scene = Scene::of(2, 5).with(&[Thin, Recover, Strip]).without(Guard::BallotsAreKept);
    falls(scene.clone(), BALLOTS_STAY);
    falls(scene, QUORUM_STAYS);
}

#[test]
fn completion_over_a_saved_veto() {
    let scene = Scene::of(0, 2).with(&[Recover, Object, Replicas]);
    falls(scene.without(Guard::CompareAndSet), VETO_WINS);
}

#[test]
fn veto_refused_at_the_due_instant() {
    let scene = Scene::of(0, 2).with(&[Recover, Object, Replicas]);
    falls(scene.without(Guard::VetoGoesFirst), VETO_IN_TIME);
}

#[test]
fn a_quorum_that_waits_for_ever() {
    falls(Scene::of(0, 2).with(&[Recover]).without(Guard::PlaceIsFreed), EXIT);
}

#[test]
fn a_waiting_period_prolonged_for_ever() {
    falls(Scene::of(0, 2).with(&[Recover, NoNotice]).without(Guard::OneExtension), EXIT);
}
