//! What happens because time passes. Mails have a file of their own, [`crate::death::outbox`], because there it matters
//! what their readers get.

use quorate::{
    app::{
        app::App,
        check_account::check_account,
        digest::{SwitchDigest, tick},
        error::Error,
        record_bounce::RecordBounce,
        seal::RotateLogKey,
    },
    jobs::{deliver, prune, seal},
    recovery::policy::Switch,
    store::error::DbError,
};
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
                // Of the mails of a case, the owner's alert bears a checkpoint.
                let team = world.account("recommended", 3).await;
                world.deliver().await;
                world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
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
    Trial {
        name: "seal the log",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                world.account("recommended", 2).await;
                several(|app: App| async move { Ok(seal::sweep(&app, &CancellationToken::new()).await.map(drop)?) })
            })
        },
    },
    Trial {
        name: "seal more of the log with another key",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                world.account("recommended", 2).await;
                seal::sweep(&world.app, &CancellationToken::new()).await.unwrap();
                world.app.db.run(RotateLogKey { app: world.app.clone() }).await.unwrap();
                world.account("recommended", 1).await;
                several(|app: App| async move { Ok(seal::sweep(&app, &CancellationToken::new()).await.map(drop)?) })
            })
        },
    },
    Trial {
        name: "have another key sign checkpoints",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                world.account("recommended", 1).await;
                seal::sweep(&world.app, &CancellationToken::new()).await.unwrap();
                several(|app: App| async move { Ok(app.db.run(RotateLogKey { app: app.clone() }).await.map(drop)?) })
            })
        },
    },
    Trial {
        name: "halt an account",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 3).await;
                world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
                // Somebody has written into the database, so the account is halted.
                world.script("update accounts set head_seq = head_seq + 1").await;
                let account = team.id;
                several(move |app: App| async move { check_account(&app, account).await.map(drop) })
            })
        },
    },
];
