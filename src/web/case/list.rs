//! Listing cases.

use askama::Template;
use axum::{extract::State, response::Html};

use super::headline::label_of;
use crate::{
    app::{
        app::App,
        view::{
            account::account,
            case::{CaseView, cases},
        },
    },
    id::{AccountId, CaseId},
    mail::{
        plain_text,
        wording::{count, sentence},
    },
    moment::Moment,
    recovery::terms::{Route, Terms},
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        page::{self, Head},
        problem::Problem,
        recover::done::tally as keys_tally,
        signed_in::SignedIn,
    },
};

/// List the recovery cases of an account
#[utoipa::path(get, path = "/v1/accounts/{account}/cases", tag = "cases",
    params(("account" = AccountId, Path), PageQuery), responses((status = 200, body = List<CaseView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    wanted: Page,
) -> Result<Json<List<CaseView>>, Problem> {
    let after = wanted.cursor()?;
    let rows = cases(&app, &principal, account, after, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |case| case.id.to_string())))
}

#[derive(Template)]
#[template(path = "cases.html", config = "src/web/templates/askama.toml")]
struct CasesPage {
    head: Head,
    account: String,
    account_id: AccountId,
    groups: [Group; 2],
    next: Option<String>,
}

struct Group {
    id: &'static str,
    title: &'static str,
    empty: &'static str,
    lines: Vec<Line>,
}

struct Line {
    id: CaseId,
    title: String,
    opener: String,
    opened: Moment,
    count: String,
    state: &'static str,
    tone: &'static str,
}

/// The same as a page: the open ones, and the past ones with the latest first.
///
/// # Errors
/// When the reader may not know of the account.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(id): Path<AccountId>,
    wanted: Page,
) -> Result<Html<String>, Problem> {
    let name = plain_text::name(&account(&app, &person.principal, id).await?.account.name);
    let rows = cases(&app, &person.principal, id, wanted.cursor()?, wanted.fetch()).await?;
    let List { items, next } = page(rows, &wanted, |case| case.id.to_string());
    let (open, mut past): (Vec<&CaseView>, Vec<&CaseView>) = items.iter().partition(|case| case.ended_at.is_none());
    past.reverse();
    let group = |id, title, empty, cases: Vec<&CaseView>| -> Result<Group, Problem> {
        Ok(Group { id, title, empty, lines: cases.into_iter().map(line).collect::<Result<_, _>>()? })
    };
    page::page(&CasesPage {
        head: person.head.below("Accounts", "/").below(name.as_str(), format!("/accounts/{id}")),
        account: name,
        account_id: id,
        groups: [
            group("open", "Open", "No case is open.", open)?,
            group("past", "Past", "No case has ended yet. What happened in one stays here.", past)?,
        ],
        next,
    })
}

fn line(case: &CaseView) -> Result<Line, Problem> {
    let terms: Terms = serde_json::from_value(case.terms.clone()).map_err(Problem::internal)?;
    let (state, tone) = label_of(case.state, case.route);
    Ok(Line {
        id: case.id,
        title: format!("{} as owner", plain_text::name(&terms.nominee.name)),
        opener: plain_text::name(&case.opener.name),
        opened: case.opened_at,
        count: match case.route {
            Route::Vote => format!("{} of the {} needed.", count(case.approvals.into(), "approval"), case.required),
            Route::Keys => format!("{}.", sentence(&keys_tally(case))),
        },
        state,
        tone,
    })
}
