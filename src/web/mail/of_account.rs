//! What became of the mails about an account.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::Uri,
    response::Html,
};
use serde::Deserialize;

use super::line::{MailLine, line};
use crate::{
    app::{
        app::App,
        view::mail::{MailView, newest_of_account, of_account},
    },
    id::{AccountId, MailId},
    mail::{plain_text, wording::sentence},
    moment::Moment,
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        page::{self as pages, Head},
        problem::{Problem, ProblemBody},
        signed_in::SignedIn,
    },
};

/// List the mails about an account, with what became of each
///
/// The first queued first. Addresses are shown to the account's owners and administrators, and to operators.
#[utoipa::path(get, path = "/v1/accounts/{account}/mail", tag = "mail", params(("account" = AccountId, Path), PageQuery),
    responses((status = 200, body = List<MailView>), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<AccountId>,
    wanted: Page,
) -> Result<Json<List<MailView>>, Problem> {
    let after = wanted.cursor()?;
    let rows = of_account(&app, &principal, id, after, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |mail| mail.id.to_string())))
}

/// Which page of the list is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct Earlier {
    /// Those before this one.
    before: Option<MailId>,
}

/// As many stand on a page.
const SHOWN: u16 = 50;

#[derive(Template)]
#[template(path = "mails.html", config = "src/web/templates/askama.toml")]
struct MailsPage {
    head: Head,
    account: AccountId,
    mails: Vec<Written>,
    /// Where the list goes on.
    earlier: Option<MailId>,
}

/// A mail, to whom, and what became of it.
struct Written {
    to: String,
    address: Option<String>,
    at: Moment,
    line: MailLine,
}

/// The page of the mails about an account.
///
/// # Errors
/// 404 for whoever may not know of it; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    address: Uri,
) -> Result<Html<String>, Problem> {
    let SignedIn { principal, head, .. } = person;
    // What cannot be read is the beginning.
    let Earlier { before } = Query::try_from_uri(&address).map(|Query(wanted)| wanted).unwrap_or_default();
    let (name, mut views) = newest_of_account(&app, &principal, account, before, SHOWN + 1).await?;
    let goes_on = views.len() > usize::from(SHOWN);
    views.truncate(usize::from(SHOWN));
    pages::page(&MailsPage {
        head: head.below("Accounts", "/").below(plain_text::name(&name), format!("/accounts/{account}")),
        account,
        earlier: views.last().filter(|_| goes_on).map(|mail| mail.id),
        mails: views.iter().map(written).collect(),
    })
}

fn written(mail: &MailView) -> Written {
    Written {
        to: plain_text::name(&mail.recipient.name),
        address: mail.address.as_deref().map(plain_text::address),
        at: mail.created_at,
        line: line(mail, sentence(&mail.kind.replace('_', " "))),
    }
}
