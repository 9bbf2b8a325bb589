//! Inviting a member.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        answer::{Answer, Answering, key_for},
        app::App,
        idempotent::once,
        invite::{Invite, NewPerson},
    },
    id::AccountId,
    ownership::address::Email,
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// A member to be invited.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Their name, 1 to 100 characters.
    name: String,
    /// Their address, to which the invitation goes.
    email: Email,
    /// The name of their role.
    role: String,
}

/// Invite a member
///
/// For owners, members whose role may manage members, and tokens with the scope `members.manage`. An owner who adds an
/// administrator needs fresh proof; anybody else's addition has no standing until an owner or a majority confirms it.
#[utoipa::path(post, path = "/v1/accounts/{account}/members", tag = "members", request_body = NewMember,
    params(("account" = AccountId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = crate::app::view::member::MemberView), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    key: IdempotencyKey,
    Json(new): Json<NewMember>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), &format!("invite {account}"), &new)?;
    let person = NewPerson { name: new.name, email: new.email };
    let unit = Invite { app: app.clone(), account, person, role: new.role, principal };
    Ok((StatusCode::CREATED, Json(once(&app, key, Answering(unit)).await?)))
}
