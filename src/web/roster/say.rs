//! Contesting and confirming changes of the roster.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::{
        app::App,
        roster::{Say, SayOnRoster},
        view::{
            account::name_of,
            roster::{PlaceView, RosterView, roster},
        },
    },
    id::{AccountId, ChangeId},
    mail::plain_text,
    web::{
        caller::Caller,
        extract::{Json, Path},
        notice::Notice,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        roster::words,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Contest the removal of an administrator
///
/// By the person removed, or by an administrator with standing, before the removal takes effect.
#[utoipa::path(post, path = "/v1/accounts/{account}/roster/{change}/contest", tag = "roster",
    params(("account" = AccountId, Path), ("change" = ChangeId, Path)),
    responses((status = 200, body = RosterView), (status = 409, body = ProblemBody)))]
pub async fn contest(
    State(app): State<App>,
    caller: Caller,
    Path((account, change)): Path<(AccountId, ChangeId)>,
) -> Result<Json<RosterView>, Problem> {
    say(&app, caller, account, change, Say::Contest).await
}

/// Confirm the addition or removal of an administrator
///
/// By an owner with fresh proof, or one by one by more than half of the administrators with standing.
#[utoipa::path(post, path = "/v1/accounts/{account}/roster/{change}/confirm", tag = "roster",
    params(("account" = AccountId, Path), ("change" = ChangeId, Path)),
    responses((status = 200, body = RosterView), (status = 409, body = ProblemBody)))]
pub async fn confirm(
    State(app): State<App>,
    caller: Caller,
    Path((account, change)): Path<(AccountId, ChangeId)>,
) -> Result<Json<RosterView>, Problem> {
    say(&app, caller, account, change, Say::Confirm).await
}

async fn say(
    app: &App,
    Caller(principal): Caller,
    account: AccountId,
    change: ChangeId,
    say: Say,
) -> Result<Json<RosterView>, Problem> {
    let unit = SayOnRoster { app: app.clone(), account, change, say, principal: principal.clone() };
    app.db.run(unit).await?;
    Ok(Json(roster(app, &principal, account).await?))
}

#[derive(Template)]
#[template(path = "roster_say.html", config = "src/web/templates/askama.toml")]
struct SayPage {
    head: Head,
    account: AccountId,
    change: ChangeId,
    say: Say,
    place: PlaceView,
    needed: u32,
    wrong: Wrong,
}

/// The page that asks whether to contest a removal.
///
/// # Errors
/// 404 when there is no such change; when the database or the template fails.
pub async fn contest_form(
    app: State<App>,
    person: SignedIn,
    change: Path<(AccountId, ChangeId)>,
) -> Result<Response, Problem> {
    ask(&app, person, change, Say::Contest, Wrong::default()).await
}

/// Contests it.
///
/// # Errors
/// As [`contest_form`].
pub async fn contest_page(
    app: State<App>,
    person: SignedIn,
    change: Path<(AccountId, ChangeId)>,
) -> Result<Response, Problem> {
    act(&app, person, change, Say::Contest).await
}

/// The page that asks whether to confirm a change.
///
/// # Errors
/// As [`contest_form`].
pub async fn confirm_form(
    app: State<App>,
    person: SignedIn,
    change: Path<(AccountId, ChangeId)>,
) -> Result<Response, Problem> {
    ask(&app, person, change, Say::Confirm, Wrong::default()).await
}

/// Confirms it.
///
/// # Errors
/// As [`contest_form`].
pub async fn confirm_page(
    app: State<App>,
    person: SignedIn,
    change: Path<(AccountId, ChangeId)>,
) -> Result<Response, Problem> {
    act(&app, person, change, Say::Confirm).await
}

async fn ask(
    app: &App,
    person: SignedIn,
    Path((account, change)): Path<(AccountId, ChangeId)>,
    say: Say,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let SignedIn { principal, head, .. } = person;
    let RosterView { people, confirmations_needed: needed, .. } = roster(app, &principal, account).await?;
    let place = people.into_iter().find(|place| place.change == Some(change)).ok_or_else(Problem::not_found)?;
    let name = plain_text::name(&name_of(app, account).await?);
    let above = format!("/accounts/{account}");
    let head = head.below("Accounts", "/").below(name, &above).below("Who has standing", format!("{above}/roster"));
    let answer = page(&SayPage { head, account, change, say, place, needed, wrong: wrong.clone() })?;
    Ok(wrong.marked(answer.into_response()))
}

async fn act(
    app: &App,
    person: SignedIn,
    Path((account, change)): Path<(AccountId, ChangeId)>,
    say: Say,
) -> Result<Response, Problem> {
    let principal = person.principal.clone();
    let (notice, word) = match say {
        Say::Contest => (Notice::RemovalContested, "contest"),
        Say::Confirm => (Notice::ChangeConfirmed, "confirm"),
    };
    match app.db.run(SayOnRoster { app: app.clone(), account, change, say, principal }).await {
        Ok(_) => Ok(Redirect::to(&notice.on(&format!("/accounts/{account}/roster"))).into_response()),
        Err(refused) => {
            let problem = Problem::from(refused);
            if prove::helps(problem.code) {
                return Ok(prove::first(&format!("/accounts/{account}/roster/{change}/{word}")));
            }
            ask(app, person, Path((account, change)), say, Wrong::of(problem, &[])?).await
        }
    }
}
