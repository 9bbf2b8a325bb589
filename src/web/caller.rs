//! Who calls: the bearer token of a request or the cookie of a browser, as a principal.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use super::{
    cookie::Jar,
    guard::cookie_suffices,
    problem::{FieldError, Problem},
};
use crate::{
    app::{
        app::App,
        authenticate::{Credential, authenticate},
        principal::Principal,
    },
    id::UserId,
};

/// The principal of a request. Without a valid token the request ends here, with 401.
#[derive(Debug, Clone)]
pub struct Caller(pub Principal);

/// Marks a route that an open page asks by itself: that keeps no session alive.
#[derive(Debug, Clone, Copy)]
pub struct AsksByItself;

const ON_BEHALF_OF: &str = "quorate-on-behalf-of";

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let app = App::from_ref(state);
        let Presented(credential) = Presented::from_request_parts(parts, state).await?;
        let by_itself = parts.extensions.get::<AsksByItself>().is_some();
        let credential = if by_itself { credential.asked_by_itself() } else { credential };
        Ok(Self(authenticate(&app, &credential).await?))
    }
}

/// What a request presents, not yet looked up. Without any the request ends here, with 401.
pub struct Presented(pub Credential);

impl<S: Send + Sync> FromRequestParts<S> for Presented
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let app = App::from_ref(state);
        let token = token(parts, &app.public_url)?.ok_or_else(Problem::unauthenticated)?;
        Ok(Self(Credential::new(token, on_behalf_of(&parts.headers)?)))
    }
}

/// The token that speaks for a request. A bearer token wins over a cookie, whether it is valid or not: who sends one means
/// it. A cookie speaks only for what a page of ours has sent, or for reading.
fn token<'p>(parts: &'p Parts, public_url: &str) -> Result<Option<&'p str>, Problem> {
    match bearer(&parts.headers) {
        Bearer::Token(token) => Ok(Some(token)),
        Bearer::Unreadable => Ok(None),
        Bearer::Absent => {
            let Some(token) = Jar::of(public_url).token(&parts.headers) else { return Ok(None) };
            cookie_suffices(&parts.method, &parts.headers, public_url).map(|()| Some(token))
        }
    }
}

enum Bearer<'h> {
    Token(&'h str),
    /// There is more than one, or it is no text.
    Unreadable,
    /// There is none. Another scheme is none of ours: a proxy before us may ask for a password.
    Absent,
}

fn bearer(headers: &HeaderMap) -> Bearer<'_> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = values.next() else { return Bearer::Absent };
    match first.to_str().ok().map(|value| value.split_once(' ').unwrap_or((value, ""))) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && values.next().is_none() => {
            Bearer::Token(token.trim())
        }
        Some((scheme, _)) if !scheme.eq_ignore_ascii_case("bearer") && values.next().is_none() => Bearer::Absent,
        Some(_) | None => Bearer::Unreadable,
    }
}

fn on_behalf_of(headers: &HeaderMap) -> Result<Option<UserId>, Problem> {
    let mut values = headers.get_all(ON_BEHALF_OF).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match value.to_str().ok().and_then(|text| text.parse().ok()) {
        Some(user) if values.next().is_none() => Ok(Some(user)),
        Some(_) | None => {
            let detail = "not one id of the form `user_…`: send the id of the person for whom the token acts";
            Err(Problem::malformed(detail).with_errors(vec![FieldError::header(
                "Quorate-On-Behalf-Of",
                "invalid_header",
                detail,
            )]))
        }
    }
}
