//! Suspending, resuming and closing an account: the calls, and a page with one button before each.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::{
        account_status::{ChangeStatus, preview},
        app::App,
        error::Error,
        view::account::AccountView,
    },
    id::AccountId,
    mail::{
        plain_text,
        wording::{length, when},
    },
    ownership::account::{Act, Decision, GRACE, Status},
    web::{
        caller::Caller,
        extract::{Json, Path},
        notice::Notice,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Suspend an account
///
/// By an owner, with fresh proof, unless a recovery case is open. Nobody is given access, a role or ownership in it until
/// an owner resumes it; taking away and recovery go on.
#[utoipa::path(post, path = "/v1/accounts/{account}/suspend", tag = "accounts", params(("account" = AccountId, Path)),
    responses((status = 200, body = AccountView), (status = 409, body = ProblemBody)))]
pub async fn suspend(state: State<App>, caller: Caller, path: Path<AccountId>) -> Result<Json<AccountView>, Problem> {
    act(state, caller, path, Act::Suspend).await
}

/// Resume a suspended account
///
/// By an owner, with fresh proof.
#[utoipa::path(post, path = "/v1/accounts/{account}/resume", tag = "accounts", params(("account" = AccountId, Path)),
    responses((status = 200, body = AccountView), (status = 409, body = ProblemBody)))]
pub async fn resume(state: State<App>, caller: Caller, path: Path<AccountId>) -> Result<Json<AccountView>, Problem> {
    act(state, caller, path, Act::Resume).await
}

/// Close an account
///
/// By an owner, with fresh proof, unless a recovery case is open. For 7 days any owner can undo it; then it is closed for
/// good.
#[utoipa::path(post, path = "/v1/accounts/{account}/close", tag = "accounts", params(("account" = AccountId, Path)),
    responses((status = 200, body = AccountView), (status = 409, body = ProblemBody)))]
pub async fn close(state: State<App>, caller: Caller, path: Path<AccountId>) -> Result<Json<AccountView>, Problem> {
    act(state, caller, path, Act::Close).await
}

/// Undo the closing of an account
///
/// By an owner, with fresh proof. The account is in use afterwards, whatever it was before.
#[utoipa::path(delete, path = "/v1/accounts/{account}/close", tag = "accounts", params(("account" = AccountId, Path)),
    responses((status = 200, body = AccountView), (status = 409, body = ProblemBody)))]
pub async fn keep(state: State<App>, caller: Caller, path: Path<AccountId>) -> Result<Json<AccountView>, Problem> {
    act(state, caller, path, Act::UndoClose).await
}

async fn act(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    act: Act,
) -> Result<Json<AccountView>, Problem> {
    let unit = ChangeStatus { app: app.clone(), account, act, principal };
    Ok(Json(AccountView::from(&app.db.run(unit).await?)))
}

#[derive(Template)]
#[template(path = "account_status.html", config = "src/web/templates/askama.toml")]
struct StatusPage {
    head: Head,
    id: AccountId,
    path: &'static str,
    title: String,
    here: &'static str,
    told: Vec<String>,
    button: &'static str,
    look: &'static str,
    /// Why there is no button.
    wrong: Wrong,
}

/// The page before one of these acts. Whose proof is not fresh is led to prove who they are, and comes back.
///
/// # Errors
/// 404 for whoever may not know of the account, and where there is no such act.
pub async fn ask(
    State(app): State<App>,
    person: SignedIn,
    Path((id, path)): Path<(AccountId, String)>,
) -> Result<Response, Problem> {
    let act = named(&path).ok_or_else(Problem::not_found)?;
    show(&app, person, id, act).await
}

/// The act, once its button is pressed.
///
/// # Errors
/// As [`ask`].
pub async fn press(
    State(app): State<App>,
    person: SignedIn,
    Path((id, path)): Path<(AccountId, String)>,
) -> Result<Response, Problem> {
    let act = named(&path).ok_or_else(Problem::not_found)?;
    let unit = ChangeStatus { app: app.clone(), account: id, act, principal: person.principal.clone() };
    match app.db.run(unit).await {
        Ok(_) => Ok(done(id, act)),
        // The page before the act knows what is wanting, and says so.
        Err(Error::Recovery(_) | Error::Ownership(_)) => show(&app, person, id, act).await,
        Err(error) => Err(error.into()),
    }
}

fn done(id: AccountId, act: Act) -> Response {
    Redirect::to(&notice(act).on(&format!("/accounts/{id}"))).into_response()
}

async fn show(app: &App, person: SignedIn, id: AccountId, act: Act) -> Result<Response, Problem> {
    let look = preview(app, &person.principal, id, act).await?;
    let name = plain_text::name(&look.account.name);
    let (told, wrong) = match look.decision {
        Err(Error::Recovery(refusal)) if prove::helps(refusal.code()) => {
            return Ok(prove::first(&format!("/accounts/{id}/status/{}", word(act))));
        }
        Err(error) => (Vec::new(), Wrong::of(error, &[])?),
        Ok(Decision::AlreadySo) => return Ok(Redirect::to(&format!("/accounts/{id}")).into_response()),
        Ok(Decision::Becomes(status)) => (told(act, status), Wrong::default()),
    };
    let (title, here, button, look) = question(act, &name);
    let head = person.head.below("Accounts", "/").below(name.as_str(), format!("/accounts/{id}"));
    let shown = StatusPage { head, id, path: word(act), title, here, told, button, look, wrong: wrong.clone() };
    let page = page(&shown)?.into_response();
    Ok(if wrong.items.is_empty() { page } else { wrong.marked(page) })
}

fn question(act: Act, name: &str) -> (String, &'static str, &'static str, &'static str) {
    match act {
        Act::Suspend => (format!("Suspend {name}?"), "Suspend", "Suspend the account", "danger"),
        Act::Resume => (format!("Let {name} be used again?"), "Resume", "Resume the account", ""),
        Act::Close => (format!("Close {name}?"), "Close", "Close the account", "danger"),
        Act::UndoClose => (format!("Keep {name} open?"), "Keep open", "Keep the account open", ""),
    }
}

fn told(act: Act, status: Status) -> Vec<String> {
    let halt = "Until then nobody is given access, a role or ownership here, and nothing is set up. Taking access away works, \
                and so does recovery.";
    let lines: &[&str] = match act {
        Act::Suspend => &["The account is suspended until an owner resumes it.", halt],
        Act::Resume => &["Everything works again as before it was suspended."],
        Act::Close => &[
            "It cannot be opened again after that. Its members, its cases and its activity stay readable.",
            "Accounts below it stay as they are: they belong to their own owners.",
        ],
        Act::UndoClose => &["Everything works again as before."],
    };
    let until = match status {
        Status::Closing { until } => {
            Some(format!("For {}, until {}, any owner can undo this. {halt}", length(GRACE), when(until)))
        }
        Status::Pending | Status::Active | Status::Suspended | Status::Closed => None,
    };
    let all = "All owners and administrators are told by mail.".to_owned();
    until.into_iter().chain(lines.iter().map(|line| (*line).to_owned())).chain([all]).collect()
}

/// How an address names an act.
const fn word(act: Act) -> &'static str {
    match act {
        Act::Suspend => "suspend",
        Act::Resume => "resume",
        Act::Close => "close",
        Act::UndoClose => "keep",
    }
}

fn named(path: &str) -> Option<Act> {
    [Act::Suspend, Act::Resume, Act::Close, Act::UndoClose].into_iter().find(|act| word(*act) == path)
}

const fn notice(act: Act) -> Notice {
    match act {
        Act::Suspend => Notice::AccountSuspended,
        Act::Resume => Notice::AccountResumed,
        Act::Close => Notice::AccountClosing,
        Act::UndoClose => Notice::AccountKept,
    }
}
