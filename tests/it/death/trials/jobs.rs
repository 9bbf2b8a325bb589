//! What happens because time passes. Mails have a file of their own, [`crate::death::outbox`], because there it matters
//! what their readers get.

use quorate::{
    app::{
        app::App,
        digest::{SwitchDigest, tick},
        error::Error,
        record_bounce::RecordBounce,
    },
    jobs::{deliver, prune},
    recovery::policy::Switch,
    store::error::DbError,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Again, Trial, several, unit};
use crate::harness::world::days;

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "tell owners that their account is badly prepared",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let account = world.account("recommended", 1).await.id;
                world.advance(days(8));
                several(move |app: App| async move { tick(&app, account).await })
            })
        },
    },
    Trial {
        name: "turn the weekly mail off",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 1).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| SwitchDigest { app, account, wanted: Switch::Off, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "prune",
        again: Again::TheRest,
        prepare: |world| {
            Box::pin(async move {
                let owner = world.account("single-owner", 1).await.owner;
                world.sign_in(owner).await;
                world.advance(days(30));
                several(|app: App| async move {
                    Ok(prune::prune(&app, prune::ALL, &CancellationToken::new()).await.map(drop)?)
                })
            })
        },
    },
    Trial {
        name: "record that a mail came back",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 1).await;
                world.deliver().await;
                let mail = world.outbox(team.id).await[0].id;
                unit(move |app| RecordBounce { app, mail, why: "550 5.1.1 nobody".to_owned() })
            })
        },
    },
    Trial {
        name: "deliver",
        again: Again::Later,
        prepare: |world| {
            Box::pin(async move {
                world.pending_account("single-owner", 3, &json!({})).await;
                let post = world.post.clone();
                several(move |app: App| {
                    let post = post.clone();
                    async move {
                        let delivered = deliver::deliver(&app, &post, &CancellationToken::new()).await?;
                        if delivered.failed > 0 { Err(Error::Internal(DbError::Stopped)) } else { Ok(()) }
                    }
                })
            })
        },
    },
];
