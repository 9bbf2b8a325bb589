//! What a presented key can be redeemed for: shown to whoever has its code, and nothing is spent.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    done::{CaseFacts, case_facts},
    present::again,
};
use crate::{
    app::{
        app::App,
        error::{Access, Error},
        view::recovery::{RecoveryView, recovery},
    },
    id::CodeId,
    mail::{
        plain_text,
        wording::{count, length},
    },
    recovery::terms::Kind,
    web::{
        extract::{Json, Path},
        fields::Fields,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// The code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryCode {
    /// The sixteen digits, as typed. Spaces and dashes do not matter.
    code: String,
}

/// See what a presented paper key can be redeemed for
///
/// Nobody has to sign in. Nothing is spent, and the code goes on working.
#[utoipa::path(post, path = "/v1/recoveries/{recovery}/show", tag = "recoveries", params(("recovery" = String, Path)),
    request_body = RecoveryCode, security(()),
    responses((status = 200, body = RecoveryView), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<CodeId>,
    Json(RecoveryCode { code }): Json<RecoveryCode>,
) -> Result<Json<RecoveryView>, Problem> {
    Ok(Json(recovery(&app, id, &code).await?))
}

/// What the page of the code sends, and every one after it.
#[derive(Debug, Clone, Deserialize)]
pub struct Sent {
    pub(super) recovery: CodeId,
    pub(super) code: String,
    /// For a case of its own.
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) email: String,
    #[serde(default)]
    pub(super) statement: String,
    /// For what somebody else has asked for: the case, and its terms.
    #[serde(default)]
    pub(super) case: String,
    #[serde(default)]
    pub(super) terms_hash: String,
}

#[derive(Template)]
#[template(path = "recover_for.html", config = "src/web/templates/askama.toml")]
struct ForPage {
    head: Head,
    view: RecoveryView,
    owners: String,
    needs: String,
    waiting: String,
    cases: Vec<CaseFacts>,
    sent: Sent,
    wrong: Wrong,
}

/// Takes the code, and asks who should own the account.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(State(site): State<Site>, Fields(sent): Fields<Sent>) -> Result<Response, Problem> {
    ask(&site, sent, Wrong::default()).await
}

/// The page; with what is wrong on it, after it was sent.
///
/// # Errors
/// As [`send`].
pub(super) async fn ask(site: &Site, sent: Sent, wrong: Wrong) -> Result<Response, Problem> {
    let view = match recovery(&site.app, sent.recovery, &sent.code).await {
        Err(Error::Access(Access::WrongCode)) => return again(site, sent.recovery),
        view => view?,
    };
    let owners = view.owners.iter().map(|name| plain_text::name(name)).collect::<Vec<_>>().join(", ");
    let cases = view.cases.iter().map(case_facts).collect::<Result<_, _>>()?;
    let (needs, waiting) = (needs(&view), length(jiff::SignedDuration::from_secs(view.waiting_seconds)));
    let shown =
        page(&ForPage { head: Head::of(site), owners, needs, waiting, cases, sent, wrong: wrong.clone(), view })?;
    Ok(if wrong.items.is_empty() { shown.into_response() } else { wrong.marked(shown.into_response()) })
}

/// Who has to agree before the waiting period begins.
fn needs(view: &RecoveryView) -> String {
    let others = match view.keys_required.saturating_sub(1) {
        0 => String::new(),
        more => format!("{} of other holders, and ", count(more.into(), "more paper key")),
    };
    let approvals = match view.keys_need_approvals {
        0 => String::new(),
        some => format!("{} of administrators, and ", count(some.into(), "approval")),
    };
    format!("{others}{approvals}the word of whom you name")
}
