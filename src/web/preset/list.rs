//! Listing presets.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::preset::{PresetView, presets},
    },
    web::{
        caller::Caller,
        extract::{Json, List},
        problem::{Problem, ProblemBody},
    },
};

/// List the presets, with their roles and permissions
///
/// For whoever has signed in, and for every token. There are few, so all are in one page.
#[utoipa::path(get, path = "/v1/presets", tag = "presets",
    responses((status = 200, body = List<PresetView>), (status = 401, body = ProblemBody)))]
pub async fn api(State(app): State<App>, _caller: Caller) -> Result<Json<List<PresetView>>, Problem> {
    Ok(Json(List { items: presets(&app), next: None }))
}
