//! The domains by which people join an account.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::show::answer;
use crate::{
    app::{
        app::App,
        join_domains::{PutDomain, RemoveDomain},
        prove_domain,
        view::settings::SettingsView,
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// In which role people join.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainInput {
    /// The name of a role without `administrator`.
    role: String,
}

/// Let people join by the domain of their address
///
/// By whoever has the permission `settings.manage`, with fresh proof. Nobody joins before the domain is proven by the TXT
/// record that the answer shows. Public mail domains are refused. For a domain that is there, it sets the role of those who
/// join from now on.
#[utoipa::path(put, path = "/v1/accounts/{account}/join-domains/{domain}", tag = "settings", request_body = DomainInput,
    params(("account" = AccountId, Path), ("domain" = String, Path)),
    responses((status = 200, body = SettingsView), (status = 422, body = ProblemBody)))]
pub async fn put(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, domain)): Path<(AccountId, String)>,
    Json(DomainInput { role }): Json<DomainInput>,
) -> Result<Response, Problem> {
    app.db.run(PutDomain { app: app.clone(), account, domain, role, principal: principal.clone() }).await?;
    answer(&app, &principal, account).await
}

/// Have nobody join by a domain any more
///
/// By whoever has the permission `settings.manage`, with fresh proof. Who has joined stays.
#[utoipa::path(delete, path = "/v1/accounts/{account}/join-domains/{domain}", tag = "settings",
    params(("account" = AccountId, Path), ("domain" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub async fn remove(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, domain)): Path<(AccountId, String)>,
) -> Result<StatusCode, Problem> {
    app.db.run(RemoveDomain { app: app.clone(), account, domain, principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Look for the record that proves a domain
///
/// By whoever has the permission `settings.manage`, with fresh proof. Afterwards the service looks again every day; a proof
/// lasts 30 days without its record.
#[utoipa::path(post, path = "/v1/accounts/{account}/join-domains/{domain}/verify", tag = "settings",
    params(("account" = AccountId, Path), ("domain" = String, Path)),
    responses((status = 200, body = SettingsView), (status = 409, body = ProblemBody)))]
pub async fn verify(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, domain)): Path<(AccountId, String)>,
) -> Result<Response, Problem> {
    prove_domain::verify(&app, &principal, account, &domain).await?;
    answer(&app, &principal, account).await
}
