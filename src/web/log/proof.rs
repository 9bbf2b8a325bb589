//! Where an entry is in the log.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::log::{EntryProof, entry_proof},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Get the proof that an entry is in the log
///
/// The very text that was hashed, its hash, and the path from it to the root of the last checkpoint.
#[utoipa::path(get, path = "/v1/accounts/{account}/activity/{seq}/proof", tag = "activity",
    params(("account" = AccountId, Path), ("seq" = u64, Path, description = "The number of the entry")),
    responses((status = 200, body = EntryProof), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, seq)): Path<(AccountId, u64)>,
) -> Result<Json<EntryProof>, Problem> {
    Ok(Json(entry_proof(&app, &principal, account, seq).await?))
}
