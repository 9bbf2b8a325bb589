//! Refuses forms that another site had a browser send.
//!
//! Our pages ask for no referrer, so even their own forms carry `Origin: null`; `Sec-Fetch-Site` is what tells. A client
//! that sends none is no browser of today, and has nothing that another site could abuse: there are no cookies.

use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::Problem;

/// Lets a form pass only from a page of ours.
pub async fn own_forms(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let site = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    match site {
        None | Some(b"same-origin" | b"none") => next.run(request).await,
        Some(_) if reads => next.run(request).await,
        Some(_) => cross_site().into_response(),
    }
}

pub(super) fn cross_site() -> Problem {
    let detail = "this form was sent from another site: open the link in your mail again, and use the button there";
    Problem::new(StatusCode::FORBIDDEN, "cross_site", "sent from another site", detail)
}
