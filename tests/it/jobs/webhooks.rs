//! Webhooks on their way: each is signed, in order, at least once; one that fails holds up nobody else; and what came of each
//! attempt is kept.

use std::time::Duration;

use jiff::SignedDuration;
use quorate::{
    app::{
        account_status::ChangeStatus,
        app::App,
        change_webhook::Turn,
        view::webhooks::{DeliveryView, deliveries},
        webhook_secret,
    },
    id::WebhookId,
    jobs::{
        closings,
        prune::{self, ALL},
        webhooks::{Delivered, LEASE, deliver},
    },
    outside::receivers::Receivers,
    ownership::{account::Act, networks::Networks},
    store::{
        db::Unit,
        error::DbError,
        tx::Tx,
        webhook_deliveries::KEPT,
        webhooks::{self, Among, Claimed},
    },
    webhook::{
        progress::{From, Status, Why},
        schedule::PATIENCE,
        signature::signatures,
    },
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::webhooks::{add, added, completes, replace, status, stored, try_out, turn},
    harness::{
        TestDb, on_both,
        receiver::{Got, Receiver, Says},
        world::{Team, World, days, refused, signed_in},
    },
};

on_both!(
    what_happens_is_told_in_order_and_signed,
    ballots_are_passed_over,
    one_that_fails_holds_up_nobody_else,
    a_receiver_may_ask_to_be_left_alone,
    after_five_days_it_gets_nothing_more,
    one_that_is_gone_gets_nothing_more,
    nobody_is_led_elsewhere,
    whoever_says_nothing_or_too_much_is_cut_short,
    private_networks_are_not_called,
    a_test_is_sent_once_and_first,
    both_secrets_sign_for_a_day,
    an_owner_turns_it_on_where_it_stopped_or_now,
    a_recovery_is_told_to_the_endpoint_that_it_ends,
    a_closed_account_says_so,
    two_workers_never_have_the_same,
    a_worker_lets_go_after_twenty,
    a_worker_that_dies_loses_nothing,
    whoever_is_late_writes_nothing,
    a_stopping_service_begins_nothing,
    the_last_attempts_are_kept,
    nothing_wakes_up_for_nothing,
);

async fn run(app: &App) -> Delivered {
    let delivered = deliver(app, &CancellationToken::new()).await.unwrap();
    assert_eq!(delivered.failed, 0, "{delivered:?}");
    delivered
}

/// An account whose webhooks go to a receiver.
struct Scene {
    world: World,
    team: Team,
    receiver: Receiver,
    id: WebhookId,
}

impl Scene {
    async fn new(test: TestDb) -> Self {
        Self::of(test, "recommended", 1).await
    }

    async fn of(test: TestDb, preset: &str, administrators: usize) -> Self {
        let (world, receiver) = (World::new(test), Receiver::start().await);
        let team = world.account(preset, administrators).await;
        let id = added(&world, &team, &receiver.url).await.endpoint.id;
        Self { world, team, receiver, id }
    }

    /// Something that is told.
    async fn invite(&self) {
        self.world.invite(&self.team, self.world.proven(self.team.owner), "member").await.unwrap();
    }

    async fn run(&self) -> Delivered {
        run(&self.world.app).await
    }

    async fn log(&self) -> Vec<DeliveryView> {
        deliveries(&self.world.app, &signed_in(self.team.owner), self.team.id, self.id, None, 200).await.unwrap()
    }

    /// Whether what was got is signed with what is in use now.
    async fn is_signed(&self, got: &Got) -> bool {
        let (endpoint, now) = (stored(&self.world, self.id).await.unwrap(), self.world.app.now());
        let secrets = webhook_secret::in_use(&self.world.app, &endpoint, now).unwrap();
        let seconds = got.headers["webhook-timestamp"].parse().unwrap();
        got.headers["webhook-signature"] == signatures(&secrets, got.id(), seconds, got.body.as_bytes())
    }
}

async fn what_happens_is_told_in_order_and_signed(test: TestDb) {
    let scene = Scene::new(test).await;
    let (world, team) = (&scene.world, &scene.team);
    let member = world.join(team, world.proven(team.owner), "member").await;
    world.change_owners(team, world.proven(team.owner), member, quorate::app::owners::Asked::Grant).await.unwrap();
    assert_eq!(scene.run().await, Delivered { looks: 1, taken: 3, ..Delivered::default() });
    let got = scene.receiver.got();
    let kinds: Vec<String> = got.iter().map(Got::kind).collect();
    assert_eq!(kinds, ["member.invited", "member.accepted", "owner.granted"]);
    let numbers: Vec<u64> = got.iter().map(|one| one.json()["data"]["seq"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    for (one, number) in got.iter().zip(&numbers) {
        assert_eq!(one.path, "/hooks");
        assert_eq!(one.headers["content-type"], "application/json");
        assert_eq!(one.id(), format!("{}-{number}", team.id));
        assert_eq!(one.json()["data"]["account"], team.id.to_string());
        assert_eq!(one.headers["webhook-timestamp"], (world.app.now().micros() / 1_000_000).to_string());
        assert!(scene.is_signed(one).await);
    }
    assert_eq!(got[2].json()["data"]["owners"]["added"][0], member.to_string());
    let log = scene.log().await;
    assert_eq!(log.len(), 3);
    assert!(log.iter().all(|one| one.outcome == "delivered" && one.status == Some(204) && one.attempt == 1), "{log:?}");
    assert_eq!(scene.run().await, Delivered::default(), "nothing is sent twice");
}

async fn ballots_are_passed_over(test: TestDb) {
    let scene = Scene::of(test, "single-owner", 5).await;
    let (world, team) = (&scene.world, &scene.team);
    let case = world.open(team, team.admins[0], team.admins[0]).await.unwrap();
    world.vote(&case, team.admins[1], quorate::recovery::ballot::Choice::Approve).await.unwrap();
    assert_eq!(scene.run().await.taken, 1);
    assert_eq!(scene.receiver.kinds(), ["case.opened"]);
    world.vote(&case, team.admins[2], quorate::recovery::ballot::Choice::Reject).await.unwrap();
    assert_eq!(scene.run().await, Delivered::default(), "a ballot wakes nobody");
    world.veto(&case, team.owner).await.unwrap();
    scene.run().await;
    assert_eq!(scene.receiver.kinds(), ["case.vetoed"]);
    let cursor = stored(world, scene.id).await.unwrap().progress.cursor;
    assert_eq!(cursor, world.activity(team.id).await.len() as u64);
}

async fn one_that_fails_holds_up_nobody_else(test: TestDb) {
    let scene = Scene::new(test).await;
    let other = Receiver::start().await;
    added(&scene.world, &scene.team, &other.url).await;
    scene.run().await;
    scene.receiver.got();
    scene.receiver.will_say([Says::Status(500), Says::Status(503)]);
    scene.invite().await;
    scene.invite().await;
    let delivered = scene.run().await;
    assert_eq!((delivered.taken, delivered.deferred), (2, 1));
    assert_eq!(other.kinds(), ["member.invited", "member.invited"]);
    let first = scene.receiver.got();
    assert_eq!(first.len(), 1, "what comes after what failed waits for it");
    // Not before its time, and then under the same id, with another time.
    assert_eq!(scene.run().await, Delivered::default());
    scene.world.advance(SignedDuration::from_secs(6));
    assert_eq!(scene.run().await.deferred, 1);
    let second = scene.receiver.got();
    assert_eq!((second.len(), second[0].id(), &second[0].body), (1, first[0].id(), &first[0].body));
    assert_ne!(second[0].headers["webhook-timestamp"], first[0].headers["webhook-timestamp"]);
    assert_ne!(second[0].headers["webhook-signature"], first[0].headers["webhook-signature"]);
    scene.world.advance(SignedDuration::from_mins(6));
    assert_eq!(scene.run().await.taken, 2);
    let third = scene.receiver.got();
    assert_eq!((third.len(), third[0].id()), (2, first[0].id()));
    let attempts: Vec<(i64, Option<i64>)> = scene.log().await.iter().map(|one| (one.attempt, one.status)).collect();
    let mut sorted = attempts.clone();
    sorted.sort_unstable();
    assert_eq!(sorted[sorted.len() - 2..], [(2, Some(503)), (3, Some(204))], "{attempts:?}");
}

async fn a_receiver_may_ask_to_be_left_alone(test: TestDb) {
    let scene = Scene::new(test).await;
    let busy = "HTTP/1.1 429 Busy\r\nretry-after: 3600\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbusy";
    scene.receiver.will_say([Says::Words(busy.to_owned())]);
    scene.invite().await;
    scene.run().await;
    scene.receiver.got();
    let log = scene.log().await;
    assert_eq!((log[0].status, log[0].excerpt.as_str()), (Some(429), "busy"));
    scene.world.advance(SignedDuration::from_mins(59));
    assert_eq!(scene.run().await, Delivered::default());
    scene.world.advance(SignedDuration::from_mins(8));
    assert_eq!(scene.run().await.taken, 1);
}

/// Lets time pass until the endpoint is looked at again.
async fn next_look(scene: &Scene) {
    let at = stored(&scene.world, scene.id).await.unwrap().next_at.unwrap();
    let wait = at.since(scene.world.app.now());
    scene.world.advance(wait.max(SignedDuration::ZERO));
}

async fn after_five_days_it_gets_nothing_more(test: TestDb) {
    let scene = Scene::new(test).await;
    let began = scene.world.app.now();
    scene.receiver.will_say((0..50).map(|_| Says::Status(500)));
    scene.invite().await;
    let mut attempts = 0;
    while status(&scene.world, scene.id).await == Status::Active {
        next_look(&scene).await;
        scene.run().await;
        attempts += 1;
    }
    let at = scene.world.app.now();
    assert_eq!(status(&scene.world, scene.id).await, Status::Disabled { why: Why::Failed, at });
    assert_eq!(at.since(began), PATIENCE);
    assert!((8..16).contains(&attempts), "{attempts}");
    let letters = scene.world.letters(scene.team.id, scene.team.owner, "webhook_changed").await;
    assert!(letters.iter().any(|letter| letter.text.contains("taken nothing since")));
    let last = scene.world.activity(scene.team.id).await.pop().unwrap();
    assert_eq!(last.kind, "webhook.disabled");
    // It sleeps, whatever happens.
    scene.invite().await;
    assert_eq!(scene.run().await, Delivered::default());
}

async fn one_that_is_gone_gets_nothing_more(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.receiver.will_say([Says::Status(410)]);
    scene.invite().await;
    assert_eq!(scene.run().await, Delivered { looks: 1, deferred: 1, disabled: 1, ..Delivered::default() });
    let at = scene.world.app.now();
    assert_eq!(status(&scene.world, scene.id).await, Status::Disabled { why: Why::Gone, at });
    let letters = scene.world.letters(scene.team.id, scene.team.owner, "webhook_changed").await;
    assert!(letters.iter().any(|letter| letter.text.contains("gone")));
}

async fn nobody_is_led_elsewhere(test: TestDb) {
    let scene = Scene::new(test).await;
    let elsewhere = Receiver::start().await;
    for status in [301, 302, 307, 308] {
        let url = &elsewhere.url;
        let words =
            format!("HTTP/1.1 {status} There\r\nlocation: {url}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        scene.receiver.will_say([Says::Words(words)]);
    }
    scene.invite().await;
    for _ in 0..4 {
        next_look(&scene).await;
        assert_eq!(scene.run().await.deferred, 1);
    }
    assert!(elsewhere.got().is_empty());
    let mut statuses: Vec<i64> = scene.log().await.iter().filter_map(|one| one.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [301, 302, 307, 308]);
}

async fn whoever_says_nothing_or_too_much_is_cut_short(test: TestDb) {
    let mut scene = Scene::new(test).await;
    let much = "x".repeat(300_000);
    let words = format!("HTTP/1.1 500 No\r\ncontent-length: 300000\r\nconnection: close\r\n\r\n{much}");
    let odd = "HTTP/1.1 500 No\r\nconnection: close\r\n\r\nline\r\n\tand\u{7}\u{0} more".to_owned();
    let broken = "SMTP ready\r\n".to_owned();
    scene.world.app.receivers = Receivers::waited_for(Networks::Private, Duration::from_millis(300));
    scene.receiver.will_say([Says::Nothing, Says::Words(words), Says::Words(odd), Says::Words(broken)]);
    scene.invite().await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        next_look(&scene).await;
        scene.run().await;
        let log = scene.log().await;
        let last = log.into_iter().max_by_key(|one| one.attempt).unwrap();
        seen.push((last.status, last.trouble, last.excerpt));
    }
    let short = "x".repeat(512);
    let expected = [
        (None, Some("too_slow"), String::new()),
        (Some(500), None, short),
        (Some(500), None, "line and more".to_owned()),
        (None, Some("connection"), String::new()),
    ];
    assert_eq!(seen, expected.map(|(status, trouble, excerpt)| (status, trouble.map(str::to_owned), excerpt)));
}

async fn private_networks_are_not_called(test: TestDb) {
    let mut scene = Scene::new(test).await;
    let named = added(&scene.world, &scene.team, "https://localhost/hooks").await.endpoint.id;
    let numbered = added(&scene.world, &scene.team, "https://10.0.0.1/hooks").await.endpoint.id;
    scene.invite().await;
    // The operator allowed it before, and does not any more; or what a name stands for has changed.
    scene.world.app.receivers = Receivers::new(Networks::Public);
    assert_eq!(scene.run().await.deferred, 3);
    let plain = scene.id;
    for (id, trouble) in [(plain, "address"), (named, "private_network"), (numbered, "private_network")] {
        scene.id = id;
        assert_eq!(scene.log().await[0].trouble.as_deref(), Some(trouble));
    }
    assert!(scene.receiver.got().is_empty());
    for url in ["https://10.0.0.2/", "https://[::1]/", "https://169.254.169.254/latest/", "http://localhost/"] {
        let by = scene.world.proven(scene.team.owner);
        refused(add(&scene.world, &scene.team, by, url).await, "webhook_address");
    }
}

async fn a_test_is_sent_once_and_first(test: TestDb) {
    let scene = Scene::new(test).await;
    let (world, owner) = (&scene.world, signed_in(scene.team.owner));
    scene.receiver.will_say([Says::Status(500), Says::Status(500)]);
    scene.invite().await;
    scene.run().await;
    scene.receiver.got();
    // What failed waits, and is tried at once where a test is taken.
    try_out(world, &scene.team, owner.clone(), scene.id).await.unwrap();
    scene.run().await;
    assert_eq!(scene.receiver.kinds(), ["webhook.test"]);
    try_out(world, &scene.team, owner.clone(), scene.id).await.unwrap();
    scene.run().await;
    let got = scene.receiver.got();
    assert_eq!(got.iter().map(Got::kind).collect::<Vec<_>>(), ["webhook.test", "member.invited"]);
    assert!(scene.is_signed(&got[0]).await);
    assert!(got[0].id().starts_with("dlvr_"), "{}", got[0].id());
    // Also where it is off; then nothing else follows.
    turn(world, &scene.team, world.proven(scene.team.owner), scene.id, Turn::Off).await.unwrap();
    scene.invite().await;
    try_out(world, &scene.team, owner, scene.id).await.unwrap();
    scene.run().await;
    assert_eq!(scene.receiver.kinds(), ["webhook.test"]);
    let outcomes = scene.log().await.iter().filter(|one| one.public == "webhook.test").count();
    assert_eq!(outcomes, 3);
}

async fn both_secrets_sign_for_a_day(test: TestDb) {
    let scene = Scene::new(test).await;
    replace(&scene.world, &scene.team, scene.world.proven(scene.team.owner), scene.id).await.unwrap();
    scene.run().await;
    let got = scene.receiver.got();
    assert_eq!(got[0].kind(), "webhook.secret_replaced");
    assert_eq!(got[0].headers["webhook-signature"].split(' ').count(), 2);
    assert!(scene.is_signed(&got[0]).await);
    scene.world.advance(days(1));
    scene.invite().await;
    scene.run().await;
    let got = scene.receiver.got();
    assert_eq!(got[0].headers["webhook-signature"].split(' ').count(), 1);
    assert!(scene.is_signed(&got[0]).await);
}

async fn an_owner_turns_it_on_where_it_stopped_or_now(test: TestDb) {
    let scene = Scene::new(test).await;
    let by = || scene.world.proven(scene.team.owner);
    for (from, expected) in [
        (From::Stop, vec!["webhook.disabled", "member.invited", "webhook.enabled"]),
        (From::Now, vec!["webhook.enabled"]),
    ] {
        turn(&scene.world, &scene.team, by(), scene.id, Turn::Off).await.unwrap();
        scene.invite().await;
        assert_eq!(scene.run().await, Delivered::default());
        turn(&scene.world, &scene.team, by(), scene.id, Turn::On(from)).await.unwrap();
        scene.run().await;
        assert_eq!(scene.receiver.kinds(), expected, "{from:?}");
    }
}

async fn a_recovery_is_told_to_the_endpoint_that_it_ends(test: TestDb) {
    let scene = Scene::of(test, "single-owner", 3).await;
    let (world, team) = (&scene.world, &scene.team);
    let heir = team.admins[0];
    let case = world.open(team, heir, heir).await.unwrap();
    scene.run().await;
    // It is down when the case completes.
    scene.receiver.will_say([Says::Status(500)]);
    completes(world, team, &case).await;
    scene.run().await;
    world.invite(team, world.proven(heir), "user").await.unwrap();
    next_look(&scene).await;
    scene.run().await;
    let mut kinds = scene.receiver.kinds();
    kinds.dedup();
    assert_eq!(kinds, ["case.opened", "case.waiting", "case.completed"], "and nothing of what came after it");
    assert!(matches!(status(world, scene.id).await, Status::Disabled { why: Why::Recovered, .. }));
    assert_eq!(scene.run().await, Delivered::default());
    // The new owner gives it a secret, and then it goes on.
    let given = replace(world, team, world.proven(heir), scene.id).await.unwrap();
    turn(world, team, world.proven(heir), given.endpoint.id, Turn::On(From::Stop)).await.unwrap();
    scene.run().await;
    let got = scene.receiver.got();
    assert!(got.iter().any(|one| one.kind() == "member.invited"));
    assert!(scene.is_signed(&got[0]).await);
}

async fn a_closed_account_says_so(test: TestDb) {
    let scene = Scene::new(test).await;
    let (world, account) = (&scene.world, scene.team.id);
    let principal = world.proven(scene.team.owner);
    world.app.db.run(ChangeStatus { app: world.app.clone(), account, act: Act::Close, principal }).await.unwrap();
    world.advance(days(400));
    let swept = closings::sweep(&world.app, &CancellationToken::new()).await.unwrap();
    assert_eq!((swept.looked_at, swept.failed), (1, 0));
    scene.run().await;
    assert_eq!(scene.receiver.kinds(), ["account.closing", "account.closed"]);
}

struct Claim(Among);

impl Unit for Claim {
    type Out = Vec<Claimed>;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Claimed>, DbError> {
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        webhooks::claim(tx, now, now.after(LEASE), self.0, 10).await
    }
}

async fn two_workers_never_have_the_same(test: TestDb) {
    let scene = Scene::new(test).await;
    let replica = scene.world.replica().await;
    for _ in 0..5 {
        scene.invite().await;
    }
    let (one, other) = tokio::join!(run(&scene.world.app), run(&replica));
    assert_eq!(one.taken + other.taken, 5, "{one:?} {other:?}");
    let numbers: Vec<u64> =
        scene.receiver.got().iter().map(|one| one.json()["data"]["seq"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next) && numbers.len() == 5, "{numbers:?}");
}

async fn a_worker_lets_go_after_twenty(test: TestDb) {
    let scene = Scene::new(test).await;
    for _ in 0..21 {
        scene.invite().await;
    }
    let Delivered { looks, taken, .. } = scene.run().await;
    assert_eq!((looks, taken), (2, 21), "somebody else takes it from there, at once");
}

async fn a_worker_that_dies_loses_nothing(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.invite().await;
    assert_eq!(scene.world.app.db.run(Claim(Among::Healthy)).await.unwrap().len(), 1);
    assert_eq!(scene.world.app.db.run(Claim(Among::Healthy)).await.unwrap(), []);
    assert_eq!(scene.run().await, Delivered::default(), "somebody has it");
    // More news do not make it anybody else's.
    scene.invite().await;
    try_out(&scene.world, &scene.team, signed_in(scene.team.owner), scene.id).await.unwrap();
    assert_eq!(scene.run().await, Delivered::default());
    scene.world.advance(LEASE);
    assert_eq!(scene.run().await.taken, 3);
    assert_eq!(scene.receiver.kinds(), ["webhook.test", "member.invited", "member.invited"]);
}

async fn whoever_is_late_writes_nothing(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.invite().await;
    let claim = scene.world.app.db.run(Claim(Among::Healthy)).await.unwrap()[0];
    scene.world.advance(LEASE);
    assert_eq!(scene.run().await.taken, 1);
    let before = stored(&scene.world, scene.id).await.unwrap();
    let late = quorate::app::settle_webhook::SettleWebhook {
        app: scene.world.app.clone(),
        account: scene.team.id,
        claim,
        done: quorate::app::settle_webhook::Done::Passed { seq: 1000 },
        keep_until: None,
    };
    let settled = scene.world.app.db.run(late).await.unwrap();
    assert_eq!(settled, quorate::app::settle_webhook::Settled::Lost);
    assert_eq!(stored(&scene.world, scene.id).await.unwrap(), before);
}

async fn a_stopping_service_begins_nothing(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.invite().await;
    let stop = CancellationToken::new();
    stop.cancel();
    assert_eq!(deliver(&scene.world.app, &stop).await.unwrap(), Delivered::default());
    assert_eq!(scene.run().await.taken, 1);
}

async fn the_last_attempts_are_kept(test: TestDb) {
    let scene = Scene::new(test).await;
    for _ in 0..KEPT + 5 {
        scene.world.advance(SignedDuration::from_secs(1));
        try_out(&scene.world, &scene.team, signed_in(scene.team.owner), scene.id).await.unwrap();
        scene.run().await;
    }
    let log = scene.log().await;
    assert_eq!(log.len(), usize::try_from(KEPT).unwrap());
    assert!(log.is_sorted_by(|one, next| one.at > next.at), "the last one first");
    let (by, before) = (signed_in(scene.team.owner), Some(log[9].id));
    let page = deliveries(&scene.world.app, &by, scene.team.id, scene.id, before, 5).await;
    let page: Vec<_> = page.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(page, log[10..15].iter().map(|one| one.id).collect::<Vec<_>>());
    scene.world.advance(days(31));
    prune::prune(&scene.world.app, ALL, &CancellationToken::new()).await.unwrap();
    assert!(scene.log().await.is_empty());
}

async fn nothing_wakes_up_for_nothing(test: TestDb) {
    let scene = Scene::new(test).await;
    let nudge = scene.world.app.db.nudges().webhooks.clone();
    let elsewhere = scene.world.account("recommended", 0).await;
    scene.run().await;
    scene.world.invite(&elsewhere, scene.world.proven(elsewhere.owner), "member").await.unwrap();
    assert_eq!(stored(&scene.world, scene.id).await.unwrap().next_at, None, "another account's news are not its own");
    scene.invite().await;
    tokio::time::timeout(Duration::from_secs(10), nudge.rung()).await.expect("a worker is rung for");
    assert!(stored(&scene.world, scene.id).await.unwrap().next_at.is_some());
}
