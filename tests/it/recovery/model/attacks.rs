//! Fewer than half of the roster never win, whatever they do.

use super::{
    explore::{fails_somewhere, holds},
    properties::*,
    scene::{Power::*, Scene},
};

#[test]
fn three_whole() {
    holds(Scene::of(1, 3).puppets(2).with(&[Grab, Thin, AddBack, Pack, Retreat, Strip, Shuffle]), &[ATTEMPTED, PURGED, CONTESTED, PROPOSED]);
}
#[test]
fn four_whole() {
    holds(Scene::of(1, 4).puppets(2).with(&[Grab, Thin, AddBack, Pack, Retreat, Strip, Shuffle]), &[ATTEMPTED, PURGED, CONTESTED, PROPOSED]);
}
#[test]
fn five_thin() {
    holds(Scene::of(2, 5).with(&[Grab, Thin, AddBack, Retreat]), &[ATTEMPTED, PURGED, CONTESTED]);
}
#[test]
fn five_shuffle() {
    holds(Scene::of(2, 5).with(&[Grab, Thin, AddBack, Shuffle]), &[ATTEMPTED, PURGED, CONTESTED]);
}
#[test]
fn five_pack() {
    holds(Scene::of(2, 5).puppets(1).with(&[Grab, Pack, Thin]), &[ATTEMPTED, PURGED, CONTESTED, PROPOSED]);
}
#[test]
fn three_recover() {
    holds(Scene::of(1, 3).with(&[Grab, Thin, AddBack, Recover, StrikeBack, Strip, Retreat]), &[RECOVERED, STRIPPED_IN_VAIN, STRUCK_BACK]);
}
#[test]
fn four_recover() {
    holds(Scene::of(1, 4).with(&[Grab, Thin, Recover, StrikeBack, Strip]), &[RECOVERED, STRIPPED_IN_VAIN, STRUCK_BACK]);
}
#[test]
fn five_recover() {
    holds(Scene::of(2, 5).with(&[Thin, Recover, Strip]), &[RECOVERED, STRIPPED_IN_VAIN]);
}
#[test]
fn three_bait() {
    holds(Scene::of(1, 3).with(&[Grab, Bait, Recover, Retreat, Thin]), &[RECOVERED, BAITED]);
}
#[test]
fn five_bait() {
    holds(Scene::of(2, 5).with(&[Grab, Bait, Recover, Retreat]), &[RECOVERED, BAITED]);
}
#[test]
fn three_owner() {
    holds(Scene::of(1, 3).with(&[Object, Recover, Replicas, Retreat]), &[RECOVERED, VETOED, PAUSED, RACED]);
}
#[test]
fn five_owner() {
    holds(Scene::of(2, 5).with(&[Object, Recover, Replicas, Retreat]), &[RECOVERED, VETOED, PAUSED, RACED]);
}
#[test]
fn no_notice() {
    holds(Scene::of(1, 3).with(&[Object, Recover, Replicas, Retreat, NoNotice, Thin]), &[RECOVERED, VETOED, PAUSED, RACED]);
}
#[test]
fn nominee() {
    holds(Scene::of(1, 3).with(&[Recover, SuspendNominee]), &[RECOVERED, NOMINEE_LOST]);
}
#[test]
fn table() {
    for min in 1..=2 { for n in 2..=5_u8 { for k in 1..=n/2 { for s in 0..=(n-k) {
        let scene = Scene::of(k, n).puppets(1).silent(s).min_approvals(min).with(&[Grab, Thin, Pack]);
        println!("min {min} n {n} k {k} s {s}: {}", fails_somewhere(scene, NO_TAKEOVER));
    }}}}
}
