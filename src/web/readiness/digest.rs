//! Turning the weekly mail about readiness on and off.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::show::show;
use crate::{
    app::{
        app::App,
        digest::SwitchDigest,
        view::readiness::{ReadinessView, readiness},
    },
    id::AccountId,
    recovery::policy::Switch,
    web::{
        caller::Caller,
        extract::{Json, Path},
        fields::Fields,
        notice::Notice,
        problem::{Problem, ProblemBody},
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Whether owners want the weekly mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DigestInput {
    /// `on` or `off`.
    #[schema(value_type = String)]
    state: Switch,
}

/// Turn the weekly mail about a low readiness on or off
///
/// By an owner, with fresh proof, for all owners of the account. Alerts cannot be turned off.
#[utoipa::path(put, path = "/v1/accounts/{account}/readiness/digest", tag = "accounts", request_body = DigestInput,
    params(("account" = AccountId, Path)),
    responses((status = 200, body = ReadinessView), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    Json(input): Json<DigestInput>,
) -> Result<Json<ReadinessView>, Problem> {
    let unit = SwitchDigest { app: app.clone(), account, wanted: input.state, principal: principal.clone() };
    app.db.run(unit).await?;
    Ok(Json(readiness(&app, &principal, account, &BTreeSet::new()).await?))
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub struct DigestForm {
    state: Switch,
}

/// Whoever comes back without the form finds the page from which it is sent.
pub async fn nothing(Path(account): Path<AccountId>) -> Redirect {
    Redirect::to(&format!("/accounts/{account}/readiness"))
}

/// Turns it on or off.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    Fields(form): Fields<DigestForm>,
) -> Result<Response, Problem> {
    let back = format!("/accounts/{account}/readiness");
    let principal = person.principal.clone();
    match app.db.run(SwitchDigest { app: app.clone(), account, wanted: form.state, principal }).await {
        Ok(()) => {
            let notice = match form.state {
                Switch::On => Notice::DigestOn,
                Switch::Off => Notice::DigestOff,
            };
            Ok(Redirect::to(&notice.on(&back)).into_response())
        }
        Err(refused) => {
            let problem = Problem::from(refused);
            if prove::helps(problem.code) {
                return Ok(prove::first(&back));
            }
            show(&app, person, account, BTreeSet::new(), Wrong::of(problem, &[])?).await
        }
    }
}
