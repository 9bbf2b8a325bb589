//! What people change about themselves, in every account of theirs at once.

use jiff::SignedDuration;
use quorate::{
    app::{
        ask_address::AskAddress,
        change_address::ChangeAddress,
        invite::{Invite, NewPerson},
        principal::Principal,
        remove_password::RemovePassword,
        rename_me::RenameMe,
        set_password::SetPassword,
        set_time_zone::SetTimeZone,
    },
    id::UserId,
    ownership::address::Email,
};

use zeroize::Zeroizing;

use super::{Again, Trial, doors::with_password, unit};
use crate::harness::world::{World, signed_in};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "change one's name",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let principal = signed_in(in_two_accounts(world).await);
                unit(move |app| RenameMe {
                    app,
                    name: "Somebody Else".to_owned(),
                    version: None,
                    principal: principal.clone(),
                })
            })
        },
    },
    Trial {
        name: "choose one's time zone",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let principal = signed_in(in_two_accounts(world).await);
                unit(move |_| SetTimeZone { time_zone: "Asia/Kolkata".to_owned(), principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "ask for another address",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = about_to_move(world).await;
                // Which makes the code useless that went to the one before.
                let email: Email = "elsewhere@new.example".parse().unwrap();
                unit(move |app| AskAddress { app, email: email.clone(), principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "ask for somebody else's address",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = about_to_move(world).await;
                let other = world.account("single-owner", 1).await.admins[0];
                let email = world.person(other).await.email;
                unit(move |app| AskAddress { app, email: email.clone(), principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "change one's address",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, code) = about_to_move(world).await;
                unit(move |app| ChangeAddress { app, code: code.clone(), principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "mistype the code that went to one's new address",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (principal, code) = about_to_move(world).await;
                let code = format!("{code}1");
                unit(move |app| ChangeAddress { app, code: code.clone(), principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "set one's password",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = with_password(world).await;
                let hash =
                    "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
                let secret = Zeroizing::new(hash.to_owned());
                unit(move |app| SetPassword { app, secret: secret.clone(), principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "remove one's password",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = with_password(world).await;
                unit(move |app| RemovePassword { app, principal: principal.clone() })
            })
        },
    },
];

/// An administrator of one account who is invited to another.
async fn in_two_accounts(world: &World) -> UserId {
    let team = world.account("single-owner", 1).await;
    let other = world.account("single-owner", 1).await;
    let user = team.admins[0];
    let known = world.person(user).await;
    let invite = Invite {
        app: world.app.clone(),
        account: other.id,
        person: NewPerson { name: known.name, email: known.email },
        role: "administrator".to_owned(),
        principal: signed_in(other.admins[0]),
    };
    world.app.db.run(invite).await.unwrap();
    user
}

/// Somebody who has shown who they are, with the code that went to another address.
async fn about_to_move(world: &World) -> (Principal, String) {
    let user = in_two_accounts(world).await;
    // A second session, which the change ends.
    world.sign_in(user).await;
    world.advance(SignedDuration::from_millis(1));
    let token = world.sign_in(user).await;
    let principal = world.prove(&token).await;
    let email: Email = "somebody@new.example".parse().unwrap();
    let ask = AskAddress { app: world.app.clone(), email, principal: principal.clone() };
    world.app.db.run(ask).await.unwrap();
    (principal, world.newest_code(user, "email_code").await)
}
