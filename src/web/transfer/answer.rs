//! Accepting and declining offered ownership, and taking an offer back.

use axum::extract::State;

use crate::{
    app::{
        answer_transfer::{Answer, AnswerTransfer},
        app::App,
        view::transfer::{TransferView, transfer},
    },
    id::TransferId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Accept the ownership that is offered to you
///
/// You own the account then, and whoever offered it no longer does, with the role that they have.
#[utoipa::path(post, path = "/v1/transfers/{transfer}/accept", tag = "transfers", params(("transfer" = TransferId, Path)),
    responses((status = 200, body = TransferView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn accept(app: State<App>, caller: Caller, path: Path<TransferId>) -> Result<Json<TransferView>, Problem> {
    answer(app, caller, path, Answer::Accept).await
}

/// Decline the ownership that is offered to you
#[utoipa::path(post, path = "/v1/transfers/{transfer}/decline", tag = "transfers", params(("transfer" = TransferId, Path)),
    responses((status = 200, body = TransferView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn decline(app: State<App>, caller: Caller, path: Path<TransferId>) -> Result<Json<TransferView>, Problem> {
    answer(app, caller, path, Answer::Decline).await
}

/// Take an offer of ownership back
///
/// By any owner, with fresh proof.
#[utoipa::path(post, path = "/v1/transfers/{transfer}/cancel", tag = "transfers", params(("transfer" = TransferId, Path)),
    responses((status = 200, body = TransferView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn cancel(app: State<App>, caller: Caller, path: Path<TransferId>) -> Result<Json<TransferView>, Problem> {
    answer(app, caller, path, Answer::Cancel).await
}

async fn answer(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<TransferId>,
    answer: Answer,
) -> Result<Json<TransferView>, Problem> {
    app.db.run(AnswerTransfer { app: app.clone(), transfer: id, answer, principal: principal.clone() }).await?;
    Ok(Json(transfer(&app, &principal, id).await?))
}
