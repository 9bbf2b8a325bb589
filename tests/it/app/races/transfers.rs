//! Transfers against whatever else happens to an account's owners at the same moment: it always has an owner who can act,
//! and never two offers that wait.

use std::{collections::BTreeSet, pin::Pin};

use quorate::{
    app::{
        account_status::ChangeStatus,
        answer_transfer::{Answer, AnswerTransfer},
        app::App,
        change_member::{self, ChangeMember},
        error::Error,
        offer_transfer::OfferTransfer,
        owners::{Asked, ChangeOwners},
    },
    id::UserId,
    ownership::{
        account,
        member::Status,
        transfer::{State, Transfer},
    },
    store::db::Unit,
};

use crate::harness::{
    TestDb, on_both,
    race::{at_once, rounds, stumble, tell},
    world::{Team, World, code, signed_in},
};

on_both!(
    a_grant_against_a_revoke,
    a_transfer_against_a_revoke,
    a_transfer_against_a_suspension,
    a_transfer_against_the_suspension_of_the_account,
    an_acceptance_against_a_cancellation,
    two_offers_at_once,
);

type Racing = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// A unit of work on one of the replicas, after a while.
fn run<U: Unit<Error = Error>>(app: &App, unit: U, most: u16) -> Racing {
    let app = app.clone();
    Box::pin(async move {
        stumble(&app.chance, most).await;
        app.db.run(unit).await.map(drop)
    })
}

/// Who stumbles in that round: in turn the first, the second, and nobody.
const fn stumbles(round: u32) -> (u16, u16) {
    match round % 3 {
        0 => (2000, 1),
        1 => (1, 2000),
        _ => (1, 1),
    }
}

/// The codes of the refusals, or `done`.
async fn race(one: Racing, other: Racing) -> [&'static str; 2] {
    let outcomes = at_once(vec![one, other]).await;
    let words: Vec<&str> = outcomes.iter().map(|outcome| outcome.as_ref().map_or_else(code, |()| "done")).collect();
    [words[0], words[1]]
}

fn owners(world: &World, team: &Team, by: UserId, user: UserId, asked: Asked) -> ChangeOwners {
    ChangeOwners { app: world.app.clone(), account: team.id, user, asked, principal: world.proven(by) }
}

fn accept(world: &World, offer: &Transfer) -> AnswerTransfer {
    let (app, principal) = (world.app.clone(), world.proven(offer.to));
    AnswerTransfer { app, transfer: offer.id, answer: Answer::Accept, principal }
}

/// Says how it went, and that neither side always won.
fn told(world: &World, what: &str, first: u32, second: u32) {
    tell(&format!("{:?}: {what}: {first} to {second}", world.app.db.backend()));
    assert!(first > 0 && second > 0, "a race that one side always wins shows nothing: {what}, {first} to {second}");
}

/// One owner makes a third one while another takes ownership from the first.
async fn a_grant_against_a_revoke(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("recommended", 2).await;
    let (a, b, c) = (team.owner, team.admins[0], team.admins[1]);
    world.change_owners(&team, world.proven(a), b, Asked::Grant).await.unwrap();
    let (mut granted, mut refused) = (0, 0);
    for round in 0..rounds() {
        let (first, second) = stumbles(round);
        let grant = run(&world.app, owners(&world, &team, a, c, Asked::Grant), first);
        let revoke = run(&other, owners(&world, &team, b, a, Asked::Revoke), second);
        let left = world.owners(&team).await;
        assert_eq!(left, BTreeSet::from([a, b]));
        match race(grant, revoke).await {
            ["done", "done"] => {
                granted += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([b, c]));
                world.change_owners(&team, world.proven(b), c, Asked::Revoke).await.unwrap();
            }
            ["owners_only", "done"] => {
                refused += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([b]));
            }
            neither => panic!("{neither:?}"),
        }
        world.change_owners(&team, world.proven(b), a, Asked::Grant).await.unwrap();
    }
    world.check(team.id).await;
    told(&world, "grant against the revoke of its granter, granted to refused", granted, refused);
}

/// The member accepts while another owner takes ownership from whoever offered it.
async fn a_transfer_against_a_revoke(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("recommended", 2).await;
    let (a, b, c) = (team.owner, team.admins[0], team.admins[1]);
    world.change_owners(&team, world.proven(a), b, Asked::Grant).await.unwrap();
    let (mut accepted, mut revoked) = (0, 0);
    for round in 0..rounds() {
        let (first, second) = stumbles(round);
        let offer = world.offer(&team, world.proven(a), c).await.unwrap();
        let take = run(&world.app, accept(&world, &offer), first);
        let revoke = run(&other, owners(&world, &team, b, a, Asked::Revoke), second);
        let words = race(take, revoke).await;
        match (words, world.transfer(offer.id).await.state) {
            // What is revoked is no ownership any more, which changes nothing.
            (["done", "done"], State::Accepted { .. }) => {
                accepted += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([b, c]));
                world.change_owners(&team, world.proven(b), c, Asked::Revoke).await.unwrap();
            }
            (["transfer_ended", "done"], State::Cancelled { .. }) => {
                revoked += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([b]));
            }
            neither => panic!("{neither:?}"),
        }
        world.change_owners(&team, world.proven(b), a, Asked::Grant).await.unwrap();
    }
    world.check(team.id).await;
    told(&world, "acceptance against the revoke of whoever offered", accepted, revoked);
}

/// The member accepts while an administrator suspends them.
async fn a_transfer_against_a_suspension(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("single-owner", 2).await;
    let (mut owner, mut to, admin) = (team.owner, team.admins[0], team.admins[1]);
    let (mut accepted, mut suspended) = (0, 0);
    let mut offer = world.offer(&team, world.proven(owner), to).await.unwrap();
    let change = |user, status| ChangeMember {
        app: world.app.clone(),
        account: team.id,
        user,
        asked: change_member::Asked::Status(status),
        version: None,
        principal: signed_in(admin),
    };
    for round in 0..rounds() {
        let (first, second) = stumbles(round);
        let take = run(&world.app, accept(&world, &offer), first);
        let suspend = run(&other, change(to, Status::Suspended), second);
        match race(take, suspend).await {
            ["done", "owner_protected"] => {
                accepted += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([to]));
                std::mem::swap(&mut owner, &mut to);
                offer = world.offer(&team, world.proven(owner), to).await.unwrap();
            }
            ["suspended", "done"] => {
                suspended += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([owner]));
                world.app.db.run(change(to, Status::Active)).await.unwrap();
            }
            neither => panic!("{neither:?}"),
        }
    }
    world.check(team.id).await;
    told(&world, "acceptance against the suspension of the member", accepted, suspended);
}

/// The member accepts while the owner suspends the whole account.
async fn a_transfer_against_the_suspension_of_the_account(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("single-owner", 1).await;
    let (mut owner, mut to) = (team.owner, team.admins[0]);
    let (mut accepted, mut suspended) = (0, 0);
    let mut offer = world.offer(&team, world.proven(owner), to).await.unwrap();
    let turn = |by, act| ChangeStatus { app: world.app.clone(), account: team.id, act, principal: world.proven(by) };
    for round in 0..rounds() {
        let (first, second) = stumbles(round);
        let take = run(&world.app, accept(&world, &offer), first);
        let suspend = run(&other, turn(owner, account::Act::Suspend), second);
        match race(take, suspend).await {
            ["done", "owners_only"] => {
                accepted += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([to]));
                std::mem::swap(&mut owner, &mut to);
                offer = world.offer(&team, world.proven(owner), to).await.unwrap();
            }
            ["account_suspended", "done"] => {
                suspended += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([owner]));
                world.app.db.run(turn(owner, account::Act::Resume)).await.unwrap();
            }
            neither => panic!("{neither:?}"),
        }
    }
    world.check(team.id).await;
    told(&world, "acceptance against the suspension of the account", accepted, suspended);
}

/// The member accepts while the owner takes the offer back.
async fn an_acceptance_against_a_cancellation(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("single-owner", 1).await;
    let (mut owner, mut to) = (team.owner, team.admins[0]);
    let (mut accepted, mut taken_back) = (0, 0);
    for round in 0..rounds() {
        let (first, second) = stumbles(round);
        let offer = world.offer(&team, world.proven(owner), to).await.unwrap();
        let cancel = AnswerTransfer {
            app: world.app.clone(),
            transfer: offer.id,
            answer: Answer::Cancel,
            principal: world.proven(owner),
        };
        let words = race(run(&world.app, accept(&world, &offer), first), run(&other, cancel, second)).await;
        match (words, world.transfer(offer.id).await.state) {
            (["done", "owners_only"], State::Accepted { .. }) => {
                accepted += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([to]));
                std::mem::swap(&mut owner, &mut to);
            }
            (["transfer_ended", "done"], State::Cancelled { .. }) => {
                taken_back += 1;
                assert_eq!(world.owners(&team).await, BTreeSet::from([owner]));
            }
            neither => panic!("{neither:?}"),
        }
    }
    world.check(team.id).await;
    told(&world, "acceptance against cancellation", accepted, taken_back);
}

/// Two owners offer theirs to different members.
async fn two_offers_at_once(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("recommended", 3).await;
    let (a, b, c, d) = (team.owner, team.admins[0], team.admins[1], team.admins[2]);
    world.change_owners(&team, world.proven(a), b, Asked::Grant).await.unwrap();
    let offer = |by, to| OfferTransfer { app: world.app.clone(), account: team.id, to, principal: world.proven(by) };
    let (mut a_won, mut b_won) = (0, 0);
    for round in 0..rounds() {
        let (first, second) = stumbles(round);
        match race(run(&world.app, offer(a, c), first), run(&other, offer(b, d), second)).await {
            ["done", "transfer_pending"] => a_won += 1,
            ["transfer_pending", "done"] => b_won += 1,
            neither => panic!("{neither:?}"),
        }
        let offers = world.pending(&team).await;
        assert_eq!(offers.len(), 1, "one offer waits");
        world.answer(&offers[0], world.proven(b), Answer::Cancel).await.unwrap();
    }
    world.check(team.id).await;
    told(&world, "two offers at once", a_won, b_won);
}
