//! Whether the process is up, and whether it can do its work: for load balancers and for whoever watches.

use axum::{extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    extract::Json,
    problem::{Problem, ProblemBody},
    site::Site,
};
use crate::{app::ready::ready, jobs::pulse::Trouble};

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
/// The database answers, its schema is the one of this version, the sweeps run, and the clock has not jumped.
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()),
    responses((status = 200, body = Health), (status = 503, body = ProblemBody)))]
pub async fn able(State(site): State<Site>) -> Result<Json<Health>, Problem> {
    let mut reasons: Vec<String> = ready(&site.app).await.err().iter().map(ToString::to_string).collect();
    let troubles = site.pulse.health(site.app.now(), site.app.clock.drift());
    reasons.extend(troubles.into_iter().map(|trouble| without_failure(trouble).to_string()));
    if reasons.is_empty() { Ok(Json(Health { status: "ok" })) } else { Err(not_ready(reasons.join("; "))) }
}

/// What failed is for the log: everybody may ask here.
fn without_failure(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Stale { sweep, since, .. } => Trouble::Stale { sweep, since, failure: None },
        drift @ Trouble::Drift { .. } => drift,
    }
}

pub(super) fn not_ready(reasons: String) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "not ready", reasons)
}
