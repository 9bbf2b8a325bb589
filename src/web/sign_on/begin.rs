//! The page of one account for signing in through its identity provider: it says where one is taken, and takes one there.
//!
//! The way there is a page that goes on by itself, not a redirect: after a form, browsers follow redirects only to where our own
//! forms may be sent, and that is nowhere else.

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::ask;
use crate::{
    app::{
        error::Error,
        sign_on::{LASTS, begin},
        view::sign_on::{Door, door},
    },
    id::AccountId,
    mail::plain_text,
    web::{
        cookie::Jar,
        extract::{Filters, Path},
        fields::Fields,
        next::Next,
        page::{Head, page},
        problem::Problem,
        session::sign_in::Onward,
        site::Site,
        wrong::Wrong,
    },
};

/// What the page sends.
#[derive(Debug, Deserialize)]
pub struct BeginForm {
    #[serde(default)]
    next: Next,
}

#[derive(Template)]
#[template(path = "sign_on_begin.html", config = "src/web/templates/askama.toml")]
struct BeginPage {
    head: Head,
    account: AccountId,
    name: String,
    host: String,
    next: Next,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "sign_on_leave.html", config = "src/web/templates/askama.toml")]
struct LeavePage {
    head: Head,
    host: String,
    address: String,
}

/// The page with the button.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(
    State(site): State<Site>,
    Path(account): Path<AccountId>,
    Filters(onward): Filters<Onward>,
) -> Result<Response, Problem> {
    again(&site, account, onward.next, Wrong::default()).await
}

/// The same page, with what went wrong.
pub(super) async fn again(site: &Site, account: AccountId, next: Next, wrong: Wrong) -> Result<Response, Problem> {
    let Door { name, host } = match door(&site.app, account).await {
        Ok(door) => door,
        Err(Error::NotFound) => {
            let none = "nobody signs in through an organization at this address; type yours, or sign in with a code";
            return ask::again(site, next, Wrong::at("email", none));
        }
        Err(error) => return Err(error.into()),
    };
    let (name, host) = (plain_text::name(&name), plain_text::address(&host));
    let shown = BeginPage { head: Head::of(site), account, name, host, next, wrong };
    Ok(shown.wrong.marked(page(&shown)?.into_response()))
}

/// Takes a browser to the provider, and has it keep by what it is known again.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(
    State(site): State<Site>,
    Path(account): Path<AccountId>,
    Fields(sent): Fields<BeginForm>,
) -> Result<Response, Problem> {
    let next = sent.next;
    let (flow, address) = match begin(&site.app, account, next.as_str()).await {
        Ok(begun) => begun,
        Err(Error::NotFound) => return again(&site, account, next, Wrong::default()).await,
        Err(refused) => return again(&site, account, next, Wrong::of(refused, &[])?).await,
    };
    let jar = Jar::of(&site.app.public_url);
    let cookie = jar.keep_sign_on(&flow.to_text(), LASTS.as_secs()).map_err(Problem::internal)?;
    let host = plain_text::address(address.host_str().unwrap_or_default());
    let leave = LeavePage { head: Head::of(&site), host, address: address.into() };
    Ok(([(header::SET_COOKIE, cookie)], page(&leave)?).into_response())
}
