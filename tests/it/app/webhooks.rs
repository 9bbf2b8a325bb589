//! Webhooks: who sets them up, who hears of it, what is shown of them, and what a recovery makes of them.

use jiff::SignedDuration;
use quorate::{
    app::{
        account_status::ChangeStatus,
        add_webhook::{AddWebhook, Given, ReplaceWebhookSecret},
        change_webhook::{RemoveWebhook, TestWebhook, Turn, TurnWebhook},
        error::Error,
        owners,
        principal::Principal,
        view::webhooks::{WebhookHome, webhook, webhooks},
        webhook_secret,
    },
    id::{UserId, WebhookId},
    jobs::prune::ALL,
    ownership::account::Act,
    recovery::case::Case,
    store::{
        db::Unit,
        error::DbError,
        tx::Tx,
        webhooks::{self as store, Endpoint},
    },
    webhook::progress::{BOTH_FOR, From, MOST, Status, Why},
};
use serde_json::json;

use crate::{
    harness::{
        TestDb, on_both,
        world::{MICROSECOND, OPERATOR, Team, World, days, refused, signed_in},
    },
    store::constraints::id as literal,
};

on_both!(
    an_owner_adds_one_and_every_owner_hears_of_it,
    only_owners_with_proof_set_them_up,
    only_owners_see_them,
    an_address_gets_them_once_and_only_ten_do,
    a_secret_is_replaced_and_both_sign_for_a_day,
    it_is_turned_off_and_on,
    it_is_removed_also_where_nothing_else_can_be_arranged,
    a_test_is_asked_for_once,
    a_recovery_ends_those_of_replaced_owners,
    a_recovery_that_replaces_nobody_ends_none,
    nothing_usable_is_stored,
);

pub const URL: &str = "https://hooks.example.org/a-secret-path";

pub async fn add(world: &World, team: &Team, by: Principal, url: &str) -> Result<Given, Error> {
    let unit = AddWebhook { app: world.app.clone(), account: team.id, url: url.to_owned(), principal: by };
    world.app.db.run(unit).await
}

/// By the account's owner, with a proof.
pub async fn added(world: &World, team: &Team, url: &str) -> Given {
    add(world, team, world.proven(team.owner), url).await.unwrap()
}

pub async fn turn(
    world: &World,
    team: &Team,
    by: Principal,
    webhook: WebhookId,
    turn: Turn,
) -> Result<Endpoint, Error> {
    world.app.db.run(TurnWebhook { app: world.app.clone(), account: team.id, webhook, turn, principal: by }).await
}

pub async fn replace(world: &World, team: &Team, by: Principal, webhook: WebhookId) -> Result<Given, Error> {
    let unit = ReplaceWebhookSecret { app: world.app.clone(), account: team.id, webhook, principal: by };
    world.app.db.run(unit).await
}

pub async fn remove(world: &World, team: &Team, by: Principal, webhook: WebhookId) -> Result<(), Error> {
    world.app.db.run(RemoveWebhook { app: world.app.clone(), account: team.id, webhook, principal: by }).await
}

pub async fn try_out(world: &World, team: &Team, by: Principal, webhook: WebhookId) -> Result<(), Error> {
    world.app.db.run(TestWebhook { app: world.app.clone(), account: team.id, webhook, principal: by }).await
}

pub async fn stored(world: &World, webhook: WebhookId) -> Option<Endpoint> {
    store::find(&mut world.app.db.read().await.unwrap(), webhook).await.unwrap()
}

/// Its status, as it is stored.
pub async fn status(world: &World, webhook: WebhookId) -> Status {
    stored(world, webhook).await.unwrap().progress.status
}

async fn home(world: &World, team: &Team, webhook_id: WebhookId) -> WebhookHome {
    webhook(&world.app, &signed_in(team.owner), team.id, webhook_id).await.unwrap()
}

/// The kinds of the account's entries about webhooks, the first first.
async fn steps(world: &World, team: &Team) -> Vec<String> {
    let kinds = world.activity(team.id).await.into_iter().map(|line| line.kind);
    kinds.filter(|kind| kind.starts_with("webhook.")).collect()
}

/// The mails about them to somebody.
async fn told(world: &World, team: &Team, user: UserId) -> Vec<String> {
    let letters = world.letters(team.id, user, "webhook_changed").await;
    letters.into_iter().map(|letter| letter.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

async fn an_owner_adds_one_and_every_owner_hears_of_it(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let second = world.join(&team, world.proven(team.owner), "member").await;
    world.change_owners(&team, world.proven(team.owner), second, owners::Asked::Grant).await.unwrap();
    let given = added(&world, &team, &format!("  {URL} ")).await;
    assert!(given.secret.starts_with("whsec_"), "{}", *given.secret);
    assert_eq!(given.endpoint.address.as_str(), URL);
    assert_eq!(steps(&world, &team).await, ["webhook.added"]);
    let log = world.activity(team.id).await.pop().unwrap();
    assert!(log.body.contains(&given.endpoint.id.to_string()), "{}", log.body);
    for owner in [team.owner, second] {
        let letters = world.letters(team.id, owner, "webhook_changed").await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].text.contains("hooks.example.org"), "{}", letters[0].text);
        // Some receivers have a secret in their address, which mails and the log leave out.
        assert!(!letters[0].text.contains("a-secret-path") && !log.body.contains("hooks.example.org"));
    }
    assert!(told(&world, &team, team.admins[0]).await.is_empty());
    // Of its own beginning it hears nothing.
    assert_eq!(home(&world, &team, given.endpoint.id).await.behind, 0);
    assert_eq!(stored(&world, given.endpoint.id).await.unwrap().next_at, None);
    world.check(team.id).await;
}

async fn only_owners_with_proof_set_them_up(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let given = added(&world, &team, URL).await;
    let id = given.endpoint.id;
    let (owner, admin, stranger) = (team.owner, team.admins[0], world.stranger().await);
    let platform = world.platform(None).await;
    let for_owner = world.platform(Some(owner)).await;
    let other = "https://other.example.org/";
    for (by, code) in [
        (signed_in(owner), "needs_fresh_proof"),
        (world.proven_by_code(owner), "needs_credential"),
        (world.proven(admin), "owners_only"),
        (world.proven(stranger), "not_found"),
        (OPERATOR, "people_only"),
        (platform, "people_only"),
        (for_owner, "people_only"),
    ] {
        refused(add(&world, &team, by.clone(), other).await, code);
        refused(replace(&world, &team, by.clone(), id).await, code);
        refused(remove(&world, &team, by.clone(), id).await, code);
        refused(turn(&world, &team, by.clone(), id, Turn::Off).await, code);
        // A test changes nothing, so it takes no proof.
        match code {
            "needs_fresh_proof" | "needs_credential" => {}
            _ => drop(refused(try_out(&world, &team, by, id).await, code)),
        }
    }
    // The endpoint of another account is not there.
    let elsewhere = world.account("recommended", 0).await;
    let by = || world.proven(elsewhere.owner);
    refused(replace(&world, &elsewhere, by(), id).await, "not_found");
    refused(remove(&world, &elsewhere, by(), id).await, "not_found");
    refused(turn(&world, &elsewhere, by(), id, Turn::Off).await, "not_found");
    refused(try_out(&world, &elsewhere, by(), id).await, "not_found");
    assert_eq!(steps(&world, &team).await, ["webhook.added"]);
}

async fn only_owners_see_them(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let id = added(&world, &team, URL).await.endpoint.id;
    assert_eq!(webhooks(&world.app, &signed_in(team.owner), team.id).await.unwrap().webhooks.len(), 1);
    let stranger = world.stranger().await;
    for (by, code) in [(signed_in(team.admins[0]), "owners_only"), (signed_in(stranger), "not_found")] {
        refused(webhooks(&world.app, &by, team.id).await, code);
        refused(webhook(&world.app, &by, team.id, id).await, code);
    }
    let elsewhere = world.account("recommended", 0).await;
    refused(webhook(&world.app, &signed_in(elsewhere.owner), elsewhere.id, id).await, "not_found");
}

async fn an_address_gets_them_once_and_only_ten_do(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    for number in 0..MOST {
        added(&world, &team, &format!("https://hooks.example.org/{number}")).await;
    }
    let by = || world.proven(team.owner);
    refused(add(&world, &team, by(), "https://hooks.example.org/0").await, "webhook_taken");
    refused(add(&world, &team, by(), "https://hooks.example.org/more").await, "too_many_webhooks");
    refused(add(&world, &team, by(), "ftp://hooks.example.org/").await, "webhook_address");
    // Another account has its own.
    let elsewhere = world.account("recommended", 0).await;
    added(&world, &elsewhere, "https://hooks.example.org/0").await;
    let all = webhooks(&world.app, &signed_in(team.owner), team.id).await.unwrap().webhooks;
    assert_eq!(all.len(), MOST);
    remove(&world, &team, by(), all[0].id).await.unwrap();
    added(&world, &team, "https://hooks.example.org/more").await;
}

async fn a_secret_is_replaced_and_both_sign_for_a_day(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let first = added(&world, &team, URL).await;
    let id = first.endpoint.id;
    let in_use = async || {
        let endpoint = stored(&world, id).await.unwrap();
        let secrets = webhook_secret::in_use(&world.app, &endpoint, world.app.now()).unwrap();
        secrets.iter().map(|secret| secret.text().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(in_use().await, [first.secret.to_string()]);
    world.advance(days(1));
    let second = replace(&world, &team, world.proven(team.owner), id).await.unwrap();
    assert_ne!(*first.secret, *second.secret);
    assert_eq!(in_use().await, [second.secret.to_string(), first.secret.to_string()]);
    assert_eq!(status(&world, id).await, Status::Active);
    assert!(told(&world, &team, team.owner).await.iter().any(|mail| mail.contains("new secret")));
    world.advance(BOTH_FOR - MICROSECOND);
    assert_eq!(in_use().await.len(), 2);
    let forget = ALL.iter().find(|prunable| prunable.what.contains("secrets of webhooks")).unwrap();
    let forgotten = async || world.app.db.run(Prune(forget.prune, world.app.now())).await.unwrap();
    assert_eq!(forgotten().await, 0);
    world.advance(MICROSECOND);
    assert_eq!(in_use().await, [second.secret.to_string()]);
    world.advance(MICROSECOND);
    assert_eq!(forgotten().await, 1);
    assert_eq!(stored(&world, id).await.unwrap().previous, None);
    assert_eq!(steps(&world, &team).await, ["webhook.added", "webhook.secret_replaced"]);
}

struct Prune(
    for<'t> fn(&'t mut Tx, quorate::moment::Moment) -> quorate::jobs::prune::Pruning<'t>,
    quorate::moment::Moment,
);

impl Unit for Prune {
    type Out = u64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        (self.0)(tx, self.1).await
    }
}

async fn it_is_turned_off_and_on(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let id = added(&world, &team, URL).await.endpoint.id;
    let by = || world.proven(team.owner);
    turn(&world, &team, by(), id, Turn::Off).await.unwrap();
    assert_eq!(status(&world, id).await, Status::Disabled { why: Why::Owner, at: world.app.now() });
    let cursor = stored(&world, id).await.unwrap().progress.cursor;
    turn(&world, &team, by(), id, Turn::Off).await.unwrap();
    world.invite(&team, by(), "member").await.unwrap();
    assert_eq!(stored(&world, id).await.unwrap().next_at, None, "it sleeps");
    turn(&world, &team, by(), id, Turn::On(From::Stop)).await.unwrap();
    let on = stored(&world, id).await.unwrap();
    assert_eq!((on.progress.status, on.progress.cursor), (Status::Active, cursor));
    assert!(on.next_at.is_some(), "there is something to send");
    turn(&world, &team, by(), id, Turn::Off).await.unwrap();
    world.invite(&team, by(), "member").await.unwrap();
    let head = world.activity(team.id).await.len() as u64;
    turn(&world, &team, by(), id, Turn::On(From::Now)).await.unwrap();
    let on = stored(&world, id).await.unwrap();
    assert_eq!(on.progress.cursor, head);
    assert!(on.next_at.is_some(), "it hears that it is on");
    let expected = ["webhook.added", "webhook.disabled", "webhook.enabled", "webhook.disabled", "webhook.enabled"];
    assert_eq!(steps(&world, &team).await, expected);
    assert_eq!(told(&world, &team, team.owner).await.len(), 5);
}

async fn it_is_removed_also_where_nothing_else_can_be_arranged(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let id = added(&world, &team, URL).await.endpoint.id;
    let by = || world.proven(team.owner);
    turn(&world, &team, by(), id, Turn::Off).await.unwrap();
    let suspend = ChangeStatus { app: world.app.clone(), account: team.id, act: Act::Suspend, principal: by() };
    world.app.db.run(suspend).await.unwrap();
    refused(add(&world, &team, by(), "https://other.example.org/").await, "account_suspended");
    refused(replace(&world, &team, by(), id).await, "account_suspended");
    refused(turn(&world, &team, by(), id, Turn::On(From::Stop)).await, "account_suspended");
    remove(&world, &team, by(), id).await.unwrap();
    refused(remove(&world, &team, by(), id).await, "not_found");
    assert_eq!(steps(&world, &team).await, ["webhook.added", "webhook.disabled", "webhook.removed"]);
}

async fn a_test_is_asked_for_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let id = added(&world, &team, URL).await.endpoint.id;
    try_out(&world, &team, signed_in(team.owner), id).await.unwrap();
    let asked = stored(&world, id).await.unwrap();
    assert_eq!(asked.next_at, Some(world.app.now()));
    try_out(&world, &team, signed_in(team.owner), id).await.unwrap();
    assert_eq!(stored(&world, id).await.unwrap().progress.test, asked.progress.test);
    assert_eq!(steps(&world, &team).await, ["webhook.added"], "nothing is changed by it");
}

/// The case completes, and its nominee owns the account.
pub async fn completes(world: &World, team: &Team, case: &Case) -> Case {
    let waiting = world.approve(case, &team.admins[1..]).await;
    world.sweep().await;
    world.advance(waiting.state.due_at().unwrap().since(world.app.now()));
    world.sweep().await;
    let after = world.case(case.id()).await;
    assert_eq!(after.state.word(), "completed");
    after
}

async fn a_recovery_ends_those_of_replaced_owners(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let first = added(&world, &team, URL).await.endpoint.id;
    let off = added(&world, &team, "https://off.example.org/").await.endpoint.id;
    turn(&world, &team, world.proven(team.owner), off, Turn::Off).await.unwrap();
    let heir = team.admins[0];
    let case = world.open(&team, heir, heir).await.unwrap();
    completes(&world, &team, &case).await;
    let completed = world.lines(&case, "case.completed").await[0].seq;
    let last = u64::try_from(completed).unwrap();
    assert_eq!(status(&world, first).await, Status::Ending { last }, "it hears of the recovery, and of nothing more");
    assert!(matches!(status(&world, off).await, Status::Disabled { why: Why::Recovered, .. }));
    assert_eq!(steps(&world, &team).await.last().unwrap(), "webhook.ended");
    let letters = world.letters(team.id, heir, "webhook_changed").await;
    assert_eq!(letters.len(), 1);
    let text = told(&world, &team, heir).await.remove(0);
    assert!(text.contains("hooks.example.org") && text.contains("off.example.org"), "{text}");
    // Nobody turns it on with the old secret, be it the new owner; the old one does nothing at all.
    let by = || world.proven(heir);
    for id in [first, off] {
        refused(turn(&world, &team, by(), id, Turn::On(From::Stop)).await, "webhook_secret_ended");
        refused(try_out(&world, &team, by(), id).await, "webhook_secret_ended");
        refused(turn(&world, &team, world.proven(team.owner), id, Turn::Off).await, "suspended");
        let given = replace(&world, &team, by(), id).await.unwrap();
        assert_eq!(given.endpoint.previous, None, "nothing is signed with the old one beside the new one");
        assert!(matches!(status(&world, id).await, Status::Disabled { why: Why::Owner, .. }));
        turn(&world, &team, by(), id, Turn::On(From::Stop)).await.unwrap();
        assert_eq!(status(&world, id).await, Status::Active);
    }
    world.check(team.id).await;
}

async fn a_recovery_that_replaces_nobody_ends_none(test: TestDb) {
    let world = World::new(test);
    let team = world.account_with("recommended", 4, &json!({"min_approvals": 1})).await;
    let id = added(&world, &team, URL).await.endpoint.id;
    let (kind, heir) = (quorate::recovery::terms::Kind::Add, team.admins[0]);
    let case = world.open_as(&team, kind, signed_in(heir), heir).await.unwrap();
    completes(&world, &team, &case).await;
    assert_eq!(status(&world, id).await, Status::Active);
    assert_eq!(steps(&world, &team).await, ["webhook.added"]);
    assert_eq!(world.owners(&team).await.len(), 2);
}

async fn nothing_usable_is_stored(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let first = added(&world, &team, URL).await;
    let second = replace(&world, &team, world.proven(team.owner), first.endpoint.id).await.unwrap();
    world.advance(SignedDuration::from_secs(1));
    let dump = world.dump().await;
    let text: String = dump.values().flatten().cloned().collect();
    for secret in [&first.secret, &second.secret] {
        let bare = secret.trim_start_matches("whsec_");
        let bytes = data_encoding::BASE64.decode(bare.as_bytes()).unwrap();
        for form in [bare.to_owned(), data_encoding::HEXLOWER.encode(&bytes), data_encoding::HEXUPPER.encode(&bytes)] {
            assert!(!text.contains(&form), "a secret is in the database");
        }
        let in_hex = data_encoding::HEXUPPER.encode(secret.as_bytes());
        assert!(!text.to_uppercase().contains(&in_hex));
    }
    // Moved to another row, it cannot be opened.
    let other = added(&world, &team, "https://other.example.org/").await.endpoint.id;
    let [to, from] = [other, first.endpoint.id].map(|id| literal(&world, id));
    world
        .script(&format!(
            "update webhooks set secret = (select secret from webhooks where id = {from}) where id = {to}"
        ))
        .await;
    let moved = stored(&world, other).await.unwrap();
    assert!(webhook_secret::in_use(&world.app, &moved, world.app.now()).is_err());
}
