//! Listing the activity log.

#![expect(unused_qualifications, reason = "written by the macro that describes the API")]

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::{
        app::App,
        view::activity::{EntryFilter, EntryView, activity},
    },
    id::{AccountId, CaseId, UserId},
    web::{
        caller::Caller,
        extract::{Filters, Json, List, Page, Path},
        list::{PageQuery, page},
        problem::Problem,
    },
};

/// What entries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Only of that kind, for example `case.opened`.
    kind: Option<String>,
    /// Only about that case.
    #[param(value_type = Option<String>)]
    case: Option<CaseId>,
    /// Only by that person.
    #[param(value_type = Option<String>)]
    actor: Option<UserId>,
}

/// List the activity log of an account, oldest first
#[utoipa::path(get, path = "/v1/accounts/{account}/activity", tag = "activity",
    params(("account" = AccountId, Path), PageQuery, Wanted), responses((status = 200, body = List<EntryView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    wanted: Page,
    Filters(only): Filters<Wanted>,
) -> Result<Json<List<EntryView>>, Problem> {
    let after = wanted.cursor()?.unwrap_or(0);
    let filter = EntryFilter { after, case: only.case, actor: only.actor, ..EntryFilter::default() };
    let rows = activity(&app, &principal, account, filter, only.kind, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |row| row.entry.seq.to_string())))
}
