//! Confirming a recovery address, for programs; people get the pages in `address.rs`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        confirm_recovery_address::{Meaning, confirm, show},
        error::{Access, Error},
        link_code::Proof,
    },
    id::{AccountId, RecoveryUserId},
    web::{
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// The token of the link that was mailed to the address and, to confirm it, a word.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryAddressInput {
    /// The token: the last part of the link's path, a dot, and what stands behind the `#`.
    token: String,
    /// True to confirm the address. Without it, the link is only shown.
    #[serde(default)]
    confirm: bool,
}

/// What the link confirms.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryAddressShown {
    /// The account's name.
    account: String,
    /// The name of the recovery user.
    name: String,
    /// The address.
    email: String,
    /// The name of the owner who chose them.
    chosen_by: String,
    /// Whether it was confirmed just now; false when it is only shown.
    confirmed: bool,
}

/// Show what the link in the mail to a recovery address stands for, or confirm the address
///
/// Nobody has to sign in. All owners are told.
#[utoipa::path(post, path = "/v1/accounts/{account}/recovery-users/{user}/confirm", tag = "recovery users",
    request_body = RecoveryAddressInput, security(()),
    params(("account" = AccountId, Path), ("user" = RecoveryUserId, Path)),
    responses((status = 200, body = RecoveryAddressShown), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Path((account, user)): Path<(AccountId, RecoveryUserId)>,
    Json(RecoveryAddressInput { token, confirm: confirmed }): Json<RecoveryAddressInput>,
) -> Result<Json<RecoveryAddressShown>, Problem> {
    let dead = || Error::from(Access::DeadLink);
    let link = app.secret.recovery_of(&token).ok_or_else(dead)?;
    let proof = Proof::Token(token);
    let meaning = show(&app, link, &proof).await?;
    if (meaning.account, meaning.user) != (account, user) {
        return Err(dead().into());
    }
    if confirmed {
        confirm(&app, link, proof).await?;
    }
    let Meaning { account_name, name, email, chosen_by, .. } = meaning;
    Ok(Json(RecoveryAddressShown { account: account_name, name, email, chosen_by, confirmed }))
}
