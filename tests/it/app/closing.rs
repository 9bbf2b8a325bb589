//! Suspending, resuming and closing an account: who does it, what it stops, what time makes of it, and who is told.

use jiff::SignedDuration;
use quorate::{
    app::{
        account_status::ChangeStatus, change_member::Asked, create_account::CreateAccount, error::Error,
        owners::Asked as Ownership, principal::Principal, rename_account::RenameAccount, view::account::account,
    },
    id::UserId,
    jobs::{closings, each::Swept},
    ownership::{account::Act, member::Status},
};
use serde_json::{Map, json};
use tokio_util::sync::CancellationToken;

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, OPERATOR, Team, World, days, hours, refused, signed_in},
};

on_both!(
    owners_do_it_and_nobody_else,
    a_suspended_account_gives_nothing,
    any_owner_undoes_a_closing_for_seven_days,
    time_closes_for_good,
    a_late_sweep_gives_no_more_time,
    while_a_case_is_open_nobody_does_it,
    a_recovery_ends_a_closing,
    a_closing_that_fails_stops_no_other,
);

/// Ids, and so mails, are in the order of time to the millisecond.
const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);

async fn change(world: &World, team: &Team, by: Principal, act: Act) -> Result<&'static str, Error> {
    let unit = ChangeStatus { app: world.app.clone(), account: team.id, act, principal: by };
    world.app.db.run(unit).await.map(|account| account.status.word())
}

async fn status(world: &World, team: &Team) -> &'static str {
    account(&world.app, &OPERATOR, team.id).await.unwrap().account.status
}

async fn sweep(world: &World) -> Swept {
    closings::sweep(&world.app, &CancellationToken::new()).await.unwrap()
}

async fn kinds(world: &World, team: &Team) -> Vec<String> {
    world.activity(team.id).await.into_iter().map(|line| line.kind).collect()
}

async fn told(world: &World, team: &Team, user: UserId) -> Vec<String> {
    let letters = world.letters(team.id, user, "account_status").await;
    // As one line each: where it is broken does not matter here.
    letters.into_iter().map(|letter| letter.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

async fn owners_do_it_and_nobody_else(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let member = world.join(&team, signed_in(team.admins[0]), "member").await;
    for act in [Act::Suspend, Act::Resume, Act::Close, Act::UndoClose] {
        for by in [world.proven(team.admins[0]), world.proven(member)] {
            refused(change(&world, &team, by, act).await, "owners_only");
        }
        refused(change(&world, &team, world.proven(world.stranger().await), act).await, "not_found");
        refused(change(&world, &team, OPERATOR, act).await, "people_only");
        refused(change(&world, &team, world.platform(None).await, act).await, "people_only");
        refused(change(&world, &team, world.platform(Some(team.owner)).await, act).await, "people_only");
        refused(change(&world, &team, signed_in(team.owner), act).await, "needs_fresh_proof");
    }
    let before = world.activity(team.id).await.len();
    assert_eq!(change(&world, &team, world.proven(team.owner), Act::Resume).await.unwrap(), "active");
    assert_eq!(world.activity(team.id).await.len(), before, "what is so already is not written down");
    assert_eq!(change(&world, &team, world.proven(team.owner), Act::Suspend).await.unwrap(), "suspended");
    assert_eq!(change(&world, &team, world.proven(team.owner), Act::Suspend).await.unwrap(), "suspended");
    refused(change(&world, &team, world.proven(team.owner), Act::UndoClose).await, "not_closing");
    world.advance(MILLISECOND);
    assert_eq!(change(&world, &team, world.proven(team.owner), Act::Resume).await.unwrap(), "active");
    let all = kinds(&world, &team).await;
    assert_eq!(all[before..], ["account.suspended", "account.resumed"]);
    // Its owners and administrators are told, once each time; other members are not.
    for reader in [team.owner, team.admins[0], team.admins[1]] {
        let mails = told(&world, &team, reader).await;
        assert_eq!(mails.len(), 2, "{mails:?}");
        assert!(mails[0].contains("suspended the account") && mails[1].contains("resumed the account"), "{mails:?}");
    }
    assert_eq!(told(&world, &team, member).await.len(), 0);
    // Before it has begun nobody owns it yet who could.
    let pending = world.pending_account("recommended", 0, &json!({})).await;
    refused(change(&world, &pending, world.proven(pending.owner), Act::Close).await, "owners_only");
    world.check(team.id).await;
}

async fn a_suspended_account_gives_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let by = || world.proven(team.owner);
    let member = world.join(&team, by(), "member").await;
    let invited = world.invite(&team, by(), "member").await.unwrap().member.user;
    world.change(&team, by(), member, Asked::Status(Status::Suspended)).await.unwrap();
    let rename = || RenameAccount {
        app: world.app.clone(),
        account: team.id,
        name: "Other".to_owned(),
        version: None,
        principal: by(),
    };
    let below = || CreateAccount {
        app: world.app.clone(),
        name: "Below".to_owned(),
        preset: None,
        parent: Some(team.id),
        reference: None,
        first_user: world.new_person(),
        administrators: Vec::new(),
        policy: Map::new(),
        principal: by(),
    };
    for (act, code) in [(Act::Suspend, "account_suspended"), (Act::Close, "account_closing")] {
        change(&world, &team, by(), act).await.unwrap();
        refused(world.invite(&team, by(), "member").await, code);
        refused(world.accept(&team, invited).await, code);
        refused(world.change(&team, by(), member, Asked::Status(Status::Active)).await, code);
        refused(world.change(&team, by(), team.admins[0], Asked::Role("member".to_owned())).await, code);
        refused(world.change_owners(&team, by(), team.admins[0], Ownership::Grant).await, code);
        refused(world.app.db.run(rename()).await, code);
        refused(world.app.db.run(below()).await, code);
    }
    // Access can be taken away, people can leave, and recovery works.
    world.change(&team, by(), team.admins[4], Asked::Remove).await.unwrap();
    world.change(&team, signed_in(team.admins[3]), team.admins[3], Asked::Leave).await.unwrap();
    world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.check(team.id).await;
}

async fn any_owner_undoes_a_closing_for_seven_days(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let second = team.admins[0];
    world.change_owners(&team, world.proven(team.owner), second, Ownership::Grant).await.unwrap();
    change(&world, &team, world.proven(team.owner), Act::Close).await.unwrap();
    let until = account(&world.app, &OPERATOR, team.id).await.unwrap().account.closing_until;
    assert_eq!(until, Some(world.app.now().after(days(7))));
    for act in [Act::Suspend, Act::Resume] {
        refused(change(&world, &team, world.proven(second), act).await, "account_closing");
    }
    world.advance(hours(1));
    change(&world, &team, world.proven(second), Act::Close).await.unwrap();
    let again = account(&world.app, &OPERATOR, team.id).await.unwrap().account.closing_until;
    assert_eq!(again, until, "closing it again moves nothing");
    world.advance(days(7) - hours(1) - MICROSECOND);
    assert_eq!(sweep(&world).await, Swept::default());
    assert_eq!(change(&world, &team, world.proven(second), Act::UndoClose).await.unwrap(), "active");
    world.advance(days(30));
    assert_eq!(sweep(&world).await, Swept::default());
    assert_eq!(status(&world, &team).await, "active");
    let mails = told(&world, &team, team.admins[1]).await;
    assert!(mails[0].contains("Until then any owner can undo that") && mails[1].contains("undid"), "{mails:?}");
    world.check(team.id).await;
}

async fn time_closes_for_good(test: TestDb) {
    let world = World::new(test);
    let (team, other) = (world.account("recommended", 1).await, world.account("recommended", 1).await);
    change(&world, &team, world.proven(team.owner), Act::Close).await.unwrap();
    world.advance(hours(1));
    change(&world, &other, world.proven(other.owner), Act::Close).await.unwrap();
    world.advance(days(7) - hours(1));
    assert_eq!(sweep(&world).await.looked_at, 1);
    assert_eq!((status(&world, &team).await, status(&world, &other).await), ("closed", "closing"));
    assert_eq!(sweep(&world).await.looked_at, 0);
    for act in [Act::Suspend, Act::Resume, Act::Close, Act::UndoClose] {
        refused(change(&world, &team, world.proven(team.owner), act).await, "account_closed");
    }
    refused(world.invite(&team, world.proven(team.owner), "member").await, "account_closed");
    refused(world.open(&team, team.admins[0], team.admins[0]).await, "account_closed");
    refused(world.change(&team, world.proven(team.owner), team.admins[0], Asked::Remove).await, "account_closed");
    // Nobody is held.
    world.change(&team, signed_in(team.admins[0]), team.admins[0], Asked::Leave).await.unwrap();
    let all = kinds(&world, &team).await;
    assert_eq!(all.iter().filter(|kind| *kind == "account.closed").count(), 1, "{all:?}");
    assert!(told(&world, &team, team.owner).await[1].contains("time in which an owner could undo"));
    world.check(team.id).await;
}

async fn a_late_sweep_gives_no_more_time(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    change(&world, &team, world.proven(team.owner), Act::Close).await.unwrap();
    world.advance(days(7));
    refused(change(&world, &team, world.proven(team.owner), Act::UndoClose).await, "account_closed");
    refused(world.open(&team, team.admins[0], team.admins[0]).await, "account_closed");
    // A refusal leaves no trace; whatever succeeds writes it down first.
    assert_eq!(status(&world, &team).await, "closing");
    world.change(&team, signed_in(team.admins[0]), team.admins[0], Asked::Leave).await.unwrap();
    assert_eq!(status(&world, &team).await, "closed");
    let all = kinds(&world, &team).await;
    let place = |wanted: &str| all.iter().position(|kind| kind == wanted).unwrap();
    assert!(place("account.closed") < place("member.left"), "{all:?}");
    world.check(team.id).await;
}

async fn while_a_case_is_open_nobody_does_it(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    for act in [Act::Suspend, Act::Close] {
        refused(change(&world, &team, world.proven(team.owner), act).await, "case_open");
    }
    world.veto(&case, team.owner).await.unwrap();
    change(&world, &team, world.proven(team.owner), Act::Close).await.unwrap();
    // A case that opens meanwhile keeps it from closing until it has ended.
    let case = world.open(&team, team.admins[2], team.admins[2]).await.unwrap();
    world.advance(days(8));
    assert_eq!(sweep(&world).await.looked_at, 0);
    assert_eq!(status(&world, &team).await, "closing");
    world.veto(&case, team.owner).await.unwrap();
    assert_eq!(sweep(&world).await.looked_at, 1);
    assert_eq!(status(&world, &team).await, "closed");
    world.check(team.id).await;
}

async fn a_recovery_ends_a_closing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    change(&world, &team, world.proven(team.owner), Act::Close).await.unwrap();
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.approve(&case, &[team.admins[0], team.admins[2]]).await;
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!((world.state(&case).await, status(&world, &team).await), ("completed", "active"));
    let kept = world.lines(&case, "account.kept").await;
    assert_eq!(kept.len(), 1);
    assert!(told(&world, &team, team.admins[1]).await[1].contains("A recovery gave the account a new owner"));
    world.check(team.id).await;
}

async fn a_closing_that_fails_stops_no_other(test: TestDb) {
    let world = World::new(test);
    let (bad, good) = (world.account("recommended", 1).await, world.account("recommended", 1).await);
    let (name, principal) = ("stuck".to_owned(), world.proven(bad.owner));
    let rename = RenameAccount { app: world.app.clone(), account: bad.id, name, version: None, principal };
    world.app.db.run(rename).await.unwrap();
    for team in [&bad, &good] {
        change(&world, team, world.proven(team.owner), Act::Close).await.unwrap();
    }
    world.script("update accounts set policy = '{}' where name = 'stuck'").await;
    world.advance(days(7));
    let swept = sweep(&world).await;
    assert_eq!((swept.looked_at, swept.failed), (2, 1));
    assert_eq!(status(&world, &good).await, "closed");
}
