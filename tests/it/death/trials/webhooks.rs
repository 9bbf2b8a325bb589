//! Webhooks.

use quorate::{
    app::{
        act,
        add_webhook::{AddWebhook, ReplaceWebhookSecret},
        app::App,
        change_webhook::{RemoveWebhook, TestWebhook, Turn, TurnWebhook},
        error::Error,
        settle_webhook::{Done, Sent, SettleWebhook},
    },
    id::WebhookId,
    jobs::webhooks::deliver,
    moment::Moment,
    outside::receivers::{Receivers, Reply},
    ownership::networks::Networks,
    secret::Chance,
    store::{
        db::Unit,
        error::DbError,
        tx::Tx,
        webhooks::{self, Among, Claimed},
    },
    webhook::progress::From,
};
use tokio_util::sync::CancellationToken;

use super::{Again, Attempt, Trial, several, unit};
use crate::{
    app::webhooks::{URL, added, turn},
    harness::world::{Team, World, hours},
};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "add a webhook endpoint",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 1).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| AddWebhook { app, account, url: URL.to_owned(), principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "give a webhook endpoint a new secret",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (team, webhook) = scene(world).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| ReplaceWebhookSecret { app, account, webhook, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "turn a webhook endpoint off",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, webhook) = scene(world).await;
                turned(world, &team, webhook, Turn::Off)
            })
        },
    },
    Trial {
        name: "turn a webhook endpoint on",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, webhook) = scene(world).await;
                turn(world, &team, world.proven(team.owner), webhook, Turn::Off).await.unwrap();
                turned(world, &team, webhook, Turn::On(From::Stop))
            })
        },
    },
    Trial {
        name: "remove a webhook endpoint",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, webhook) = scene(world).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| RemoveWebhook { app, account, webhook, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "ask for a test",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, webhook) = scene(world).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| TestWebhook { app, account, webhook, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "complete a case, which ends webhooks",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 3).await;
                added(world, &team, URL).await;
                let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
                world.approve(&case, &team.admins[1..]).await;
                world.deliver().await;
                world.advance(hours(72));
                let case = case.id();
                several(move |app| async move { act::tick(&app, case).await })
            })
        },
    },
    Trial {
        name: "deliver webhooks",
        again: Again::Later,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 0).await;
                // One that is refused before it is called: that takes no time, which would stand in a row.
                added(world, &team, "http://127.0.0.1:9/hooks").await;
                world.invite(&team, world.proven(team.owner), "member").await.unwrap();
                several(move |app: App| async move {
                    // When it is tried again is a matter of luck, which is the same each time.
                    let (receivers, chance) = (Receivers::new(Networks::Public), Chance::seeded(99));
                    let app = App { receivers, chance, ..app };
                    let delivered = deliver(&app, &CancellationToken::new()).await?;
                    if delivered.failed > 0 { Err(Error::Internal(DbError::Stopped)) } else { Ok(()) }
                })
            })
        },
    },
    Trial {
        name: "write down that a webhook endpoint is gone",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, _) = scene(world).await;
                world.invite(&team, world.proven(team.owner), "member").await.unwrap();
                let (account, now) = (team.id, world.app.now());
                let claim = world.app.db.run(Claim(now)).await.unwrap()[0];
                let reply = Some(Reply::Answered { status: 410, excerpt: "gone".to_owned(), asked: None });
                let event = "acct_1-1".to_owned();
                let sent = Sent { event, public: "member.invited", seq: Some(1), reply, at: now, milliseconds: 7 };
                unit(move |app| SettleWebhook { app, account, claim, done: Done::Sent(sent.clone()), keep_until: None })
            })
        },
    },
];

/// An account with an endpoint.
async fn scene(world: &World) -> (Team, WebhookId) {
    let team = world.account("recommended", 1).await;
    let id = added(world, &team, URL).await.endpoint.id;
    (team, id)
}

fn turned(world: &World, team: &Team, webhook: WebhookId, turn: Turn) -> Attempt {
    let (account, principal) = (team.id, world.proven(team.owner));
    unit(move |app| TurnWebhook { app, account, webhook, turn, principal: principal.clone() })
}

struct Claim(Moment);

impl Unit for Claim {
    type Out = Vec<Claimed>;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Claimed>, DbError> {
        webhooks::claim(tx, self.0, self.0.after(hours(1)), Among::Healthy, 10).await
    }
}
