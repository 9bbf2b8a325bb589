//! Who opens a case, who votes, and what they are told when they may not.

use quorate::{
    app::{act::Asked, change_member, open_case::OpenCase, view},
    ownership::member::Status,
    recovery::{ballot::Choice, terms::Kind},
};
use serde_json::json;

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, World, ballot, days, hours, refused, signed_in},
};

on_both!(
    a_stranger_learns_nothing,
    a_member_without_the_right_is_told_so,
    the_unseasoned_are_told_from_when,
    one_open_case_each,
    after_a_case_that_failed_its_opener_waits,
    one_approval_over_all_cases,
    other_terms_are_refused,
    the_nominee_is_an_active_confirmed_member,
    a_case_needs_an_owner_and_a_statement,
    a_single_owner_is_replaced_never_joined,
    joining_the_owners_leaves_them_in_place,
);

async fn a_stranger_learns_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let stranger = world.stranger().await;
    refused(world.open(&team, stranger, team.admins[0]).await, "not_found");
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    refused(world.vote(&case, stranger, Choice::Approve).await, "not_found");
    for asked in [Asked::TakeBack, Asked::Pause, Asked::Veto, Asked::Withdraw] {
        refused(world.act(case.id(), world.proven(stranger), asked).await, "not_found");
    }
    refused(view::case::case(&world.app, &signed_in(stranger), case.id()).await, "not_found");
    refused(view::account::account(&world.app, &signed_in(stranger), team.id).await, "not_found");
    world.check(team.id).await;
}

async fn a_member_without_the_right_is_told_so(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let member = world.join(&team, signed_in(team.admins[0]), "user").await;
    let why = refused(world.open(&team, member, team.admins[0]).await, "no_standing");
    assert_eq!(
        why,
        "only administrators with standing open a recovery case: you are not an administrator of this account"
    );
    let case = world.open(&team, team.admins[0], member).await.unwrap();
    let why = refused(world.vote(&case, member, Choice::Approve).await, "not_an_elector");
    assert_eq!(why, "you are not among the electors of this case: you are not an administrator of this account");
    let why = refused(world.vote(&case, team.owner, Choice::Reject).await, "not_an_elector");
    assert!(why.ends_with("owners act as owners, and do not vote"), "{why}");
    refused(world.open(&team, team.owner, member).await, "no_standing");
    world.check(team.id).await;
}

async fn the_unseasoned_are_told_from_when(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let founding = world.join(&team, world.proven(team.owner), "administrator").await;
    world.advance(hours(24) + MICROSECOND);
    let late = world.join(&team, world.proven(team.owner), "administrator").await;
    let from = world.app.now().after(hours(72));
    let case = world.open(&team, founding, team.admins[0]).await.expect("named in the first 24 hours");
    assert_eq!((case.electors.len(), case.terms.required), (4, 3), "more than half of all five administrators");
    for why in [
        refused(world.open(&team, late, team.admins[0]).await, "no_standing"),
        refused(world.vote(&case, late, Choice::Approve).await, "not_an_elector"),
    ] {
        assert!(why.contains(&from.to_string()), "{why}");
    }
    world.advance(hours(72) - MICROSECOND);
    refused(world.open(&team, late, team.admins[0]).await, "no_standing");
    world.advance(MICROSECOND);
    world.open(&team, late, team.admins[0]).await.unwrap();
    refused(world.vote(&case, late, Choice::Approve).await, "not_an_elector");
    world.check(team.id).await;
}

async fn one_open_case_each(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let why = refused(world.open(&team, team.admins[0], team.admins[2]).await, "one_open_case_each");
    assert!(why.contains(&case.id().to_string()), "{why}");
    world.open(&team, team.admins[1], team.admins[2]).await.unwrap();
    world.check(team.id).await;
}

async fn after_a_case_that_failed_its_opener_waits(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.act(case.id(), signed_in(team.admins[0]), Asked::Withdraw).await.unwrap();
    let until = world.app.now().after(days(7));
    let why = refused(world.open(&team, team.admins[0], team.admins[1]).await, "reopen_after");
    assert!(why.contains(&until.to_string()), "{why}");
    world.open(&team, team.admins[2], team.admins[1]).await.expect("others open one now");
    world.advance(days(7) - MICROSECOND);
    refused(world.open(&team, team.admins[0], team.admins[1]).await, "reopen_after");
    world.advance(MICROSECOND);
    world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.check(team.id).await;
}

async fn one_approval_over_all_cases(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let first = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let second = world.open(&team, team.admins[1], team.admins[2]).await.unwrap();
    let voter = team.admins[3];
    world.approve(&first, &[voter]).await;
    let why = refused(world.vote(&second, voter, Choice::Approve).await, "approval_elsewhere");
    assert!(why.contains(&first.id().to_string()), "{why}");
    world.vote(&second, voter, Choice::Reject).await.expect("a rejection is no approval");
    world.act(first.id(), signed_in(voter), Asked::TakeBack).await.unwrap();
    world.vote(&second, voter, Choice::Approve).await.unwrap();
    refused(world.vote(&first, voter, Choice::Approve).await, "approval_elsewhere");
    // An approval ends with its case.
    world.veto(&second, team.owner).await.unwrap();
    world.vote(&first, voter, Choice::Approve).await.unwrap();
    world.check(team.id).await;
}

async fn other_terms_are_refused(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let first = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let second = world.open(&team, team.admins[1], team.admins[1]).await.unwrap();
    let shown = ballot(&second, Choice::Approve);
    let why = refused(world.act(first.id(), world.proven(team.admins[2]), shown).await, "terms_differ");
    assert!(why.contains(&first.terms_hash.to_string()), "{why}");
    assert_eq!(world.case(first.id()).await.count().approvals, 0);
}

async fn the_nominee_is_an_active_confirmed_member(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let invited = world.invite(&team, signed_in(team.admins[0]), "user").await.unwrap().member.user;
    let stranger = world.stranger().await;
    let suspended = world.join(&team, signed_in(team.admins[0]), "user").await;
    let asked = change_member::Asked::Status(Status::Suspended);
    world.change(&team, signed_in(team.admins[0]), suspended, asked).await.unwrap();
    for unfit in [invited, stranger, suspended, team.owner] {
        refused(world.open(&team, team.admins[0], unfit).await, "nominee_unfit");
    }
    world.accept(&team, invited).await.unwrap();
    world.open(&team, team.admins[0], invited).await.unwrap();
    world.check(team.id).await;
}

async fn a_case_needs_an_owner_and_a_statement(test: TestDb) {
    let world = World::new(test);
    let team = world.pending_account("single-owner", 3, &json!({})).await;
    for admin in &team.admins {
        world.accept(&team, *admin).await.unwrap();
    }
    refused(world.open(&team, team.admins[0], team.admins[1]).await, "account_pending");
    world.accept(&team, team.owner).await.unwrap();
    for statement in [" ".to_owned(), "x".repeat(2001)] {
        let (app, kind, principal) = (world.app.clone(), Kind::Replace, signed_in(team.admins[0]));
        let open = OpenCase { app, account: team.id, kind, nominee: team.admins[1], statement, principal };
        refused(world.app.db.run(open).await, "statement_length");
    }
    world.check(team.id).await;
}

async fn a_single_owner_is_replaced_never_joined(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let opened = world.open_as(&team, Kind::Add, signed_in(team.admins[0]), team.admins[1]).await;
    let why = refused(opened, "one_owner_only");
    assert!(why.contains("`replace`"), "{why}");
}

async fn joining_the_owners_leaves_them_in_place(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let [opener, nominee, c, d, _] = team.admins[..] else { panic!() };
    let case = world.open_as(&team, Kind::Add, signed_in(opener), nominee).await.unwrap();
    // The nominee's own approval is recorded, and not counted.
    assert_eq!(world.approve(&case, &[opener, nominee, c]).await.state.word(), "collecting");
    assert_eq!(world.approve(&case, &[d]).await.state.word(), "waiting");
    world.sweep().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.owners(&team).await, [team.owner, nominee].into());
    assert_eq!(world.member(&team, team.owner).await.unwrap().member.status, Status::Active);
    world.check(team.id).await;
}
