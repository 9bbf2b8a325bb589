//! Single sign-on.

use quorate::{
    app::{
        set_sign_on::{ClientSecret, RemoveSignOn, SetSignOn},
        sign_on::{BeginSignedOn, Flow},
    },
    ownership::sign_on::{Checked, Vouched},
    store::sign_ons,
};
use zeroize::Zeroizing;

use super::{Again, Trial, unit};
use crate::{
    app::settings::{Records, proven_domain},
    harness::world::{Team, World},
};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "set up single sign-on",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                set_up(world, &team, "https://id.example.org")
            })
        },
    },
    Trial {
        name: "have people sign in at another provider",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (team, begin) = signed_on(world).await;
                begin(world.app.clone()).await.unwrap();
                set_up(world, &team, "https://another.example.org")
            })
        },
    },
    Trial {
        name: "turn single sign-on off",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, begin) = signed_on(world).await;
                begin(world.app.clone()).await.unwrap();
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| RemoveSignOn { app, account, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "sign in at a provider",
        again: Again::Nothing,
        prepare: |world| Box::pin(async move { signed_on(world).await.1 }),
    },
];

fn set_up(world: &World, team: &Team, issuer: &'static str) -> super::Attempt {
    let (account, principal) = (team.id, world.proven(team.owner));
    unit(move |app| SetSignOn {
        app,
        account,
        issuer: issuer.to_owned(),
        client_id: "quorate".to_owned(),
        client_secret: ClientSecret::New(Zeroizing::new("mellon".to_owned())),
        version: None,
        principal: principal.clone(),
    })
}

/// An account with a provider that has just vouched for its owner.
pub async fn signed_on(world: &World) -> (Team, super::Attempt) {
    let team = world.account("recommended", 2).await;
    let records = Records::start().await;
    proven_domain(world, &records, team.id, &world.proven(team.owner), "example.org").await;
    set_up(world, &team, "https://id.example.org")(world.app.clone()).await.unwrap();
    let set = sign_ons::find(&mut world.app.db.read().await.unwrap(), team.id).await.unwrap().unwrap();
    let flow = Flow { id: world.app.id(), account: team.id, next: "/".to_owned() };
    let address = Some(world.person(team.owner).await.email);
    let said = Vouched { subject: "one".to_owned(), address, checked: Checked::Verified };
    let begin = unit(move |app| BeginSignedOn {
        app,
        flow: flow.clone(),
        set_at: set.set_at,
        said: said.clone(),
        browser: None,
    });
    (team, begin)
}
