//! What the database refuses by itself, whoever asks: SQL that goes around the code meets the invariants a second time.

use quorate::{
    activity::personal::Whose,
    app::{act::Asked, erase_values::erase, principal::Principal},
    id::{Id, UserId, kind},
    recovery::case::Case,
    store::{scene, tx::Backend},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, raw_sql, sqlite::SqliteConnectOptions};

use crate::harness::{
    TestDb, on_both,
    world::{Team, World, hours, signed_in},
};

on_both!(
    one_live_approval_per_person,
    one_ballot_per_case_and_person,
    one_waiting_case_per_account,
    one_open_case_per_opener,
    final_states_are_final,
    terms_never_change,
    a_due_moment_never_moves_earlier,
    owners_are_reminded_once,
    a_mail_that_came_back_stays_so,
    the_electorate_never_changes,
    activity_is_append_only,
    an_owner_keeps_access,
    the_policy_stays_while_a_case_is_open,
    addresses_stay_while_somebody_counts_on_them,
    an_address_changes_with_its_moment,
    a_held_elector_casts_no_ballot_by_mail,
    a_code_for_an_address_names_it_and_its_session,
    people_and_accounts_stay_while_they_are_named,
    an_account_stands_where_it_was_put,
    an_open_case_keeps_the_account,
    a_digest_never_comes_earlier,
);

/// SQL by somebody who has the database's address.
async fn sql(world: &World, statement: &str) -> Result<u64, String> {
    let query = raw_sql(AssertSqlSafe(statement.to_owned()));
    let url = world.url();
    let outcome = if let Some(path) = url.strip_prefix("sqlite:") {
        let options = SqliteConnectOptions::new().filename(path).foreign_keys(true);
        let mut connection = options.connect().await.unwrap();
        query.execute(&mut connection).await.map(|done| done.rows_affected())
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        query.execute(&mut connection).await.map(|done| done.rows_affected())
    };
    outcome.map_err(|error| error.to_string())
}

/// Asserts that the statement is refused, for that reason; without it, it would have written something.
pub(super) async fn bites(world: &World, statement: &str, reason: &str) {
    let refusal = sql(world, statement).await.expect_err(statement);
    assert!(refusal.to_lowercase().contains(reason), "{statement}: {refusal}");
}

/// Asserts that the statement works: the control, so that a refusal next to it is not a matter of spelling.
pub(super) async fn works(world: &World, statement: &str) {
    assert!(sql(world, statement).await.unwrap() > 0, "{statement}");
}

/// An id as a literal of this database.
pub fn id<K>(world: &World, id: Id<K>) -> String {
    match world.app.db.backend() {
        Backend::Sqlite => format!("x'{}'", id.uuid().simple()),
        Backend::Postgres => format!("'{}'", id.uuid()),
    }
}

/// A moment one hour before the one in that column.
pub(super) fn hour_before(world: &World, column: &str) -> String {
    match world.app.db.backend() {
        Backend::Sqlite => format!("{column} - 3600000000"),
        Backend::Postgres => format!("{column} - interval '1 hour'"),
    }
}

/// Words that both databases have in their refusals of a second row.
pub(super) const UNIQUE: &str = "unique constraint";

async fn scene(test: TestDb) -> (World, Team, Case) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    (world, team, case)
}

async fn one_live_approval_per_person(test: TestDb) {
    let (world, team, first) = scene(test).await;
    let second = world.open(&team, team.admins[1], team.admins[1]).await.unwrap();
    world.approve(&first, &team.admins[2..3]).await;
    let (from, to) = (id(&world, first.id()), id(&world, second.id()));
    let copy = |choice: &str| {
        format!(
            "insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
             select {to}, user_id, account_id, '{choice}', way, terms_hash, cast_at, live from ballots where case_id = {from}"
        )
    };
    bites(&world, &copy("approve"), UNIQUE).await;
    works(&world, &copy("reject")).await;
    bites(&world, &format!("update ballots set choice = 'approve' where case_id = {to}"), UNIQUE).await;
    // A case that has ended holds no approval any more.
    world.veto(&first, team.owner).await.unwrap();
    works(&world, &format!("update ballots set choice = 'approve' where case_id = {to}")).await;
}

async fn one_ballot_per_case_and_person(test: TestDb) {
    let (world, team, case) = scene(test).await;
    world.approve(&case, &team.admins[2..3]).await;
    let again = "insert into ballots select * from ballots";
    bites(&world, again, "unique").await;
    let stranger = id(&world, team.owner);
    let into = format!(
        "insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
         select case_id, {stranger}, account_id, choice, way, terms_hash, cast_at, live from ballots"
    );
    bites(&world, &into, "foreign key").await;
}

async fn one_waiting_case_per_account(test: TestDb) {
    let world = World::new(test);
    let (team, first, second) = world.two_cases().await;
    world.approve(&first, &team.admins[..1]).await;
    world.approve(&second, &team.admins[1..]).await;
    let (from, to) = (id(&world, first.id()), id(&world, second.id()));
    let copy = |of: &str| format!("(select {of} from cases where id = {from})");
    let (since, due) = (copy("since_at"), copy("due_at"));
    let waiting = format!("update cases set state = 'waiting', since_at = {since}, due_at = {due} where id = {to}");
    let paused = format!(
        "update cases set state = 'paused', since_at = {since}, until_at = {due}, due_at = {due} where id = {to}"
    );
    bites(&world, &waiting, UNIQUE).await;
    bites(&world, &paused, UNIQUE).await;
    // A state without its moments, or with those of another state, is none.
    bites(&world, &format!("update cases set state = 'collecting' where id = {from}"), "check constraint").await;
    bites(&world, &format!("update cases set state = 'completed' where id = {from}"), "check constraint").await;
    world.veto(&first, team.owner).await.unwrap();
    works(&world, &waiting.replace(&since, "opened_at").replace(&due, "closes_at")).await;
}

async fn one_open_case_per_opener(test: TestDb) {
    let (world, team, first) = scene(test).await;
    world.act(first.id(), signed_in(team.admins[0]), Asked::Withdraw).await.unwrap();
    world.advance(hours(7 * 24));
    world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let copy = format!(
        "insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at,
             state, pauses, extended, reminders, version)
         select {fresh}, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at,
             state, pauses, extended, reminders, version from cases where state = 'collecting'",
        fresh = id(&world, world.app.id::<kind::Case>())
    );
    bites(&world, &copy, UNIQUE).await;
}

async fn final_states_are_final(test: TestDb) {
    let (world, team, _) = scene(test).await;
    let case = world.open(&team, team.admins[1], team.admins[2]).await.unwrap();
    world.veto(&case, team.owner).await.unwrap();
    let which = id(&world, case.id());
    for change in [
        "state = 'collecting', ended_at = null, ended_by = null",
        "state = 'completed'",
        "state = 'expired'",
        "ended_at = opened_at",
        "ended_by = opener",
        "version = version + 1",
    ] {
        bites(&world, &format!("update cases set {change} where id = {which}"), "final states are final").await;
    }
}

async fn terms_never_change(test: TestDb) {
    let (world, team, case) = scene(test).await;
    let (which, owner) = (id(&world, case.id()), id(&world, team.owner));
    let stranger = id(&world, world.account("recommended", 0).await.id);
    for change in [
        "terms = '{}'".to_owned(),
        "terms_hash = (select head_hash from accounts limit 1)".to_owned(),
        "required = 1".to_owned(),
        format!("nominee = {owner}"),
        format!("opener = {owner}"),
        format!("account_id = {stranger}"),
        "opened_at = closes_at".to_owned(),
        "closes_at = opened_at".to_owned(),
        "kind = 'add'".to_owned(),
    ] {
        bites(&world, &format!("update cases set {change} where id = {which}"), "terms never change").await;
    }
    works(&world, &format!("update cases set reminders = reminders + 1 where id = {which}")).await;
}

async fn a_due_moment_never_moves_earlier(test: TestDb) {
    let (world, team, case) = scene(test).await;
    world.approve(&case, &team.admins[..3]).await;
    let which = id(&world, case.id());
    let earlier = hour_before(&world, "due_at");
    bites(&world, &format!("update cases set due_at = {earlier} where id = {which}"), "never moves earlier").await;
    let later = earlier.replace('-', "+");
    works(&world, &format!("update cases set due_at = {later} where id = {which}")).await;
    bites(&world, &format!("update cases set due_at = {earlier} where id = {which}"), "never moves earlier").await;
}

async fn owners_are_reminded_once(test: TestDb) {
    let (world, team, case) = scene(test).await;
    world.approve(&case, &team.admins[..3]).await;
    let which = id(&world, case.id());
    let set = |change: &str| format!("update cases set {change} where id = {which}");
    works(&world, &set("warned = 1")).await;
    bites(&world, &set("warned = 0"), "reminded once of each moment").await;
    let later = hour_before(&world, "due_at").replace('-', "+");
    works(&world, &set(&format!("warned = 0, due_at = {later}"))).await;
    bites(&world, &set("warned = 3"), "warned").await;
}

async fn a_mail_that_came_back_stays_so(test: TestDb) {
    let (world, _, case) = scene(test).await;
    let which = format!("where case_id = {} and kind = 'owner_alert'", id(&world, case.id()));
    let set = |change: &str| format!("update mails set {change} {which}");
    let bounced = "status = 'bounced', next_at = null, bounced_at = created_at, bounce = '550 no'";
    bites(&world, &set(&bounced.replace("created_at", "null")), "mails_bounce").await;
    bites(&world, &set(&bounced.replace("'550 no'", "null")), "mails_bounce").await;
    bites(&world, &set("bounced_at = created_at, bounce = '550 no'"), "mails_bounce").await;
    bites(&world, &set("untried = 1"), "mails_untried").await;
    works(&world, &set(bounced)).await;
    bites(&world, &set("status = 'accepted', bounced_at = null, bounce = null"), "did not arrive").await;
}

async fn the_electorate_never_changes(test: TestDb) {
    let (world, team, case) = scene(test).await;
    let (voter, owner) = (id(&world, team.admins[2]), id(&world, team.owner));
    bites(&world, &format!("delete from electors where user_id = {voter}"), "the electorate never changes").await;
    let swap = format!("update electors set user_id = {owner} where user_id = {voter}");
    bites(&world, &swap, "the electorate never changes").await;
    let lose = "update electors set lost_at = (select opened_at from cases limit 1)";
    works(&world, &format!("{lose} where user_id = {voter}")).await;
    let back = format!("update electors set lost_at = null where user_id = {voter}");
    bites(&world, &back, "a lost ballot never comes back").await;
    // Somebody added behind the terms' back is found out when the case is read.
    let add = format!("insert into electors (case_id, user_id) values ({}, {owner})", id(&world, case.id()));
    match sql(&world, &add).await {
        Ok(_) => {
            let mut tx = world.app.db.read().await.unwrap();
            scene::load(&mut tx, case.id(), None).await.unwrap_err();
        }
        Err(refusal) => assert!(refusal.contains("the electorate never changes"), "{refusal}"),
    }
}

async fn activity_is_append_only(test: TestDb) {
    let (world, team, _) = scene(test).await;
    let reason = "the activity log is append-only";
    bites(&world, "update activity set kind = kind", reason).await;
    bites(&world, "update activity set body = '{}' where seq = 1", reason).await;
    bites(&world, "delete from activity where seq > 5", reason).await;
    bites(&world, "delete from activity", reason).await;
    if world.app.db.backend() == Backend::Postgres {
        bites(&world, "truncate activity cascade", reason).await;
        bites(&world, "truncate accounts cascade", reason).await;
    }
    bites(&world, "insert into activity select * from activity where seq = 1", "unique").await;
    // Personal values can be erased, by whoever writes down that they do; the chain holds without them.
    bites(&world, "update activity_personal set value = 'Mallory'", "only be erased").await;
    bites(&world, "delete from activity_personal", "behind an entry that says so").await;
    if world.app.db.backend() == Backend::Postgres {
        bites(&world, "truncate activity_personal", reason).await;
    }
    let person = Whose::User(team.owner);
    let erased = erase(&world.app, &Principal::Operator { token: None }, person, Some(team.id)).await.unwrap();
    assert_eq!((erased.accounts, erased.values), (1, 2));
    world.check(team.id).await;
}

async fn an_owner_keeps_access(test: TestDb) {
    let (world, team, _) = scene(test).await;
    let owner = id(&world, team.owner);
    bites(&world, &format!("update members set status = 'suspended' where user_id = {owner}"), "owner_keeps_access")
        .await;
    works(&world, &format!("update members set status = 'invited' where user_id = {owner}")).await;
    bites(&world, "update members set status = 'king'", "check constraint").await;
    bites(&world, &format!("delete from members where user_id = {owner}"), "until their ownership is revoked").await;
}

/// A change of somebody's address that is right in itself.
fn moves(world: &World, user: UserId, to: &str) -> String {
    let later = hour_before(world, "created_at").replace('-', "+");
    format!("update users set email = '{to}@new.example', email_changed_at = {later} where id = {}", id(world, user))
}

async fn addresses_stay_while_somebody_counts_on_them(test: TestDb) {
    let (world, team, case) = scene(test).await;
    let nominee = world.join(&team, signed_in(team.admins[2]), "user").await;
    let second = world.open(&team, team.admins[2], nominee).await.unwrap();
    bites(&world, &moves(&world, team.owner, "owner"), "an owner keeps their address").await;
    bites(&world, &moves(&world, team.admins[3], "elector"), "an elector of an open case keeps their address").await;
    bites(&world, &moves(&world, nominee, "nominee"), "the nominee of an open case keeps their address").await;
    // A name is no address.
    works(&world, &format!("update users set name = 'Somebody' where id = {}", id(&world, team.owner))).await;
    let lose = "update electors set lost_at = (select opened_at from cases limit 1)";
    works(&world, &format!("{lose} where user_id = {}", id(&world, team.admins[3]))).await;
    works(&world, &moves(&world, team.admins[3], "elector")).await;
    world.veto(&case, team.owner).await.unwrap();
    bites(&world, &moves(&world, team.admins[4], "other"), "an elector of an open case keeps their address").await;
    world.veto(&second, team.owner).await.unwrap();
    works(&world, &moves(&world, team.admins[4], "other")).await;
    works(&world, &moves(&world, nominee, "nominee")).await;
    // What is offered and not accepted holds nobody.
    let pending = world.pending_account("single-owner", 1, &serde_json::json!({})).await;
    works(&world, &moves(&world, pending.owner, "offered")).await;
}

async fn an_address_changes_with_its_moment(test: TestDb) {
    let (world, team, case) = scene(test).await;
    world.veto(&case, team.owner).await.unwrap();
    let who = id(&world, team.admins[0]);
    let reason = "an address changes together with the moment of its change";
    for change in
        ["email = 'x@new.example'", "email_changed_at = created_at", "email = 'x@new.example', email_changed_at = null"]
    {
        bites(&world, &format!("update users set {change} where id = {who}"), reason).await;
    }
    works(&world, &moves(&world, team.admins[0], "x")).await;
    for change in ["email = 'y@new.example'", "email_changed_at = created_at", "email_changed_at = null"] {
        bites(&world, &format!("update users set {change} where id = {who}"), reason).await;
    }
    let taken = format!(
        "update users set email = 'x@new.example', email_changed_at = created_at where id = {}",
        id(&world, team.admins[1])
    );
    bites(&world, &taken, UNIQUE).await;
}

async fn a_held_elector_casts_no_ballot_by_mail(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let (held, free) = (id(&world, team.admins[2]), id(&world, team.admins[3]));
    // The clock of this world has not moved since everybody was invited.
    works(&world, &moves(&world, team.admins[2], "held")).await;
    world.advance(hours(1));
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.approve(&case, &team.admins[2..4]).await;
    let way = |way: &str, user: &str| format!("update ballots set way = '{way}' where user_id = {user}");
    let reason = "casts no ballot by mail";
    for by_mail in ["mail_link", "plain_mail"] {
        bites(&world, &way(by_mail, &held), reason).await;
        works(&world, &way(by_mail, &free)).await;
        let again = format!(
            "insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
             select case_id, {held}, account_id, choice, '{by_mail}', terms_hash, cast_at, live from ballots
             where user_id = {free}"
        );
        bites(&world, &again, reason).await;
    }
    works(&world, &way("signed_in", &held)).await;
    let free_them = format!("update electors set signed_in_only = not signed_in_only where user_id = {held}");
    bites(&world, &free_them, "the electorate never changes").await;
}

async fn a_code_for_an_address_names_it_and_its_session(test: TestDb) {
    let (world, team, _) = scene(test).await;
    world.sign_in(team.owner).await;
    let copy = |purpose: &str, session: &str, email: &str| {
        format!(
            "insert into codes (id, purpose, user_id, session_id, created_at, expires_at, wrong, email)
             select {}, '{purpose}', user_id, {session}, created_at, expires_at, 0, {email} from sessions",
            id(&world, world.app.id::<kind::Code>())
        )
    };
    bites(&world, &copy("email", "id", "null"), "check constraint").await;
    bites(&world, &copy("email", "null", "'x@new.example'"), "check constraint").await;
    bites(&world, &copy("proof", "id", "'x@new.example'"), "check constraint").await;
    bites(&world, &copy("guess", "id", "null"), "check constraint").await;
    works(&world, &copy("email", "id", "'x@new.example'")).await;
    works(&world, &copy("proof", "id", "null")).await;
}

async fn people_and_accounts_stay_while_they_are_named(test: TestDb) {
    let (world, _, _) = scene(test).await;
    for statement in ["delete from users", "delete from accounts", "delete from cases"] {
        bites(&world, statement, "foreign key").await;
    }
}

async fn an_account_stands_where_it_was_put(test: TestDb) {
    let (world, team, _) = scene(test).await;
    let other = world.account("single-owner", 1).await;
    let (account, above) = (id(&world, team.id), id(&world, other.id));
    for change in [format!("parent_id = {above}, depth = 1"), "depth = 1".to_owned()] {
        bites(&world, &format!("update accounts set {change} where id = {account}"), "never moves").await;
    }
    works(&world, &format!("update accounts set reference = 'P-17' where id = {account}")).await;
    bites(&world, &format!("update accounts set reference = '' where id = {account}"), "accounts_reference").await;
}

async fn an_open_case_keeps_the_account(test: TestDb) {
    let (world, team, case) = scene(test).await;
    let account = id(&world, team.id);
    let now = match world.app.db.backend() {
        Backend::Sqlite => "1",
        Backend::Postgres => "now()",
    };
    let turn = |status: &str| {
        let until = if status == "closing" { now } else { "null" };
        format!("update accounts set status = '{status}', closing_until = {until} where id = {account}")
    };
    for status in ["suspended", "closing", "closed"] {
        bites(&world, &turn(status), "neither suspended nor closed while a case is open").await;
    }
    world.veto(&case, team.owner).await.unwrap();
    works(&world, &turn("suspended")).await;
    works(&world, &turn("closing")).await;
    bites(&world, &format!("update accounts set closing_until = null where id = {account}"), "accounts_closing").await;
    bites(&world, &turn("pending"), "nothing begins twice").await;
    works(&world, &turn("closed")).await;
    bites(&world, &turn("active"), "what is closed stays so").await;
    let copy = format!(
        "insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at, state,
             pauses, extended, reminders, wake_at, version)
         select {}, account_id, nominee, nominee, kind, terms, terms_hash, required, opened_at, closes_at, 'collecting', 0,
             extended, 0, closes_at, 1 from cases where account_id = {account}",
        id::<kind::Case>(&world, world.app.id())
    );
    bites(&world, &copy, "a case opens in an account that has begun and is not closed").await;
}

/// Whoever could set it back would have the owners told again, and whoever could give it to another account would have
/// them never told.
async fn a_digest_never_comes_earlier(test: TestDb) {
    let world = World::new(test);
    world.account("single-owner", 1).await;
    let earlier = match world.app.db.backend() {
        Backend::Sqlite => "next_at - 1",
        Backend::Postgres => "next_at - interval '1 second'",
    };
    bites(&world, &format!("update readiness_digests set next_at = {earlier}"), "a digest never comes earlier").await;
    let later = earlier.replace('-', "+");
    works(&world, &format!("update readiness_digests set next_at = {later}")).await;
    works(&world, "update readiness_digests set wanted = false").await;
}

async fn the_policy_stays_while_a_case_is_open(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    works(&world, "update accounts set policy = replace(policy, 'PT72H', 'PT71H')").await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    bites(&world, "update accounts set policy = replace(policy, 'PT71H', 'PT1H')", "stays while a case is open").await;
    world.act(case.id(), signed_in(team.admins[0]), Asked::Withdraw).await.unwrap();
    works(&world, "update accounts set policy = replace(policy, 'PT71H', 'PT70H')").await;
}
