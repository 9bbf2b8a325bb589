//! Showing the policy, and the change of it that waits.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};

use crate::{
    app::{
        app::App,
        view::policy::{PolicyHome, PolicyView, Reader, policy, policy_home},
    },
    id::AccountId,
    mail::{
        plain_text,
        policy_wording::{self, Change, Field},
    },
    ownership::address::Email,
    recovery::policy::{BallotWay, Switch},
    web::{
        caller::Caller,
        etag::tagged,
        extract::{Json, Path},
        page::{Head, page},
        problem::Problem,
        signed_in::SignedIn,
    },
};

/// Show the recovery policy, and the change of it that waits
#[utoipa::path(get, path = "/v1/accounts/{account}/policy", tag = "policy", params(("account" = AccountId, Path)),
    responses((status = 200, body = PolicyView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Response, Problem> {
    let view = policy(&app, &principal, account).await?;
    Ok(tagged(view.version, Json(view).into_response()))
}

#[derive(Template)]
#[template(path = "policy.html", config = "src/web/templates/askama.toml")]
struct PolicyPage {
    head: Head,
    account: AccountId,
    home: PolicyHome,
    proposed_by: String,
    fields: Vec<Field>,
    changes: Vec<Change>,
    /// Where administrators can vote by mail.
    votes_go_to: Option<Email>,
}

/// The page of the policy.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
) -> Result<Html<String>, Problem> {
    let SignedIn { principal, head, .. } = person;
    let home = policy_home(&app, &principal, account).await?;
    let fields = policy_wording::fields(&home.view.effective);
    let pending = home.view.pending.as_ref();
    let changes = pending.map(|pending| policy_wording::changes(&home.view.effective, &pending.policy));
    let policy = &home.view.effective;
    let by_mail = policy.vote_route == Switch::On && policy.takes(BallotWay::PlainMail);
    page(&PolicyPage {
        votes_go_to: app.inbound.clone().filter(|_| by_mail),
        head: below(head, account, &home.account_name),
        account,
        proposed_by: home.proposed_by.as_deref().map(plain_text::name).unwrap_or_default(),
        fields,
        changes: changes.unwrap_or_default(),
        home,
    })
}

/// The head of a page below that of an account.
pub(super) fn below(head: Head, account: AccountId, name: &str) -> Head {
    head.below("Accounts", "/").below(plain_text::name(name), format!("/accounts/{account}"))
}
