//! How handlers read a request's path and headers, refusing with a [`Problem`] what they cannot read.

use std::fmt;

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use super::problem::{FieldError, Problem};

pub use super::{
    json::Json,
    list::{List, Page},
    server::Peer,
};

/// The variables of the path. What does not parse names nothing, so the answer is 404.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::not_found()),
        }
    }
}

/// The query of a list's filters. Other parameters are read elsewhere, so what is unknown here is passed over.
#[derive(Debug, Clone, Copy)]
pub struct Filters<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Filters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::malformed(
                "a query parameter has not the form that it must have: look it up in `/openapi.json`",
            )),
        }
    }
}

/// The `Idempotency-Key` of a request that creates: sent again with the same key, it has one effect and one answer.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

const IDEMPOTENCY_KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 255;

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut keys = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(key) = keys.next() else { return Ok(Self(None)) };
        let bytes = key.as_bytes();
        let well_formed = !bytes.is_empty() && bytes.len() <= LONGEST_KEY && bytes.iter().all(u8::is_ascii_graphic);
        match key.to_str() {
            Ok(key) if well_formed && keys.next().is_none() => Ok(Self(Some(key.to_owned()))),
            Ok(_) | Err(_) => {
                let detail = "not one key of 1 to 255 visible ASCII characters: send a fresh UUID, say";
                Err(Problem::malformed(detail).with_errors(vec![FieldError::header(
                    "Idempotency-Key",
                    "invalid_header",
                    detail,
                )]))
            }
        }
    }
}

impl fmt::Debug for IdempotencyKey {
    /// Whoever knows a key can ask for the answer again, so a log shows only whether there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "IdempotencyKey(given)" } else { "IdempotencyKey(none)" })
    }
}
