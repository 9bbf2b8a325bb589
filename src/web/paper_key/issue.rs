//! Issuing a paper key.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        answer::key_for,
        app::App,
        idempotent::once_with_secret,
        issue_paper_key::{IssuePaperKey, Issued},
        view::paper_keys::PaperKeyView,
    },
    id::{AccountId, PaperKeyId, RecoveryUserId},
    moment::Moment,
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// A key to be issued.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPaperKey {
    /// From when it works no more; ten years ahead at most. Without it, it does not expire.
    expires_at: Option<Moment>,
    /// The key in whose place it is issued, which ends by that.
    replaces: Option<PaperKeyId>,
}

/// A key that was just issued.
#[derive(Serialize, ToSchema)]
pub struct IssuedView {
    /// What stays known of it.
    key: PaperKeyView,
    /// The key itself, as its sheet has it: four lines. It is in this answer and nowhere else.
    lines: Vec<String>,
    /// The same in one line, as the QR code of a sheet has it.
    qr: String,
}

impl IssuedView {
    fn of(issued: &Issued) -> Self {
        let sheet = issued.secret.sheet();
        Self {
            key: PaperKeyView::of(&issued.key, issued.key.issued_at),
            lines: sheet.lines().map(str::to_owned).collect(),
            qr: sheet.in_one_line().to_string(),
        }
    }
}

/// Issue a paper key
///
/// By an owner, with fresh proof, to a recovery user whose addresses are confirmed; not while a case is open. The key is in this answer
/// and nowhere else; a repeat with the same `Idempotency-Key` gets `already_issued`. All owners are told.
#[utoipa::path(post, path = "/v1/accounts/{account}/recovery-users/{user}/paper-keys", tag = "recovery users",
    request_body = NewPaperKey,
    params(("account" = AccountId, Path), ("user" = RecoveryUserId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = IssuedView), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, RecoveryUserId)>,
    key: IdempotencyKey,
    Json(new): Json<NewPaperKey>,
) -> Result<(StatusCode, Json<IssuedView>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), &format!("paper key {user}"), &new)?;
    let NewPaperKey { expires_at, replaces } = new;
    let unit = IssuePaperKey { app: app.clone(), account, user, expires_at, replaces, principal };
    Ok((StatusCode::CREATED, Json(IssuedView::of(&once_with_secret(&app, key, unit).await?))))
}
