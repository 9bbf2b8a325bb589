//! Members, administrators and owners: who changes whom, and what protects an owner.

use std::collections::BTreeSet;

use quorate::{
    app::{
        change_member::Asked, error::Error, invite::Accept, owners::Asked as Ownership, principal::Principal,
        rename_account::RenameAccount, view,
    },
    id::UserId,
    ownership::{member::Status, owner::Outcome},
    recovery::{ballot::Choice, standing::NoStanding},
};
use serde_json::json;

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, OPERATOR, Team, World, days, hours, refused, signed_in},
};

on_both!(
    an_account_is_pending_until_its_first_owner_accepts,
    who_may_change_members,
    owners_are_protected_from_everybody,
    the_last_owner_stays,
    ownership_is_granted_and_revoked_by_owners,
    a_single_owner_does_not_grant,
    an_owner_renames_the_account,
    an_owner_removes_an_administrator_at_once,
    an_owner_proves_it_before_touching_administrators,
    whoever_leaves_loses_their_ballot,
    what_the_platform_adds_needs_a_confirmation,
);

const SUSPEND: Asked = Asked::Status(Status::Suspended);
const RESUME: Asked = Asked::Status(Status::Active);

async fn standing(world: &World, team: &Team, user: UserId) -> Option<NoStanding> {
    let roster = view::roster::roster(&world.app, &world.proven(team.owner), team.id).await.unwrap();
    roster.people.iter().find(|place| place.user == user).map_or(Some(NoStanding::NotAdministrator), |it| it.reason)
}

async fn status(world: &World, team: &Team) -> &'static str {
    view::account::account(&world.app, &OPERATOR, team.id).await.unwrap().account.status
}

async fn an_account_is_pending_until_its_first_owner_accepts(test: TestDb) {
    let world = World::new(test);
    let team = world.pending_account("recommended", 2, &json!({})).await;
    assert_eq!(status(&world, &team).await, "pending");
    world.check(team.id).await;
    world.accept(&team, team.admins[0]).await.unwrap();
    assert_eq!(status(&world, &team).await, "pending");
    refused(
        world.change_owners(&team, world.proven(team.admins[0]), team.admins[0], Ownership::Grant).await,
        "owners_only",
    );
    world.accept(&team, team.owner).await.unwrap();
    assert_eq!(status(&world, &team).await, "active");
    assert_eq!(world.letters(team.id, team.owner, "new_owner_welcome").await.len(), 1);
    refused(world.accept(&team, team.owner).await, "dead_link");
    // Accepting by signing in comes to the same, and accepting twice changes nothing.
    let accept = || Accept { app: world.app.clone(), account: team.id, principal: signed_in(team.admins[1]) };
    world.app.db.run(accept()).await.unwrap();
    let before = world.activity(team.id).await.len();
    world.app.db.run(accept()).await.unwrap();
    assert_eq!(world.activity(team.id).await.len(), before);
    world.check(team.id).await;
}

async fn who_may_change_members(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let [admin, other] = team.admins[..] else { panic!() };
    let member = world.join(&team, signed_in(admin), "member").await;
    let platform = world.platform(None).await;

    // Without the right, nobody changes anybody; leaving is everybody's own.
    refused(world.invite(&team, signed_in(member), "member").await, "may_not_manage_members");
    refused(world.invite(&team, OPERATOR, "member").await, "may_not_manage_members");
    for asked in [Asked::Role("member".to_owned()), SUSPEND, RESUME, Asked::Remove] {
        let code = if asked == Asked::Remove { "may_not_delete_members" } else { "may_not_manage_members" };
        refused(world.change(&team, signed_in(member), other, asked.clone()).await, code);
        refused(world.change(&team, OPERATOR, other, asked).await, code);
    }
    refused(world.change(&team, signed_in(admin), other, Asked::Leave).await, "only_themselves");
    refused(world.change(&team, platform.clone(), other, Asked::Leave).await, "only_themselves");
    refused(world.change(&team, signed_in(admin), member, Asked::Role("king".to_owned())).await, "invalid");
    refused(world.change(&team, signed_in(admin), member, Asked::Status(Status::Invited)).await, "invalid");

    // Administrators, owners and the platform's token do.
    for by in [signed_in(admin), world.proven(team.owner), platform.clone(), world.platform(Some(admin)).await] {
        let invited = world.invite(&team, by.clone(), "member").await.unwrap().member.user;
        refused(world.change(&team, by.clone(), invited, SUSPEND).await, "not_accepted");
        world.accept(&team, invited).await.unwrap();
        let role = |name: &str| Asked::Role(name.to_owned());
        let changed = world.change(&team, by.clone(), invited, role("administrator")).await.unwrap().unwrap();
        assert!(changed.member.administrator);
        world.change(&team, by.clone(), invited, role("member")).await.unwrap();
        let suspended = world.change(&team, by.clone(), invited, SUSPEND).await.unwrap().unwrap();
        assert_eq!(suspended.member.status, Status::Suspended);
        refused(world.change(&team, signed_in(invited), invited, Asked::Leave).await, "suspended");
        let resumed = world.change(&team, by.clone(), invited, RESUME).await.unwrap().unwrap();
        assert_eq!(resumed.member.status, Status::Active);
        assert_eq!(world.change(&team, by.clone(), invited, Asked::Remove).await.unwrap(), None);
        refused(world.change(&team, by, invited, Asked::Remove).await, "not_found");
    }
    // A token for somebody has no more rights than they have.
    let weak = world.platform(Some(member)).await;
    refused(world.change(&team, weak, other, SUSPEND).await, "may_not_manage_members");
    let alien = world.platform(Some(world.stranger().await)).await;
    refused(world.change(&team, alien, other, SUSPEND).await, "not_found");
    assert_eq!(world.change(&team, signed_in(member), member, Asked::Leave).await.unwrap(), None);
    world.check(team.id).await;
}

/// Whoever asks: the owner themselves, another owner, an administrator, a token.
async fn owners_are_protected_from_everybody(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let second = team.admins[0];
    world.change_owners(&team, world.proven(team.owner), second, Ownership::Grant).await.unwrap();
    let platform = world.platform(None).await;
    let acting = world.platform(Some(second)).await;
    let everybody = [
        world.proven(team.owner),
        world.proven(second),
        world.proven(team.admins[1]),
        platform.clone(),
        acting.clone(),
    ];
    let before = (world.member(&team, team.owner).await, world.activity(team.id).await.len());
    for by in &everybody {
        for asked in [SUSPEND, Asked::Remove] {
            let why = refused(world.change(&team, by.clone(), team.owner, asked).await, "owner_protected");
            assert!(why.contains("revoke their ownership, make the change, then grant it back"), "{why}");
        }
    }
    refused(world.change(&team, world.proven(team.owner), team.owner, Asked::Leave).await, "owner_protected");
    for by in [signed_in(team.admins[1]), platform, acting] {
        let asked = Asked::Role("member".to_owned());
        refused(world.change(&team, by, team.owner, asked).await, "owner_protected");
    }
    assert_eq!((world.member(&team, team.owner).await, world.activity(team.id).await.len()), before);

    // The way out that the refusal names.
    world.change_owners(&team, world.proven(second), team.owner, Ownership::Revoke).await.unwrap();
    world.change(&team, world.proven(second), team.owner, SUSPEND).await.unwrap();
    refused(world.change_owners(&team, world.proven(second), team.owner, Ownership::Grant).await, "not_active_member");
    world.change(&team, world.proven(second), team.owner, RESUME).await.unwrap();
    world.change_owners(&team, world.proven(second), team.owner, Ownership::Grant).await.unwrap();
    world.check(team.id).await;
}

async fn the_last_owner_stays(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let [second, _] = team.admins[..] else { panic!() };
    let owner = || world.proven(team.owner);
    let why = refused(world.change_owners(&team, owner(), team.owner, Ownership::Revoke).await, "last_owner");
    assert!(why.contains("grant ownership to another member first"), "{why}");
    world.change_owners(&team, owner(), second, Ownership::Grant).await.unwrap();
    world.change_owners(&team, owner(), team.owner, Ownership::Revoke).await.unwrap();
    refused(world.change_owners(&team, world.proven(second), second, Ownership::Revoke).await, "last_owner");
    assert_eq!(world.owners(&team).await, BTreeSet::from([second]));
    world.check(team.id).await;
}

async fn ownership_is_granted_and_revoked_by_owners(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let [second, admin] = team.admins[..] else { panic!() };
    let member = world.join(&team, signed_in(admin), "member").await;
    let invited = world.invite(&team, signed_in(admin), "member").await.unwrap().member.user;
    let grant = async |by: Principal, user| world.change_owners(&team, by, user, Ownership::Grant).await;
    refused(grant(signed_in(team.owner), second).await, "needs_fresh_proof");
    refused(grant(world.proven(admin), second).await, "owners_only");
    refused(grant(world.proven(member), member).await, "owners_only");
    refused(grant(OPERATOR, second).await, "people_only");
    refused(grant(world.platform(Some(team.owner)).await, second).await, "people_only");
    refused(grant(world.proven(team.owner), invited).await, "not_active_member");
    refused(grant(world.proven(team.owner), world.stranger().await).await, "not_found");

    assert_eq!(grant(world.proven(team.owner), second).await.unwrap(), Outcome::Changed);
    assert_eq!(grant(world.proven(team.owner), second).await.unwrap(), Outcome::AlreadySo);
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner, second]));
    assert_eq!(standing(&world, &team, second).await, Some(NoStanding::Owner), "owners act as owners");
    assert_eq!(world.letters(team.id, team.owner, "owners_changed").await.len(), 1);
    assert_eq!(world.letters(team.id, second, "new_owner_welcome").await.len(), 1);
    let revoke = async |by: Principal, user| world.change_owners(&team, by, user, Ownership::Revoke).await;
    refused(revoke(signed_in(team.owner), second).await, "needs_fresh_proof");
    refused(revoke(world.proven(admin), second).await, "owners_only");
    assert_eq!(revoke(world.proven(team.owner), second).await.unwrap(), Outcome::Changed);
    assert_eq!(revoke(world.proven(team.owner), second).await.unwrap(), Outcome::AlreadySo);
    assert_eq!(world.letters(team.id, second, "owners_changed").await.len(), 1, "whoever loses it is told");
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));
    world.check(team.id).await;
}

async fn a_single_owner_does_not_grant(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let granted = world.change_owners(&team, world.proven(team.owner), team.admins[0], Ownership::Grant).await;
    let why = refused(granted, "transfer_instead");
    assert!(why.contains("transfer it instead"), "{why}");
    // Otherwise there is no difference: an administrator cannot delete the owner, the owner can delete them.
    refused(world.change(&team, signed_in(team.admins[0]), team.owner, Asked::Remove).await, "owner_protected");
    world.change(&team, world.proven(team.owner), team.admins[0], Asked::Remove).await.unwrap();
    world.check(team.id).await;
}

/// The owner removes at once what others remove only after S.
async fn an_owner_removes_an_administrator_at_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let [a, b, c, d, _] = team.admins[..] else { panic!() };
    let case = world.open(&team, a, d).await.unwrap();
    world.approve(&case, &[b, c]).await;
    world.change(&team, world.proven(team.owner), b, Asked::Remove).await.unwrap();
    assert_eq!(standing(&world, &team, b).await, Some(NoStanding::NotAdministrator));
    assert_eq!(world.case(case.id()).await.count().approvals, 1);
    refused(world.vote(&case, b, Choice::Approve).await, "ballot_lost");

    world.change(&team, signed_in(a), c, SUSPEND).await.unwrap();
    assert_eq!(standing(&world, &team, c).await, None);
    assert_eq!(world.case(case.id()).await.count().approvals, 1, "their ballot stays");
    world.advance(days(7) - MICROSECOND);
    assert_eq!(standing(&world, &team, c).await, None);
    world.advance(MICROSECOND);
    assert_eq!(standing(&world, &team, c).await, Some(NoStanding::NotAdministrator));
    // Given back after that, their access is an addition like any other.
    world.change(&team, signed_in(a), c, RESUME).await.unwrap();
    assert_eq!(standing(&world, &team, c).await, Some(NoStanding::NeedsConfirmation));
    world.check(team.id).await;
}

async fn an_owner_proves_it_before_touching_administrators(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let member = world.join(&team, signed_in(team.admins[0]), "member").await;
    let owner = signed_in(team.owner);
    let promote = Asked::Role("administrator".to_owned());
    refused(world.invite(&team, owner.clone(), "administrator").await, "needs_fresh_proof");
    refused(world.change(&team, owner.clone(), member, promote).await, "needs_fresh_proof");
    for asked in [SUSPEND, Asked::Remove, Asked::Role("member".to_owned())] {
        refused(world.change(&team, owner.clone(), team.admins[0], asked).await, "needs_fresh_proof");
    }
    world.invite(&team, owner.clone(), "member").await.expect("no administrator is concerned");
    world.change(&team, owner, member, Asked::Remove).await.unwrap();
    world.check(team.id).await;
}

async fn whoever_leaves_loses_their_ballot(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let [opener, leaver, .., nominee] = team.admins[..] else { panic!() };
    let case = world.open(&team, opener, nominee).await.unwrap();
    assert_eq!(world.approve(&case, &team.admins[1..4]).await.state.word(), "waiting");
    world.change(&team, signed_in(leaver), leaver, Asked::Leave).await.unwrap();
    assert_eq!(world.state(&case).await, "collecting");
    assert_eq!(world.entries(&case, "case.ballot_lost").await, 1);
    assert_eq!(standing(&world, &team, leaver).await, Some(NoStanding::NotAdministrator));
    refused(world.vote(&case, leaver, Choice::Approve).await, "ballot_lost");
    world.check(team.id).await;
}

async fn what_the_platform_adds_needs_a_confirmation(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let acting = world.platform(Some(team.owner)).await;
    for by in [world.platform(None).await, acting] {
        let added = world.join(&team, by, "administrator").await;
        world.advance(hours(1));
        assert_eq!(standing(&world, &team, added).await, Some(NoStanding::NeedsConfirmation), "also when young");
        let outcome: Result<_, Error> = world.open(&team, added, team.admins[0]).await;
        refused(outcome, "no_standing");
    }
    world.check(team.id).await;
}

async fn an_owner_renames_the_account(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let rename = async |principal: Principal, name: &str, version| {
        let (app, name) = (world.app.clone(), name.to_owned());
        world.app.db.run(RenameAccount { app, account: team.id, name, version, principal }).await
    };
    refused(rename(signed_in(team.owner), "Renamed", None).await, "needs_fresh_proof");
    refused(rename(world.proven(team.admins[0]), "Renamed", None).await, "owners_only");
    refused(rename(OPERATOR, "Renamed", None).await, "people_only");
    refused(rename(world.proven(world.stranger().await), "Renamed", None).await, "not_found");
    let renamed = rename(world.proven(team.owner), " Renamed ", None).await.unwrap();
    assert_eq!(renamed.name, "Renamed");
    refused(rename(world.proven(team.owner), "Again", Some(renamed.version - 1)).await, "changed");
    let again = rename(world.proven(team.owner), "Renamed", Some(renamed.version)).await.unwrap();
    assert_eq!(again.version, renamed.version, "the same name again changes nothing");
    assert!(rename(world.proven(team.owner), "two\nlines", None).await.is_err());
    world.check(team.id).await;
}
