//! The headers that tell a browser what not to do with an answer.
//!
//! A handler may set its own, a stylesheet's `cache-control` say; it then stays.
//! The referrer stays within our pages. With `no-referrer`, browsers would send `Origin: null` even with a form of our own,
//! and `guard.rs` could not tell it from a forged one where `Sec-Fetch-Site` is missing. No address of ours holds a secret.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};

/// What an answer of the API may load: nothing.
const API_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What a page may load: its own styles, scripts and pictures; and its scripts may ask this site.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                           connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds what is missing.
pub async fn secure(mut response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let policy = if kind.is_some_and(|kind| kind.starts_with(b"text/html")) { PAGE_POLICY } else { API_POLICY };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Makes an answer a page, after its headers were set for something else.
pub fn allow_page(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
}
