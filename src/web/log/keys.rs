//! The keys that sign checkpoints.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        error::Error,
        view::log::{LogKeyView, keys},
    },
    web::{extract::Json, problem::Problem},
};

/// List the keys that sign checkpoints, the first one first
///
/// For everybody. The first checkpoint of a key is signed by the one before it too, so that trust in one leads to the next.
#[utoipa::path(get, path = "/v1/log/keys", tag = "log", security(()), responses((status = 200, body = Vec<LogKeyView>)))]
pub async fn api(State(app): State<App>) -> Result<Json<Vec<LogKeyView>>, Problem> {
    Ok(Json(keys(&app).await.map_err(Error::from)?))
}
