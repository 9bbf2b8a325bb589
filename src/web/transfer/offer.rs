//! Offering ownership to a member.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        answer::{Answer, Answering, key_for},
        app::App,
        idempotent::once,
        offer_transfer::OfferTransfer,
    },
    id::{AccountId, UserId},
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// To whom ownership is offered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// An active, confirmed member who is no owner.
    to: UserId,
}

/// Offer your ownership to a member
///
/// By an owner, with fresh proof. The member accepts or declines, by the link in their mail or signed in; on acceptance
/// you stop owning the account, with the role that you have, and they start. Until then any owner can take the offer
/// back.
#[utoipa::path(post, path = "/v1/accounts/{account}/transfers", tag = "transfers", request_body = NewTransfer,
    params(("account" = AccountId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = crate::app::view::transfer::TransferView), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    key: IdempotencyKey,
    Json(new): Json<NewTransfer>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), &format!("offer_transfer {account}"), &new)?;
    let unit = OfferTransfer { app: app.clone(), account, to: new.to, principal };
    Ok((StatusCode::CREATED, Json(once(&app, key, Answering(unit)).await?)))
}
