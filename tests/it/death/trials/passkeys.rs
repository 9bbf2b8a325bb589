//! Passkeys.

use quorate::{
    app::{
        add_passkey::{AddPasskey, ask_passkey},
        passkey_sign_in::{BeginByPasskey, ask_sign_in},
        principal::Principal,
        prove_passkey::{ProveByPasskey, ask_proof},
        remove_passkey::RemovePasskey,
        rename_passkey::RenamePasskey,
        sign_ballot::{CastSigned, SignBallot, Signing, Wanted},
        use_passkey::Answer,
    },
    id::CredentialId,
    recovery::ballot::Choice,
};

use super::{Again, Trial, doors::with_password, unit};
use crate::{
    app::{
        passkeys::{SITE, add},
        signed_ballots::{answer, opened, wanted},
    },
    harness::{authenticator::Device, world::World},
};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "add a passkey",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = with_password(world).await;
                let (ceremony, options) = ask_passkey(&world.app, &principal).await.unwrap();
                let answer = Device::at(SITE).create(&options);
                unit(move |app| AddPasskey {
                    app,
                    ceremony,
                    answer: answer.clone(),
                    name: "Telephone".to_owned(),
                    principal: principal.clone(),
                })
            })
        },
    },
    Trial {
        name: "use a passkey to sign a ballot",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, wanted, answer) = about_to_sign(world).await;
                unit(move |app| SignBallot { app, principal: principal.clone(), wanted, answer: answer.clone() })
            })
        },
    },
    Trial {
        name: "cast a ballot that was signed",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, wanted, answer) = about_to_sign(world).await;
                let sign = SignBallot { app: world.app.clone(), principal: principal.clone(), wanted, answer };
                let Signing::By(signature, proof) = world.app.db.run(sign).await.unwrap() else { panic!("a copy") };
                unit(move |app| CastSigned {
                    app,
                    principal: principal.clone(),
                    wanted,
                    signature: (*signature).clone(),
                    proof,
                })
            })
        },
    },
    Trial {
        name: "sign in with a passkey",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (_, mut device, _) = with_passkey(world).await;
                let (ceremony, options) = ask_sign_in(&world.app).unwrap();
                let answer = Answer { ceremony, answer: device.get(&options) };
                unit(move |app| BeginByPasskey { app, answer: answer.clone(), browser: None })
            })
        },
    },
    Trial {
        name: "prove who is there with a passkey",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, mut device, _) = with_passkey(world).await;
                let (ceremony, options) = ask_proof(&world.app, &principal).await.unwrap();
                let answer = Answer { ceremony, answer: device.get(&options) };
                unit(move |app| ProveByPasskey { app, principal: principal.clone(), answer: answer.clone() })
            })
        },
    },
    Trial {
        name: "end a passkey that was copied",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (_, mut device, _) = with_passkey(world).await;
                let mut copy = device.copy();
                let (ceremony, options) = ask_sign_in(&world.app).unwrap();
                let answer = Answer { ceremony, answer: device.get(&options) };
                world.app.db.run(BeginByPasskey { app: world.app.clone(), answer, browser: None }).await.unwrap();
                let (ceremony, options) = ask_sign_in(&world.app).unwrap();
                let answer = Answer { ceremony, answer: copy.get(&options) };
                unit(move |app| BeginByPasskey { app, answer: answer.clone(), browser: None })
            })
        },
    },
    Trial {
        name: "rename a passkey",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _, passkey) = with_passkey(world).await;
                unit(move |app| RenamePasskey {
                    app,
                    passkey,
                    name: "Blue key".to_owned(),
                    principal: principal.clone(),
                })
            })
        },
    },
    Trial {
        name: "remove a passkey",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _, passkey) = with_passkey(world).await;
                unit(move |app| RemovePasskey { app, passkey, principal: principal.clone() })
            })
        },
    },
];

/// A ballot that somebody is about to sign with their passkey: who, what they sign, and what their passkey answers.
async fn about_to_sign(world: &World) -> (Principal, Wanted, Answer) {
    let (_, [mut ada, ..], case) = opened(world, &["passkey"]).await;
    let wanted = wanted(&case, Choice::Approve);
    let answer = answer(world, &mut ada, wanted).await;
    (ada.by, wanted, answer)
}

async fn with_passkey(world: &World) -> (Principal, Device, CredentialId) {
    let (principal, _) = with_password(world).await;
    let mut device = Device::at(SITE);
    let stored = add(world, &mut device, &principal, "Telephone").await.unwrap();
    (principal, device, stored.credential.held.id)
}
