//! How many of those removed may stay silent: the alerts are part of the proof.

use super::{
    explore::{fails_somewhere, holds},
    properties::{CONTESTED, NO_TAKEOVER, PURGED},
    scene::{
        Power::{Colleagues, Grab, Pack, Thin},
        Scene,
    },
};

/// The fewest silent ones among the removed with whom the attackers win, if there is such a number.
fn fewest(attackers: u8, administrators: u8, prepare: impl Fn(Scene) -> Scene) -> Option<u8> {
    let wins = |silent: &u8| {
        let scene = Scene::of(attackers, administrators).silent(*silent).with(&[Grab, Thin]);
        fails_somewhere(prepare(scene), NO_TAKEOVER)
    };
    (0..=administrators - attackers).find(wins)
}

#[test]
fn how_many_may_stay_silent() {
    let table = [(1, 2, 1), (1, 3, 2), (1, 4, 3), (1, 5, 4), (2, 4, 1), (2, 5, 2)];
    for (attackers, administrators, silent) in table {
        let found = fewest(attackers, administrators, |scene| scene);
        assert_eq!(found, Some(silent), "{attackers} of {administrators}");
    }
}

#[test]
fn one_alone_needs_a_puppet_where_two_must_approve() {
    for (administrators, silent) in [(2, 1), (3, 2), (4, 3)] {
        let alone = fewest(1, administrators, |scene| scene.min_approvals(2));
        assert_eq!(alone, None, "1 of {administrators}");
        let packed = fewest(1, administrators, |scene| scene.min_approvals(2).puppets(1).with(&[Pack]));
        assert_eq!(packed, Some(silent), "1 of {administrators}, with a puppet");
    }
}

#[test]
fn colleagues_may_speak_for_the_silent() {
    holds(Scene::of(2, 5).silent(2).with(&[Grab, Thin, Colleagues]), &[PURGED, CONTESTED]);
}
