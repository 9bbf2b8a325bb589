//! Creating an account.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        answer::{Answer, Answering, key_for},
        app::App,
        create_account::CreateAccount,
        idempotent::once,
        invite::NewPerson,
    },
    id::AccountId,
    ownership::address::Email,
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json},
        problem::{Problem, ProblemBody},
    },
};

/// An account to be created.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Its name, 1 to 100 characters.
    name: String,
    /// One of `GET /v1/presets`; `recommended` if it is left out. Below another account it is that account's to say, so
    /// leave it out.
    preset: Option<String>,
    /// The account that it stands below.
    parent: Option<AccountId>,
    /// What you file it under, such as a project number: up to 80 characters.
    reference: Option<String>,
    /// Who owns it first.
    first_user: PersonInput,
    /// Who administers it, besides the first user. They have standing as soon as they have accepted.
    #[serde(default)]
    administrators: Vec<PersonInput>,
    /// Fields of the recovery policy that differ from the preset's, as in `{"waiting_period": "48h"}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    policy: serde_json::Map<String, serde_json::Value>,
}

/// A person.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonInput {
    /// Their name, 1 to 100 characters.
    pub name: String,
    /// Their address.
    pub email: Email,
}

impl From<PersonInput> for NewPerson {
    fn from(person: PersonInput) -> Self {
        Self { name: person.name, email: person.email }
    }
}

/// Create an account
///
/// For operators, and tokens with the scope `accounts.create`; below an account also for its members with the permission
/// `children.create`, and for such tokens on their behalf: they name neither administrators nor a policy. The first user
/// and the administrators are invited by mail. The account is `pending` until the first user has accepted; whoever creates
/// it for themselves owns it at once.
#[utoipa::path(post, path = "/v1/accounts", tag = "accounts", request_body = NewAccount,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat harmless")),
    responses((status = 201, body = crate::app::view::account::AccountView), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    key: IdempotencyKey,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), "create_account", &new)?;
    let unit = CreateAccount {
        app: app.clone(),
        name: new.name,
        preset: new.preset,
        parent: new.parent,
        reference: new.reference,
        first_user: new.first_user.into(),
        administrators: new.administrators.into_iter().map(NewPerson::from).collect(),
        policy: new.policy,
        principal,
    };
    Ok((StatusCode::CREATED, Json(once(&app, key, Answering(unit)).await?)))
}
