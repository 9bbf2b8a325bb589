//! Whether the process is up, and whether it can do its work: for load balancers and for whoever watches.

use axum::{extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    extract::Json,
    problem::{FieldError, Problem, ProblemBody},
    site::Site,
};
use crate::{
    app::ready::{NotReady, ready},
    jobs::pulse::Trouble,
};

/// All is well.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    status: &'static str,
}

/// Tell that the process is up
///
/// Asks nothing and nobody: a process that does not answer this should be restarted.
#[utoipa::path(get, path = "/healthz", tag = "operation", security(()), responses((status = 200, body = Health)))]
pub async fn up() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Tell whether this process can do its work
///
/// The database answers, its schema is the one of this version, the sweeps run, the clock has not jumped, and nobody has
/// told it to stop. `errors` lists each reason that it cannot: `database`, `schema`, `sweep_stale`, `clock_drift`,
/// `stopping`.
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()),
    responses((status = 200, body = Health), (status = 503, body = ProblemBody)))]
pub async fn able(State(site): State<Site>) -> Result<Json<Health>, Problem> {
    let reasons = reasons(&site).await;
    if reasons.is_empty() { Ok(Json(Health { status: "ok" })) } else { Err(not_ready(reasons)) }
}

/// Why this process cannot do its work; nothing when it can.
pub(super) async fn reasons(site: &Site) -> Vec<FieldError> {
    let now = site.app.now();
    let troubles = site.pulse.health(now, site.app.clock.drift());
    let of_database = ready(&site.app).await.err().map(|reason| {
        let code = match reason {
            NotReady::Database => "database",
            NotReady::Schema(_) => "schema",
        };
        FieldError::reason(code, reason.to_string())
    });
    of_database.into_iter().chain(troubles.into_iter().map(of_trouble)).collect()
}

/// What failed is for the log: everybody may ask here.
fn of_trouble(trouble: Trouble) -> FieldError {
    let (code, shown) = match trouble {
        Trouble::Stale { sweep, since, .. } => ("sweep_stale", Trouble::Stale { sweep, since, failure: None }),
        drift @ Trouble::Drift { .. } => ("clock_drift", drift),
        Trouble::Stopping => ("stopping", Trouble::Stopping),
    };
    FieldError::reason(code, shown.to_string())
}

pub(super) fn not_ready(reasons: Vec<FieldError>) -> Problem {
    let details: Vec<&str> = reasons.iter().map(|reason| reason.detail.as_str()).collect();
    let detail = details.join("; ");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "not ready", detail).with_errors(reasons)
}
