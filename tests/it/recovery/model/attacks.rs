//! INVARIANT 36: fewer than half of the roster never win, whatever they add, remove, open, withdraw or wait for.
//!
//! `QUORATE_TEST_ROUNDS=full` (or `QUORATE_TEST_FULL=1`) explores the larger scenes too.

use super::{
    explore::{full, holds},
    properties::{
        ATTEMPTED, BAITED, CONTESTED, NOMINEE_LOST, PAUSED, PROPOSED, PURGED, RACED, RECOVERED, STRIPPED_IN_VAIN,
        STRUCK_BACK, VETOED,
    },
    scene::{
        Power::{
            AddBack, Bait, Grab, NoNotice, Object, Pack, Recover, Replicas, Retreat, Shuffle, StrikeBack, Strip,
            SuspendNominee, Thin,
        },
        Scene,
    },
};

#[test]
fn one_of_three_and_one_of_four_with_every_power() {
    let all = [Grab, Thin, Shuffle, AddBack, Pack, Retreat, Strip];
    for administrators in [3, 4] {
        let scene = Scene::of(1, administrators).puppets(2).with(&all);
        holds(scene, &[ATTEMPTED, PURGED, CONTESTED, PROPOSED]);
    }
}

#[test]
fn two_of_five_who_remove_the_others() {
    holds(Scene::of(2, 5).with(&[Grab, Thin, AddBack, Retreat]), &[ATTEMPTED, PURGED, CONTESTED]);
}

#[test]
fn two_of_five_who_add_puppets() {
    holds(Scene::of(2, 5).puppets(1).with(&[Grab, Thin, Pack]), &[ATTEMPTED, PURGED, CONTESTED, PROPOSED]);
    if full() {
        holds(Scene::of(2, 5).puppets(2).with(&[Grab, Thin, Pack, AddBack]), &[ATTEMPTED, PURGED, PROPOSED]);
    }
}

#[test]
fn two_of_five_who_remove_and_add_each_other() {
    holds(Scene::of(2, 5).with(&[Grab, Shuffle, AddBack]), &[ATTEMPTED]);
    if full() {
        holds(Scene::of(2, 5).with(&[Grab, Thin, Shuffle, AddBack]), &[ATTEMPTED, PURGED, CONTESTED]);
    }
}

#[test]
fn exactly_half_win_no_more_than_fewer() {
    for (attackers, administrators) in [(1, 2), (2, 4)] {
        let scene = Scene::of(attackers, administrators).puppets(1).with(&[Grab, Thin, Pack, AddBack]);
        holds(scene, &[ATTEMPTED, PURGED, CONTESTED, PROPOSED]);
    }
}

#[test]
fn a_recovery_under_attack() {
    let attacked = [Thin, Recover, Strip];
    let all = [Grab, Thin, AddBack, Retreat, Recover, StrikeBack, Strip];
    holds(Scene::of(1, 3).with(&all), &[RECOVERED, STRIPPED_IN_VAIN, STRUCK_BACK]);
    holds(Scene::of(2, 5).with(&attacked), &[RECOVERED, STRIPPED_IN_VAIN, PURGED]);
    if full() {
        holds(Scene::of(1, 4).with(&attacked).with(&[Grab, StrikeBack]), &[RECOVERED, STRIPPED_IN_VAIN, STRUCK_BACK]);
        holds(Scene::of(2, 5).with(&attacked).with(&[Grab]), &[RECOVERED, STRIPPED_IN_VAIN, ATTEMPTED]);
    }
}

#[test]
fn a_nominee_is_not_switched() {
    let bait = [Grab, Bait, Recover, Retreat];
    for administrators in [3, 4] {
        holds(Scene::of(1, administrators).with(&bait), &[RECOVERED, BAITED]);
    }
    if full() {
        holds(Scene::of(1, 3).with(&bait).with(&[Thin]), &[RECOVERED, BAITED, PURGED]);
        holds(Scene::of(2, 5).with(&bait), &[RECOVERED, BAITED]);
    }
}

#[test]
fn an_owner_who_is_there_after_all() {
    let raced = [Object, Recover, Replicas, Retreat];
    for (attackers, administrators) in [(0, 2), (1, 3), (2, 5)] {
        holds(Scene::of(attackers, administrators).with(&raced), &[RECOVERED, VETOED, PAUSED, RACED]);
    }
}

#[test]
fn an_owner_whose_mail_never_arrives() {
    let unreached = [Object, Recover, Replicas, Retreat, NoNotice];
    holds(Scene::of(1, 3).with(&unreached), &[RECOVERED, VETOED, PAUSED, RACED]);
    if full() {
        holds(Scene::of(1, 3).with(&unreached).with(&[Thin]), &[RECOVERED, VETOED, PAUSED, RACED, PURGED]);
    }
}

/// One administrator alone cannot win, but can make a case fail: by suspending its nominee as it comes due.
#[test]
fn a_nominee_suspended_at_the_end() {
    holds(Scene::of(1, 3).with(&[Recover, SuspendNominee]), &[RECOVERED, NOMINEE_LOST]);
}
