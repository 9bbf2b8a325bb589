//! What happens because time passes. Mails have a file of their own, [`crate::death::outbox`], because there it matters
//! what their readers get.

use quorate::{
    app::{app::App, error::Error},
    jobs::{deliver, prune},
    store::error::DbError,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Again, Trial, several};
use crate::harness::world::days;

pub const TRIALS: &[Trial] = &[
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
