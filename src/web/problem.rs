//! What a client is told when a request fails: RFC 9457 problem details.
//!
//! A problem has a stable code that programs act on and a sentence that people act on. The response carries the problem
//! as an extension, so that the outermost layer can add the request's id to the body, log an internal cause once, and
//! show a page instead where a page was asked for. An internal cause never reaches the body.

use std::{borrow::Cow, fmt, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A failed request, as its client is told.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// The stable code: lower-case words joined by underscores.
    pub code: &'static str,
    /// A few words that are the same for every problem of this code.
    pub title: &'static str,
    /// What is wrong this time, and what to do next.
    pub detail: Cow<'static, str>,
    /// The places in the request that are wrong.
    pub errors: Vec<FieldError>,
    /// When asking again makes sense; whole seconds are sent.
    pub retry_after: Option<Duration>,
    cause: Option<Box<str>>,
}

/// One wrong place in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The place in the body, as a JSON pointer (RFC 6901). Empty is the whole body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The name of the query parameter, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The name of the header, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// A stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Cow<'static, str>>,
    /// What is wrong, and what to do next.
    pub detail: String,
}

impl FieldError {
    /// A wrong place in the body.
    pub fn at(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), ..Self::new(code, detail) }
    }

    /// A wrong query parameter.
    pub fn parameter(name: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { parameter: Some(name.into()), ..Self::new(code, detail) }
    }

    /// A wrong header.
    pub fn header(name: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { header: Some(name.into()), ..Self::new(code, detail) }
    }

    /// A reason that is no place in the request.
    pub fn reason(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(code, detail)
    }

    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: None, parameter: None, header: None, code: Some(code.into()), detail: detail.into() }
    }
}

impl Problem {
    /// A problem with a code of the caller's.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code, title, detail: detail.into(), errors: Vec::new(), retry_after: None, cause: None }
    }

    /// Nothing here that the client may know of.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "not found",
            "nothing is here, or you may not know of it: check the address",
        )
    }

    /// The client is not signed in, or no longer.
    pub fn unauthenticated() -> Self {
        let detail = "this needs a valid token: sign in, and send `Authorization: Bearer <token>`";
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "not signed in", detail)
    }

    /// Well-formed, but these places are wrong.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = "some of what was sent is wrong: mend what `errors` lists, and send it again";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "the request is not valid", detail).with_errors(errors)
    }

    /// Our own fault. The cause is logged with the request's id, and never shown.
    pub fn internal(cause: impl fmt::Display) -> Self {
        let detail = "this is our mistake, not yours: try again, and if it stays, give the operator the `request_id`";
        let problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong here", detail);
        Self { cause: Some(cause.to_string().into()), ..problem }
    }

    /// The same, listing wrong places.
    #[must_use]
    pub fn with_errors(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }

    /// The same, saying when asking again makes sense.
    #[must_use]
    pub fn with_retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// What to log and never to show.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The problem as JSON, with the request's id once it is known.
    pub fn body(&self, request_id: Option<&str>) -> String {
        let body = ProblemBody {
            kind: format!("/docs/problems#{}", self.code),
            title: self.title.into(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code.into(),
            request_id: request_id.map(str::to_owned),
            errors: self.errors.clone(),
        };
        serde_json::to_string(&body).unwrap_or_default()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body(None)));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            // Rounded up: earlier than asked for would be too early.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Problem details after RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Where this code is explained, relative to the service's address.
    #[serde(rename = "type")]
    #[schema(example = "/docs/problems#not_found")]
    kind: String,
    /// A few words that are the same for every problem of this code.
    title: Cow<'static, str>,
    /// The status, repeated.
    status: u16,
    /// What is wrong this time, and what to do next.
    detail: Cow<'static, str>,
    /// The stable code.
    code: Cow<'static, str>,
    /// The request's id, to be given to the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// The places in the request that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}
