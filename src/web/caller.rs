//! Who calls: the bearer token of a request, as a principal.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use super::problem::{FieldError, Problem};
use crate::{
    app::{app::App, authenticate::authenticate, principal::Principal},
    id::UserId,
};

/// The principal of a request. Without a valid token the request ends here, with 401.
#[derive(Debug, Clone)]
pub struct Caller(pub Principal);

const ON_BEHALF_OF: &str = "quorate-on-behalf-of";

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let bearer = bearer(&parts.headers).ok_or_else(Problem::unauthenticated)?;
        let on_behalf_of = on_behalf_of(&parts.headers)?;
        Ok(Self(authenticate(&App::from_ref(state), bearer, on_behalf_of).await?))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (scheme, token) = values.next()?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && values.next().is_none()).then_some(token.trim())
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
