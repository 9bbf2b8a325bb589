//! What is done to the account tree, and to an account as a whole.

use quorate::{
    app::{account_status::ChangeStatus, answer::Answering, app::App, create_account::CreateAccount, error::Error},
    jobs::closings,
    ownership::account::Act,
    store::error::DbError,
};
use serde_json::Map;
use tokio_util::sync::CancellationToken;

use super::{Again, Attempt, Trial, keyed, several, unit};
use crate::harness::world::{OPERATOR, Team, World, days, signed_in};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "create an account with its first customer",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let first_user = world.new_person();
                keyed(move |app| {
                    Answering(CreateAccount {
                        app,
                        name: "Acme".to_owned(),
                        preset: Some("account-and-customers".to_owned()),
                        parent: None,
                        reference: Some("P-17".to_owned()),
                        first_user: first_user.clone(),
                        administrators: Vec::new(),
                        policy: Map::new(),
                        principal: OPERATOR,
                    })
                })
            })
        },
    },
    Trial {
        name: "create an account below another",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("partner-managed", 1).await;
                let (parent, principal) = (Some(team.id), signed_in(team.admins[0]));
                let first_user = world.new_person();
                keyed(move |app| {
                    Answering(CreateAccount {
                        app,
                        name: "Below".to_owned(),
                        preset: None,
                        parent,
                        reference: None,
                        first_user: first_user.clone(),
                        administrators: Vec::new(),
                        policy: Map::new(),
                        principal: principal.clone(),
                    })
                })
            })
        },
    },
    Trial {
        name: "suspend an account",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                change(world, &team, Act::Suspend)
            })
        },
    },
    Trial {
        name: "undo the closing of an account",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = closing(world).await;
                change(world, &team, Act::UndoClose)
            })
        },
    },
    Trial {
        name: "close for good what is due",
        again: Again::TheRest,
        prepare: |world| {
            Box::pin(async move {
                closing(world).await;
                closing(world).await;
                world.advance(days(7));
                several(|app: App| async move {
                    let swept = closings::sweep(&app, &CancellationToken::new()).await?;
                    if swept.failed > 0 { Err(Error::Internal(DbError::Stopped)) } else { Ok(()) }
                })
            })
        },
    },
];

fn change(world: &World, team: &Team, act: Act) -> Attempt {
    let (account, principal) = (team.id, world.proven(team.owner));
    unit(move |app| ChangeStatus { app, account, act, principal: principal.clone() })
}

async fn closing(world: &World) -> Team {
    let team = world.account("recommended", 1).await;
    let unit =
        ChangeStatus { app: world.app.clone(), account: team.id, act: Act::Close, principal: world.proven(team.owner) };
    world.app.db.run(unit).await.unwrap();
    team
}
