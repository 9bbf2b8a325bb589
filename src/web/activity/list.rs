//! Listing the activity log, for programs.

#![expect(unused_qualifications, reason = "written by the macro that describes the API")]

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use utoipa::IntoParams;

use super::{
    asked::{Asked, Spelling, Understood, refused},
    export::{Format, export},
};
use crate::{
    app::{
        app::App,
        view::{
            activity::{EntryFilter, EntryView, activity},
            activity_page::{Place, Somebody},
        },
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        problem::{Problem, ProblemBody},
    },
};

/// What entries to list, as the API description shows it. It is read by [`Asked`].
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what another type reads")]
pub struct Wanted {
    /// Only about that: `recovery`, `owners`, `members`, `paper_keys`, `policy`, `sign_in`, `account`, `webhooks` or `erasure`. Several with
    /// commas between, or the parameter several times.
    topic: Option<String>,
    /// Only of that kind, for example `case.opened`. Several as above; together with topics, what either finds.
    kind: Option<String>,
    /// Only by that person, or about them.
    person: Option<String>,
    /// Only by that person.
    actor: Option<String>,
    /// Only about that case.
    case: Option<String>,
    /// Only from that moment on (RFC 3339).
    from: Option<String>,
    /// Only before that moment (RFC 3339).
    until: Option<String>,
}

/// List the activity log of an account, oldest first
///
/// With `Accept: application/jsonl` or `text/csv` everything that the filters find, in one answer: `limit` says nothing then.
#[utoipa::path(get, path = "/v1/accounts/{account}/activity", tag = "activity",
    params(("account" = AccountId, Path), PageQuery, Wanted),
    responses(
        (status = 200, content((List<EntryView> = "application/json"), (String = "application/jsonl"), (String = "text/csv"))),
        (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    wanted: Page,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filter = filter(asked.understood(Spelling::Program).map_err(refused)?);
    if let Some(format) = Format::accepted(&headers) {
        return export(&app, &principal, account, filter, format).await;
    }
    let rows = activity(&app, &principal, account, filter, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |row| row.entry.seq.to_string())).into_response())
}

/// What a program looks for, from where it goes on.
fn filter(understood: Understood) -> EntryFilter {
    let person = match understood.somebody {
        Some(Somebody::Id(user)) => Some(user),
        Some(Somebody::Address(_)) | None => None,
    };
    let after = match understood.place {
        Place::After(seq) => seq,
        Place::Newest | Place::Before(_) => 0,
    };
    EntryFilter { after, person, ..understood.filter }
}
