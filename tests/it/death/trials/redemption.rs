//! Recovery by paper key.

use quorate::{
    app::{
        act,
        enrol_owner::{EnrolOwner, ask_first_passkey},
        present_key::PresentKey,
        redeem::{Answer, Redeem},
        redeem_key::{RedeemKey, Wanted},
    },
    id::{CaseId, CodeId, LinkId},
    recovery::terms::Kind,
};
use serde_json::json;

use super::{Again, Trial, several, unit};
use crate::{
    app::{
        passkeys::SITE,
        policy::own,
        redemption::{RITA, answers, completed, enrol_token, held, holder, key_code, nora, present, use_key},
    },
    harness::{
        authenticator::Device,
        world::{World, hours},
    },
};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "present a paper key",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (_, _, key) = held(world, 2, &json!({})).await;
                unit(move |app| PresentKey { app, key: key.clone() })
            })
        },
    },
    Trial {
        name: "open a case with a paper key",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (_, _, key) = held(world, 2, &json!({"keys_need_approvals": 1})).await;
                let (recovery, code) = presented(world, &key, RITA).await;
                unit(move |app| RedeemKey { app, recovery, code: code.clone(), wanted: nora(Kind::Replace) })
            })
        },
    },
    Trial {
        name: "join a case with a paper key",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, _, key) = held(world, 2, &json!({})).await;
                let (_, second) = holder(world, &team, "paul@example.org").await;
                own(world, &team, |policy| policy.keys_required = 2).await;
                let case = use_key(world, &key, RITA, nora(Kind::Replace)).await.unwrap();
                let terms_hash = world.case(case).await.terms_hash;
                let (recovery, code) = presented(world, &second, "paul@example.org").await;
                let wanted = Wanted::Join { case, terms_hash };
                unit(move |app| RedeemKey { app, recovery, code: code.clone(), wanted: wanted.clone() })
            })
        },
    },
    Trial {
        name: "accept where paper keys name one",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (_, link) = named(world).await;
                unit(move |app| Redeem { app, link, answer: Answer::Confirm })
            })
        },
    },
    Trial {
        name: "decline where paper keys name one",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (_, link) = named(world).await;
                unit(move |app| Redeem { app, link, answer: Answer::Decline })
            })
        },
    },
    Trial {
        name: "complete a case of paper keys",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (case, _) = named(world).await;
                answers(world, &world.case(case).await, Answer::Confirm).await.unwrap();
                world.deliver().await;
                world.advance(hours(72));
                several(move |app| async move { act::tick(&app, case).await })
            })
        },
    },
    Trial {
        name: "enrol a new owner",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, _, key) = held(world, 2, &json!({})).await;
                let case = completed(world, &team, &key, Kind::Replace).await;
                let token = enrol_token(world, &team, case.terms.nominee.id).await;
                let (ceremony, options) = ask_first_passkey(&world.app, &token).await.unwrap();
                let answer = Device::at(SITE).create(&options);
                unit(move |app| EnrolOwner {
                    app,
                    token: token.clone(),
                    ceremony,
                    answer: answer.clone(),
                    name: "Telephone".to_owned(),
                })
            })
        },
    },
];

/// A key that was typed, and the code that was mailed for it.
async fn presented(world: &World, key: &quorate::paper_key::key::PaperKey, email: &str) -> (CodeId, String) {
    let recovery = present(world, key).await.unwrap().recovery;
    (recovery, key_code(world, email).await)
}

/// A case that a key has opened, and the link of whom it names.
async fn named(world: &World) -> (CaseId, LinkId) {
    let (team, _, key) = held(world, 2, &json!({})).await;
    let id = use_key(world, &key, RITA, nora(Kind::Replace)).await.unwrap();
    let link = world.link(team.id, world.case(id).await.terms.nominee.id, "nomination").await;
    (id, link)
}
