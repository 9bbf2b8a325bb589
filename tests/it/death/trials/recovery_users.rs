//! Recovery users.

use quorate::{
    app::{
        add_recovery_user::{AddRecoveryUser, RemoveRecoveryUser},
        answer::Answering,
        confirm_recovery_address::{CheckRecoveryCode, ConfirmRecoveryAddress, SendRecoveryCode},
        link_code::Proof,
    },
    id::CodeId,
};

use super::{Again, Trial, keyed, unit};
use crate::{
    app::recovery_users::{chosen, link, mailed},
    harness::world::World,
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
];

async fn asked(world: &World) -> (CodeId, String) {
    let team = world.account("recommended", 2).await;
    chosen(world, &team, &[EMAIL]).await;
    link(world, EMAIL).await
}
