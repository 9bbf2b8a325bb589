//! What surrounds every request: its id, its log line, its limits, and an answer even where a handler fails.
//!
//! From the outside in: id and log line, security headers, a panic caught, the body read whole within its size and time,
//! and the time limit. The time limit ends the *answer*; what a use case has begun runs on in a task of its own.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    headers::{allow_page, secure},
    mail::{receive, report},
    page::{self, Head},
    problem::Problem,
};
use crate::{
    clock::Clock,
    config::Limits,
    meter::{
        names,
        numbers::{Meter, Value},
    },
    secret::Chance,
};

/// The request's id, also sent as `X-Request-Id`; of decisions only where the client has given no id of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

/// What the outermost layer needs: time and ids, and what the service calls itself on pages that tell of a problem.
#[derive(Clone)]
pub struct Observer {
    /// When requests begin and end.
    pub clock: Clock,
    /// Their ids.
    pub chance: Chance,
    /// Where they are counted.
    pub meter: Meter,
    /// What this installation calls itself.
    pub service: Arc<str>,
}

/// Puts a finished router into its surroundings. Routes added afterwards would stand outside of them.
pub fn layers(router: Router, observer: Observer, limits: Limits) -> Router {
    router
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { method_not_allowed() })
        .layer(from_fn_with_state(limits, limit_time))
        .layer(from_fn_with_state(limits, read_body))
        .layer(CatchPanicLayer::custom(|_| Problem::internal("a handler panicked").into_response()))
        .layer(map_response(secure))
        .layer(from_fn_with_state(observer, observe))
}

pub(super) fn method_not_allowed() -> Problem {
    let detail = "this address does not take that method: use one that the `Allow` header lists";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "method not allowed", detail)
}

async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let Observer { clock, chance, meter, service } = observer;
    let begun = clock.now();
    let id = chance.id::<RequestId>(begun).uuid();
    request.extensions_mut().insert(RequestId(id));
    // The pattern and a known method only: an address holds ids, and a client may send secrets as either.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = known(request.method());
    let as_page = page::is_asked_for(request.headers());
    let theirs = id_to_echo(&request);
    let span = tracing::info_span!("request", request_id = %id);
    async move {
        let mut response = next.run(request).await;
        let passed = clock.now().since(begun);
        let id = id.to_string();
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            meter.count(&names::REFUSALS, [problem.code.into()], 1);
            if let Some(cause) = problem.cause() {
                tracing::error!(cause, "a request failed");
            }
            response.headers_mut().remove(header::CONTENT_LENGTH);
            let head = response.extensions_mut().remove::<Head>().unwrap_or_else(|| Head::plain(&service));
            let page = if as_page { page::of_problem(head, &problem, &id) } else { None };
            let body = match page {
                Some(page) => {
                    allow_page(response.headers_mut());
                    page
                }
                None => problem.body(Some(&id)),
            };
            *response.body_mut() = Body::from(body);
        }
        if let Some(id) = theirs.or_else(|| HeaderValue::from_str(&id).ok()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let route = route.as_ref().map_or("none", MatchedPath::as_str);
        let status = response.status();
        let pattern = Value::pattern(route);
        meter.count(&names::REQUESTS, [pattern.clone(), method.into(), class(status).into()], 1);
        meter.took(&names::REQUEST_SECONDS, [pattern, method.into()], passed.as_secs_f64());
        let micros = i64::try_from(passed.as_micros()).unwrap_or(i64::MAX);
        tracing::info!(method, route, status = status.as_u16(), micros, "answered");
        response
    }
    .instrument(span)
    .await
}

const REQUEST_ID: &str = "x-request-id";

/// The id that a client gave its request, where the standard that it speaks wants it sent back. It is the client's, and
/// could be anything, so it stands in no log line.
fn id_to_echo(request: &Request) -> Option<HeaderValue> {
    let wants = request.uri().path().starts_with("/access/v1/");
    request.headers().get(REQUEST_ID).filter(|_| wants).cloned()
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Reads the body before the handler runs, so that no handler waits on the network and every route has the same answer
/// to a body that is too large or too slow.
async fn read_body(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    // Mails are larger than anything else, so who brings one is found out before it is read, there.
    if [receive::PATH, report::PATH].contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| usize::try_from(length).map_or(true, |length| length > limits.body)) {
        return closing(too_large(limits));
    }
    match timeout(limits.request, Limited::new(body, limits.body).collect()).await {
        Ok(Ok(body)) => next.run(Request::from_parts(parts, Body::from(body.to_bytes()))).await,
        Ok(Err(error)) if error.is::<LengthLimitError>() => closing(too_large(limits)),
        Ok(Err(_)) => closing(Problem::malformed("the body did not arrive whole: send it again")),
        Err(_) => closing(too_slow(limits)),
    }
}

pub(super) fn too_slow(limits: Limits) -> Problem {
    let detail = format!("the body did not arrive within {} s: send it again, faster", limits.request.as_secs());
    Problem::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", "the body took too long", detail)
}

pub(super) fn too_large(limits: Limits) -> Problem {
    let detail = format!("the body is larger than {} bytes: send less at once", limits.body);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "the body is too large", detail)
}

/// The rest of the body is still on its way and nobody will read it, so the connection cannot carry another request.
fn closing(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

async fn limit_time(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    timeout(limits.request, next.run(request)).await.unwrap_or_else(|_| late().into_response())
}

pub(super) fn late() -> Problem {
    let detail = "the answer was not ready in time, but what you asked for may still happen: look, or send it again \
                  with the same `Idempotency-Key`";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "this took too long", detail)
        .with_retry_after(Duration::from_secs(1))
}
