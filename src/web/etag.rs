//! `ETag` and `If-Match`: the version of what can be edited.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::Response,
};

use super::problem::{FieldError, Problem};

/// The version that the client has read, from `If-Match`; none where it does not care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let digits = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let version = digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| {
            let detail = "not an `ETag` of ours: send the one that you got, unchanged";
            Problem::malformed(detail).with_errors(vec![FieldError::header("If-Match", "invalid_header", detail)])
        })?;
        Ok(Self(Some(version)))
    }
}

/// The same response, with the version as its `ETag`.
pub fn tagged(version: i64, mut response: Response) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
