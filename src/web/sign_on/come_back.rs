//! Coming back from an account's identity provider: the one address at which another site's word counts, because that word is
//! checked.

use axum::{
    extract::State,
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::begin;
use crate::{
    app::sign_on::{CameBack, Flow, finish},
    id::AccountId,
    web::{
        browser::Browser,
        cookie::Jar,
        extract::{Filters, Path},
        guard::{cross_site, is_visit},
        next::Next,
        problem::Problem,
        session::confirm::enter,
        site::Site,
        wrong::Wrong,
    },
};

/// What the provider has the browser bring.
#[derive(Debug, Default, Deserialize)]
pub struct Returned {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// Signs in, has the browser keep the session, and goes where the person wanted to go. Whatever comes of it, the browser
/// forgets that it was under way.
///
/// # Errors
/// When another site asks in the background; when the database or the template fails.
pub async fn page_of(
    State(site): State<Site>,
    Path(account): Path<AccountId>,
    method: Method,
    browser: Browser,
    headers: HeaderMap,
    Filters(returned): Filters<Returned>,
) -> Result<Response, Problem> {
    if !is_visit(&method, &headers) {
        return Err(cross_site());
    }
    let jar = Jar::of(&site.app.public_url);
    let flow: Option<Flow> = jar.sign_on(&headers).and_then(|text| text.parse().ok());
    let next: Next = flow.as_ref().and_then(|flow| flow.next.parse().ok()).unwrap_or_default();
    let Returned { state, code, iss, error } = returned;
    let came_back = CameBack { state, code: code.filter(|_| error.is_none()), issuer: iss, browser: browser.hash() };
    let answer = match finish(&site.app, account, flow.as_ref(), &came_back).await {
        Ok(signed_in) => enter(&site, &browser, &signed_in, &next),
        Err(refused) => match Wrong::of(refused, &[]) {
            Ok(wrong) => begin::again(&site, account, next, wrong).await,
            Err(problem) => Err(problem),
        },
    };
    let mut answer = answer.unwrap_or_else(IntoResponse::into_response);
    answer.headers_mut().append(header::SET_COOKIE, jar.forget_sign_on());
    Ok(answer)
}
