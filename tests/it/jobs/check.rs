//! Accounts in which somebody has written behind the log's back are halted: nothing comes of a count there until it is mended.

use quorate::{
    app::{
        account_status::ChangeStatus,
        act,
        check_account::{Checked, check_account},
        owners::Asked,
    },
    hash::Hash,
    id::UserId,
    jobs::check::sweep,
    ownership::account::Act,
    recovery::{ballot::Choice, case::Case},
    store::{halts, tx::Backend},
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::harness::{
    TestDb, on_both,
    world::{Team, World, hours},
};

on_both!(
    nothing_is_found_where_nothing_is_wrong,
    an_account_is_halted_and_goes_on_once_it_is_mended,
    a_forged_ballot_makes_no_quorum,
    an_earlier_due_moment_completes_nothing,
    a_ballot_that_was_changed_with_its_entry_makes_no_quorum,
    an_account_that_nobody_owns_is_halted,
    an_account_whose_owner_cannot_act_is_halted,
    an_account_without_a_case_is_looked_at_as_well,
    every_account_is_reached_however_many_there_are,
    what_makes_no_sense_halts_in_few_words,
);

/// A case that waits.
async fn waiting(world: &World) -> (Team, Case) {
    let team = world.account("recommended", 4).await;
    let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
    let case = world.approve(&case, &team.admins[1..]).await;
    assert_eq!(case.state.word(), "waiting");
    world.deliver().await;
    (team, case)
}

async fn check(world: &World) {
    sweep(&world.app, &CancellationToken::new()).await.unwrap();
}

async fn halted(world: &World) -> Vec<String> {
    let all = halts::all(&mut world.app.db.read().await.unwrap()).await.unwrap();
    all.into_iter().map(|halt| halt.why).collect()
}

/// Statements behind the back of the triggers.
async fn tamper(world: &World, statements: &str) {
    world.disarm().await;
    let disarmed = match world.app.db.backend() {
        Backend::Sqlite => "pragma foreign_keys = off",
        Backend::Postgres => "set session_replication_role = replica",
    };
    world.script(&format!("{disarmed}; {statements}")).await;
}

/// Time acts on the case, and is stopped.
async fn is_stopped(world: &World, case: &Case) {
    let before = world.case(case.id()).await;
    assert!(act::tick(&world.app, case.id()).await.is_err());
    assert_eq!(world.case(case.id()).await, before);
}

async fn nothing_is_found_where_nothing_is_wrong(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    assert_eq!(check_account(&world.app, team.id).await.unwrap(), Checked::Well);
    check(&world).await;
    assert_eq!(halted(&world).await, Vec::<String>::new());
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.case(case.id()).await.state.word(), "completed", "the control");
}

async fn an_account_is_halted_and_goes_on_once_it_is_mended(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    // An entry of another matter, which no case rests on.
    tamper(&world, "update activity set kind = 'account.renamed' where kind = 'account.created'").await;
    check(&world).await;
    assert_eq!(halted(&world).await, ["entry 1: the column `kind` does not say what the entry says"]);
    world.advance(hours(72));
    is_stopped(&world, &case).await;
    tamper(&world, "update activity set kind = 'account.created' where kind = 'account.renamed'").await;
    assert_eq!(check_account(&world.app, team.id).await.unwrap(), Checked::Lifted);
    world.sweep().await;
    assert_eq!(world.case(case.id()).await.state.word(), "completed");
}

async fn a_forged_ballot_makes_no_quorum(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
    world.approve(&case, &team.admins[1..3]).await;
    world.tick().await;
    assert_eq!(world.case(case.id()).await.state.word(), "collecting", "the control: two are too few");
    let stuffed = "insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
        select case_id, (select max(e.user_id) from electors e where not exists (select 1 from ballots o where o.user_id = e.user_id)),
            account_id, choice, way, terms_hash, cast_at, live from ballots limit 1";
    let stuffed = match world.app.db.backend() {
        Backend::Sqlite => stuffed.to_owned(),
        // It has no greatest of its ids.
        Backend::Postgres => stuffed.replace("max(e.user_id)", "max(e.user_id::text)::uuid"),
    };
    tamper(&world, &stuffed).await;
    is_stopped(&world, &case).await;
    check(&world).await;
    assert!(halted(&world).await[0].contains("other ballots than the log tells"), "{:?}", halted(&world).await);
}

async fn an_earlier_due_moment_completes_nothing(test: TestDb) {
    let world = World::new(test);
    let (_, case) = waiting(&world).await;
    world.advance(hours(30));
    tamper(&world, "update cases set due_at = since_at, wake_at = since_at").await;
    is_stopped(&world, &case).await;
    check(&world).await;
    assert!(halted(&world).await[0].contains("another state"), "{:?}", halted(&world).await);
}

async fn a_ballot_that_was_changed_with_its_entry_makes_no_quorum(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
    world.approve(&case, &team.admins[1..3]).await;
    world.vote(&case, team.admins[3], Choice::Reject).await.unwrap();
    // Both say the same now; the hash of the entry does not.
    let changed = "update ballots set choice = 'approve' where choice = 'reject';
        update activity set body = replace(body, '\"choice\":\"reject\"', '\"choice\":\"approve\"') where kind = 'case.ballot_cast'";
    tamper(&world, changed).await;
    is_stopped(&world, &case).await;
    check(&world).await;
    assert_eq!(halted(&world).await.len(), 1);
}

async fn an_account_that_nobody_owns_is_halted(test: TestDb) {
    let world = World::new(test);
    let (_, _) = waiting(&world).await;
    tamper(&world, "update members set owner = false where owner").await;
    check(&world).await;
    assert_eq!(halted(&world).await, ["replaying the log gives other owners than the database has"]);
}

const NONE_CAN_ACT: &str =
    "the account is active, and none of its owners can act: each is suspended, invited or not confirmed";

/// A change by which no owner can act any more, which the log does not tell, and what undoes it.
const DISABLED: [(&str, &str); 3] = [
    ("update members set status = 'suspended' where owner", "update members set status = 'active' where owner"),
    ("update members set status = 'invited' where owner", "update members set status = 'active' where owner"),
    (
        "update users set confirmed_at = null where id in (select user_id from members where owner)",
        "update users set confirmed_at = created_at where confirmed_at is null",
    ),
];

/// As [`tamper`], and constraints are out of the way as well.
async fn tamper_with_owners(world: &World, statements: &str) {
    let unbound = match world.app.db.backend() {
        Backend::Sqlite => "pragma ignore_check_constraints = on",
        Backend::Postgres => "alter table members drop constraint if exists members_owner_keeps_access",
    };
    tamper(world, &format!("{unbound}; {statements}")).await;
}

async fn an_account_whose_owner_cannot_act_is_halted(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    for (disable, undo) in DISABLED {
        tamper_with_owners(&world, disable).await;
        check(&world).await;
        assert_eq!(halted(&world).await, [NONE_CAN_ACT], "{disable}");
        tamper(&world, undo).await;
        check(&world).await;
        assert_eq!(halted(&world).await, Vec::<String>::new(), "{undo}");
    }
    tamper_with_owners(&world, DISABLED[0].0).await;
    check(&world).await;
    world.advance(hours(72));
    is_stopped(&world, &case).await;
    tamper(&world, DISABLED[0].1).await;
    assert_eq!(check_account(&world.app, team.id).await.unwrap(), Checked::Lifted);
    world.sweep().await;
    assert_eq!(world.case(case.id()).await.state.word(), "completed");
}

async fn an_account_without_a_case_is_looked_at_as_well(test: TestDb) {
    let world = World::new(test);
    let (quiet, other) = (world.account("multi-owner", 1).await, world.account("recommended", 1).await);
    let (stopped, pending) =
        (world.account("recommended", 1).await, world.pending_account("recommended", 0, &json!({})).await);
    world.change_owners(&quiet, world.proven(quiet.owner), quiet.admins[0], Asked::Grant).await.unwrap();
    let (app, account, principal) = (world.app.clone(), stopped.id, world.proven(stopped.owner));
    world.app.db.run(ChangeStatus { app, account, act: Act::Suspend, principal }).await.unwrap();
    check(&world).await;
    assert_eq!(halted(&world).await, Vec::<String>::new(), "{} waits for its owner", pending.id);

    let literal = |user: UserId| match world.app.db.backend() {
        Backend::Sqlite => format!("x'{}'", user.uuid().simple()),
        Backend::Postgres => format!("'{}'", user.uuid()),
    };
    let suspend = async |user: UserId| {
        let of = literal(user);
        tamper_with_owners(&world, &format!("update members set status = 'suspended' where user_id = {of}")).await;
        check(&world).await;
        let all = halts::all(&mut world.app.db.read().await.unwrap()).await.unwrap();
        all.into_iter().map(|halt| halt.account_id).collect::<Vec<_>>()
    };
    assert_eq!(suspend(stopped.owner).await, [], "the account is not in use");
    for account in [stopped.id, pending.id] {
        assert_eq!(check_account(&world.app, account).await.unwrap(), Checked::Well);
    }
    assert_eq!(suspend(quiet.owner).await, [], "another owner can act");
    assert_eq!(suspend(quiet.admins[0]).await, [quiet.id]);
    assert_eq!(suspend(other.owner).await, [quiet.id, other.id]);
}

async fn every_account_is_reached_however_many_there_are(test: TestDb) {
    let world = World::new(test);
    let (team, _) = waiting(&world).await;
    let quiet = world.account("recommended", 0).await;
    // A thousand that are to be looked at before these two, a hundred of which are halted for nothing.
    let (id, hash) = match world.app.db.backend() {
        Backend::Sqlite => ("unhex(printf('%032x', i))", "zeroblob(32)"),
        Backend::Postgres => ("lpad(to_hex(i), 32, '0')::uuid", "decode(repeat('00', 32), 'hex')"),
    };
    let numbers = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)";
    let of = match world.app.db.backend() {
        Backend::Sqlite => format!("x'{}'", quiet.id.uuid().simple()),
        Backend::Postgres => format!("'{}'", quiet.id.uuid()),
    };
    let copies = format!(
        "{numbers} insert into accounts (id, name, preset, policy, created_at, version, head_seq, head_hash, status, depth)
         select {id}, name, preset, policy, created_at, version, 0, {hash}, 'pending', depth from n, accounts where accounts.id = {of};
         {numbers} insert into halts (account_id, why, found_at)
         select {id}, 'nothing', (select created_at from accounts where accounts.id = {of}) from n where i <= 100"
    );
    tamper(&world, &copies).await;
    tamper_with_owners(&world, &format!("update members set status = 'invited' where owner and account_id = {of}"))
        .await;
    tamper(&world, "update activity set kind = 'account.renamed' where kind = 'account.created'").await;
    check(&world).await;
    let all = halts::all(&mut world.app.db.read().await.unwrap()).await.unwrap();
    let halted: Vec<_> = all.into_iter().map(|halt| halt.account_id).collect();
    assert_eq!(halted, [team.id, quiet.id]);
}

async fn what_makes_no_sense_halts_in_few_words(test: TestDb) {
    let world = World::new(test);
    waiting(&world).await;
    let head = "(select max(seq) from activity)";
    tamper(&world, "update accounts set head_seq = -1").await;
    check(&world).await;
    assert!(halted(&world).await[0].contains("accounts"), "{:?}", halted(&world).await);
    tamper(&world, &format!("update accounts set head_seq = {head}")).await;
    check(&world).await;
    assert_eq!(halted(&world).await, Vec::<String>::new());
    // What somebody has written stands in the words for it, and not all of it.
    let body = format!("{{\"{}\":1}}", "x".repeat(3000));
    let hash = match world.app.db.backend() {
        Backend::Sqlite => format!("x'{}'", Hash::of(&body)),
        Backend::Postgres => format!("'\\x{}'", Hash::of(&body)),
    };
    tamper(&world, &format!("update activity set body = '{body}', hash = {hash} where seq = {head}")).await;
    check(&world).await;
    let why = halted(&world).await.remove(0);
    assert!(why.contains("is not readable") && why.chars().count() == 500, "{why}");
}
