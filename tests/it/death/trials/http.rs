//! Requests, through the whole site.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use http_body_util::BodyExt;
use quorate::{
    app::{app::App, ask_address::AskAddress, error::Error},
    config::Limits,
    jobs::pulse::Pulse,
    mail::post::Post,
    store::error::DbError,
    web::{
        case::live::Places,
        router::router,
        site::{Mailbox, Site},
        throttle::Throttle,
    },
};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Again, Attempt, Trial};
use crate::harness::world::World;

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "POST /v1/accounts/{account}/cases",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 3).await;
                let token = world.sign_in(team.admins[0]).await;
                let body = json!({"kind": "replace", "nominee": team.admins[1], "statement": "The owner has left."});
                request(world, "POST", &format!("/v1/accounts/{}/cases", team.id), &token, body)
            })
        },
    },
    Trial {
        name: "PUT /v1/cases/{case}/ballot",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 3).await;
                let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
                world.approve(&case, &team.admins[..1]).await;
                let token = world.sign_in(team.admins[2]).await;
                world.prove_by_password(&token).await;
                let body = json!({"choice": "approve", "terms_hash": case.terms_hash.to_string()});
                request(world, "PUT", &format!("/v1/cases/{}/ballot", case.id()), &token, body)
            })
        },
    },
    Trial {
        name: "POST /v1/cases/{case}/veto",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 3).await;
                let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
                let token = world.sign_in(team.owner).await;
                world.prove_by_password(&token).await;
                request(world, "POST", &format!("/v1/cases/{}/veto", case.id()), &token, json!({}))
            })
        },
    },
    Trial {
        name: "POST /v1/links/redeem",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.pending_account("single-owner", 1, &json!({})).await;
                let link = world.link(team.id, team.owner, "invitation").await;
                let body = json!({"token": world.app.secret.link_token(link), "confirm": true});
                request(world, "POST", "/v1/links/redeem", "", body)
            })
        },
    },
    Trial {
        name: "POST /v1/me/email/confirm",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let user = world.account("single-owner", 1).await.admins[0];
                let token = world.sign_in(user).await;
                let principal = world.prove_by_password(&token).await;
                let email = "somebody@new.example".parse().unwrap();
                world.app.db.run(AskAddress { app: world.app.clone(), email, principal }).await.unwrap();
                let body = json!({"code": world.newest_code(user, "email_code").await});
                request(world, "POST", "/v1/me/email/confirm", &token, body)
            })
        },
    },
    Trial {
        // The code is used, so it is one more that is wrong.
        name: "POST /v1/sign-in/confirm",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (email, asked, code) = super::doors::asked(world).await;
                let body = json!({"email": email, "code": code, "request": asked});
                request(world, "POST", "/v1/sign-in/confirm", "", body)
            })
        },
    },
];

fn request(world: &World, method: &'static str, path: &str, token: &str, body: Value) -> Attempt {
    let (post, path, token) = (Arc::clone(&world.post), path.to_owned(), token.to_owned());
    Box::new(move |app| {
        let mut request = Request::builder().method(method).uri(&path).header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}")).header("idempotency-key", "the-key");
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        Box::pin(ask(app, Arc::clone(&post), request))
    })
}

async fn ask(app: App, post: Arc<Post>, request: Request<Body>) -> Result<String, Error> {
    let throttle = Throttle::new(app.clock.clone(), &[]);
    let site =
        Site { app, post, pulse: Pulse::default(), mailbox: Mailbox::Closed, places: Places::among(4), throttle };
    let response = router(&site, Limits::default()).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    match parts.status.as_u16() {
        200..300 => Ok(String::from_utf8(body).unwrap()),
        500.. => Err(Error::Internal(DbError::Stopped)),
        _ => Err(Error::NotFound),
    }
}
