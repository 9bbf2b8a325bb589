//! Recovery users.

use quorate::{
    app::{
        act,
        add_recovery_user::{AddRecoveryUser, RemoveRecoveryUser},
        answer::Answering,
        confirm_recovery_address::{CheckRecoveryCode, ConfirmRecoveryAddress, SendRecoveryCode},
        issue_paper_key::{IssuePaperKey, RevokePaperKey},
        link_code::Proof,
    },
    id::CodeId,
};

use super::{Again, Trial, keyed, several, unit};
use crate::{
    app::{
        paper_keys::issue,
        recovery_users::{chosen, confirmed, link, mailed},
    },
    harness::world::{World, days},
};

const EMAIL: &str = "rita@example.net";

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "choose a recovery user",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                keyed(move |app| {
                    let emails = vec![EMAIL.parse().unwrap(), "rita@example.com".parse().unwrap()];
                    let name = "Rita Rossi".to_owned();
                    Answering(AddRecoveryUser { app, account, name, emails, principal: principal.clone() })
                })
            })
        },
    },
    Trial {
        name: "remove a recovery user",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                let user = chosen(world, &team, &[EMAIL]).await.id;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| RemoveRecoveryUser { app, account, user, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "confirm a recovery address",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (link, token) = asked(world).await;
                unit(move |app| ConfirmRecoveryAddress { app, link, proof: Proof::Token(token.clone()) })
            })
        },
    },
    Trial {
        name: "confirm a recovery address by a code",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (link, _) = asked(world).await;
                let code = mailed(world, EMAIL).await;
                unit(move |app| ConfirmRecoveryAddress { app, link, proof: Proof::Code(code.clone()) })
            })
        },
    },
    Trial {
        name: "mail a code to a recovery address",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (link, _) = asked(world).await;
                unit(move |app| SendRecoveryCode { app, link })
            })
        },
    },
    Trial {
        name: "mistype the code of a recovery address",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (link, _) = asked(world).await;
                mailed(world, EMAIL).await;
                unit(move |app| CheckRecoveryCode { app, link, code: "00000000".to_owned() })
            })
        },
    },
    Trial {
        name: "issue a paper key in place of another",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                let user = confirmed(world, &team, &[EMAIL]).await.id;
                let replaces = Some(issue(world, &team, user, None, None).await.unwrap().key.id);
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| {
                    let principal = principal.clone();
                    IssuePaperKey { app, account, user, expires_at: None, replaces, principal }
                })
            })
        },
    },
    Trial {
        name: "revoke a paper key",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                let user = confirmed(world, &team, &[EMAIL]).await.id;
                let key = issue(world, &team, user, None, None).await.unwrap().key.id;
                let principal = world.proven(team.owner);
                unit(move |app| RevokePaperKey { app, key, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "complete where somebody holds a paper key",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 3).await;
                let user = confirmed(world, &team, &[EMAIL]).await.id;
                issue(world, &team, user, None, None).await.unwrap();
                let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
                world.approve(&case, &team.admins[1..]).await;
                world.deliver().await;
                world.advance(days(4));
                let case = case.id();
                several(move |app| async move { act::tick(&app, case).await })
            })
        },
    },
];

async fn asked(world: &World) -> (CodeId, String) {
    let team = world.account("recommended", 2).await;
    chosen(world, &team, &[EMAIL]).await;
    link(world, EMAIL).await
}
