//! Mails that come in to vote.

use std::sync::Arc;

use quorate::{
    app::{app::App, receive_mail::receive},
    inbound::received::Received,
};

use super::{Again, Attempt, Trial, several};
use crate::{
    app::mailed::{Desk, sentence},
    harness::world::OPERATOR,
};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "open a case by mail, and vote in it",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (team, desk) = (world.account("single-owner", 3).await, Desk::open().await);
                let [ben, cleo, _] = team.admins[..] else { panic!() };
                let mail = desk.mail_of(world, ben, &sentence(world, team.owner, cleo).await).await;
                coming(desk, mail)
            })
        },
    },
    Trial {
        name: "vote by mail",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (team, desk) = (world.account("single-owner", 3).await, Desk::open().await);
                let [ben, cleo, dora] = team.admins[..] else { panic!() };
                world.open(&team, ben, cleo).await.unwrap();
                let mail = desk.mail_of(world, dora, &sentence(world, team.owner, cleo).await).await;
                coming(desk, mail)
            })
        },
    },
    Trial {
        name: "refuse a mail, and say so",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (team, desk) = (world.account("single-owner", 3).await, Desk::open().await);
                let mail = desk.mail_of(world, team.admins[0], "What is this?").await;
                coming(desk, mail)
            })
        },
    },
];

/// A mail comes in, and the DNS answers as long as it may.
fn coming(desk: Desk, mail: String) -> Attempt {
    let desk = Arc::new(desk);
    several(move |app: App| {
        let (app, mail, desk) = (desk.app_on(app), Received::new(mail.clone().into_bytes()), Arc::clone(&desk));
        async move {
            let judged = receive(&app, &OPERATOR, &mail).await.map(drop);
            drop(desk);
            judged
        }
    })
}
