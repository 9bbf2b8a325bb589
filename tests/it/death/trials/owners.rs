//! What owners, those to whom they offer ownership, and time do to the owners of an account.

use quorate::{
    app::{
        answer::Answering,
        answer_transfer::{Answer, AnswerTransfer, ExpireTransfer},
        offer_transfer::OfferTransfer,
        owners::{Asked, ChangeOwners},
        redeem::{self, Redeem},
    },
    jobs::transfers,
    ownership::transfer::Transfer,
    store::error::DbError,
};
use tokio_util::sync::CancellationToken;

use super::{Again, Attempt, Trial, keyed, several, unit};
use crate::harness::world::{Team, World, hours, signed_in};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "grant ownership",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 3).await;
                change(world, &team, Asked::Grant)
            })
        },
    },
    Trial {
        name: "revoke the ownership of whoever is primary and has offered it",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("multi-owner", 2).await;
                let other = team.admins[0];
                world.change_owners(&team, world.proven(team.owner), other, Asked::Grant).await.unwrap();
                world.offer(&team, world.proven(team.owner), team.admins[1]).await.unwrap();
                let (account, user, principal) = (team.id, team.owner, world.proven(other));
                unit(move |app| ChangeOwners { app, account, user, asked: Asked::Revoke, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "pass the primary place on",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("multi-owner", 2).await;
                world.change_owners(&team, world.proven(team.owner), team.admins[0], Asked::Grant).await.unwrap();
                change(world, &team, Asked::MakePrimary)
            })
        },
    },
    Trial {
        name: "offer ownership, where an offer has lapsed",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let (team, _) = offered(world).await;
                world.advance(hours(72));
                let (account, to, principal) = (team.id, team.admins[1], world.proven(team.owner));
                keyed(move |app| Answering(OfferTransfer { app, account, to, principal: principal.clone() }))
            })
        },
    },
    Trial {
        name: "accept ownership",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, offer) = offered(world).await;
                let (transfer, principal) = (offer.id, world.proven(team.admins[0]));
                unit(move |app| AnswerTransfer { app, transfer, answer: Answer::Accept, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "decline ownership, by its link",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, _) = offered(world).await;
                let link = world.link(team.id, team.admins[0], "transfer_request").await;
                unit(move |app| Redeem { app, link, answer: redeem::Answer::Decline })
            })
        },
    },
    Trial {
        name: "decline ownership",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, offer) = offered(world).await;
                let (transfer, principal) = (offer.id, signed_in(team.admins[0]));
                unit(move |app| AnswerTransfer { app, transfer, answer: Answer::Decline, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "take an offer of ownership back",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, offer) = offered(world).await;
                let (transfer, principal) = (offer.id, world.proven(team.owner));
                unit(move |app| AnswerTransfer { app, transfer, answer: Answer::Cancel, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "write down that an offer has lapsed",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (_, offer) = offered(world).await;
                world.advance(hours(72));
                unit(move |app| ExpireTransfer { app, transfer: offer.id })
            })
        },
    },
    Trial {
        name: "end the offers that are due",
        again: Again::TheRest,
        prepare: |world| {
            Box::pin(async move {
                for _ in 0..2 {
                    offered(world).await;
                }
                world.advance(hours(72));
                several(|app| async move {
                    let swept = transfers::sweep(&app, &CancellationToken::new()).await?;
                    if swept.failed > 0 { Err(DbError::Stopped.into()) } else { Ok(()) }
                })
            })
        },
    },
];

/// An owner does that with the first administrator.
fn change(world: &World, team: &Team, asked: Asked) -> Attempt {
    let (account, user, principal) = (team.id, team.admins[0], world.proven(team.owner));
    unit(move |app| ChangeOwners { app, account, user, asked, principal: principal.clone() })
}

/// An account whose owner has offered it to the first administrator.
async fn offered(world: &World) -> (Team, Transfer) {
    let team = world.account("multi-owner", 2).await;
    let offer = world.offer(&team, world.proven(team.owner), team.admins[0]).await.unwrap();
    (team, offer)
}
