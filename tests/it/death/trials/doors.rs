//! Signing in, proving, tokens, and the codes behind links.

use jiff::SignedDuration;
use quorate::{
    app::{
        authenticate::NoteUse,
        confirm_sign_in::ConfirmSignIn,
        follow_sign_in::FollowSignIn,
        idempotent::once_with_secret,
        link_code::{self, Proof, SendLinkCode},
        mail_sign_in::MailSignIn,
        owners::Asked,
        password_sign_in::{BeginByPassword, sign_in},
        principal::Principal,
        prove::{Prove, RequestProof},
        prove_password::ProveByPassword,
        redeem::Answer,
        rotate_token::RotateToken,
        sessions::{EndOtherSessions, EndSession},
        set_password::set_password,
        sign_in::SignIn,
        tokens::{CreateToken, RevokeToken},
        try_password::{CountTry, Try, Whose},
    },
    id::{CodeId, LinkId, SessionId},
    mail::facts::ProofUse,
    ownership::{address::Email, session::Ends},
    password::typed::Password,
    secret::TokenHash,
    store::{credentials::Matching, tokens::Power},
};
use serde_json::json;

use super::{Again, Attempt, Trial, several, the_key, unit};
use crate::harness::world::{OPERATOR, World, days};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "ask for a sign-in code",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let email = somebody(world).await;
                unit(move |app| SignIn { app, email: email.clone() })
            })
        },
    },
    Trial {
        // The code is used, so it is one more that is wrong.
        name: "sign in",
        again: Again::OneMore,
        prepare: |world| Box::pin(async move { confirming(world, "").await }),
    },
    Trial {
        name: "mistype a sign-in code",
        again: Again::OneMore,
        prepare: |world| Box::pin(async move { confirming(world, "1").await }),
    },
    Trial {
        name: "sign in by the link",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (_, asked, _) = asked(world).await;
                let token = format!("{asked}.{}", world.app.secret.sign_in_proof(asked));
                unit(move |app| FollowSignIn { app, token: token.clone(), browser: None })
            })
        },
    },
    Trial {
        name: "mail what somebody who signs in has asked for",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (_, request, _) = asked(world).await;
                unit(move |app| MailSignIn { app, request })
            })
        },
    },
    Trial {
        name: "end a session",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, session) = session(world).await;
                unit(move |app| EndSession { app, principal: principal.clone(), session })
            })
        },
    },
    Trial {
        name: "ask for a proof code",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = session(world).await;
                unit(move |app| RequestProof { app, principal: principal.clone(), what: ProofUse::Veto })
            })
        },
    },
    Trial {
        name: "prove who is there",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = session(world).await;
                let ask = RequestProof { app: world.app.clone(), principal: principal.clone(), what: ProofUse::Veto };
                world.app.db.run(ask).await.unwrap();
                let code = world.newest_code(principal.person_everywhere().unwrap(), "proof_code").await;
                unit(move |app| Prove { app, principal: principal.clone(), code: code.clone() })
            })
        },
    },
    Trial {
        name: "note that a session is used",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = session(world).await;
                let session = principal.session().unwrap();
                let ends = Ends::of_new(world.app.now()).used(world.app.now().after(MINUTE * 10)).unwrap();
                world.advance(MINUTE * 10);
                unit(move |app| NoteUse { app, session, ends })
            })
        },
    },
    Trial {
        name: "give a session another token",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let owner = world.account("single-owner", 1).await.owner;
                let presented = TokenHash::of(&world.sign_in(owner).await);
                unit(move |app| RotateToken { app, presented })
            })
        },
    },
    Trial {
        name: "end one's other sessions",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = session(world).await;
                world.sign_in(principal.person_everywhere().unwrap()).await;
                unit(move |app| EndOtherSessions { app, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "count a try at a password",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (_, email) = with_password(world).await;
                unit(move |app| CountTry { app, whose: Whose::Address(email.clone()) })
            })
        },
    },
    Trial {
        name: "sign in with a password",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (_, email) = with_password(world).await;
                let (tried, matching) = try_one(world, Whose::Address(email.clone())).await;
                unit(move |app| BeginByPassword { app, email: email.clone(), matching, tried, browser: None })
            })
        },
    },
    Trial {
        name: "prove who is there with a password",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (principal, _) = with_password(world).await;
                world.advance(MINUTE);
                let whose = Whose::InSession(principal.person_everywhere().unwrap(), principal.session().unwrap());
                let (tried, matching) = try_one(world, whose).await;
                unit(move |app| ProveByPassword { app, principal: principal.clone(), matching, tried })
            })
        },
    },
    Trial {
        name: "make a token",
        again: Again::Nothing,
        prepare: |_| {
            Box::pin(async move {
                several(move |app| async move {
                    let (name, power) = ("product".to_owned(), Power::Operator);
                    let unit = CreateToken { app: app.clone(), principal: OPERATOR, name, power };
                    once_with_secret(&app, Some(the_key()), unit).await.map(drop)
                })
            })
        },
    },
    Trial {
        name: "revoke a token",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let Principal::Platform { token, .. } = world.platform(None).await else { panic!("no token") };
                unit(move |app| RevokeToken { app, principal: OPERATOR, token })
            })
        },
    },
    Trial {
        name: "ask for a code instead of a link",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (link, _) = invitation(world).await;
                unit(move |app| SendLinkCode { app, link })
            })
        },
    },
    Trial {
        name: "show a link by its code",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (link, code) = invitation(world).await;
                several(move |app| {
                    let proof = Proof::Code(code.clone());
                    async move { link_code::show(&app, link, &proof).await.map(drop) }
                })
            })
        },
    },
    Trial {
        name: "follow a link by its code",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (link, code) = invitation(world).await;
                several(move |app| {
                    let proof = Proof::Code(code.clone());
                    async move { link_code::act(&app, link, proof, Answer::Confirm).await.map(drop) }
                })
            })
        },
    },
];

async fn somebody(world: &World) -> Email {
    let owner = world.account("single-owner", 1).await.owner;
    world.person(owner).await.email
}

/// Somebody who has asked for a code, with the code.
pub async fn asked(world: &World) -> (Email, CodeId, String) {
    let email = somebody(world).await;
    let asked = world.app.db.run(SignIn { app: world.app.clone(), email: email.clone() }).await.unwrap().request;
    (email, asked, world.app.secret.code(asked))
}

/// Signing in with the mailed code, and what is typed behind it.
async fn confirming(world: &World, more: &'static str) -> Attempt {
    let (email, asked, code) = asked(world).await;
    let code = format!("{code}{more}");
    unit(move |app| ConfirmSignIn {
        app,
        email: email.clone(),
        code: code.clone(),
        request: Some(asked),
        browser: None,
    })
}

async fn session(world: &World) -> (Principal, SessionId) {
    let owner = world.account("single-owner", 1).await.owner;
    let token = world.sign_in(owner).await;
    let principal = world.who(&token).await.unwrap();
    let Principal::Person { session: Some(session), .. } = principal else { panic!("no session") };
    (principal, session)
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const PASSWORD: &str = "tractor-violet-armchair";

/// An owner with a password, in a session with fresh proof by it, and their address.
pub async fn with_password(world: &World) -> (Principal, Email) {
    let team = world.account("multi-owner", 1).await;
    world.change_owners(&team, world.proven(team.owner), team.admins[0], Asked::Grant).await.unwrap();
    world.advance(days(30));
    let token = world.sign_in(team.owner).await;
    let principal = world.prove(&token).await;
    set_password(&world.app, principal, Password::typed(PASSWORD)).await.unwrap();
    let email = world.person(team.owner).await.email;
    // Two weeks later it is theirs.
    world.advance(days(14));
    let signed_in = sign_in(&world.app, email.clone(), Password::typed(PASSWORD), None).await.unwrap();
    (world.who(signed_in.token.reveal()).await.unwrap(), email)
}

/// A try that is counted, and the password that it is about to match.
async fn try_one(world: &World, whose: Whose) -> (Try, Matching) {
    let (tried, candidates) = world.app.db.run(CountTry { app: world.app.clone(), whose }).await.unwrap();
    (tried, candidates.into_iter().find_map(|candidate| candidate.password).unwrap())
}

/// An invitation's link, with a code that was mailed to its reader.
async fn invitation(world: &World) -> (LinkId, String) {
    let team = world.pending_account("single-owner", 1, &json!({})).await;
    let link = world.link(team.id, team.owner, "invitation").await;
    world.app.db.run(SendLinkCode { app: world.app.clone(), link }).await.unwrap();
    (link, world.newest_code(team.owner, "link_code").await)
}
