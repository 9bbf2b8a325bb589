//! Refuses what another site had a browser send.
//!
//! A browser sends our cookie along with whatever another site has it send, so a cookie alone proves nothing about who
//! wanted a change. `Sec-Fetch-Site` tells, and no page can forge it; browsers leave it out over plain http to other
//! machines, and there `Origin` tells. That works because our pages ask for the referrer `same-origin`; with `no-referrer`
//! even our own forms would carry `Origin: null`. A browser of today sends one of the two with every form.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{cookie::Jar, problem::Problem};
use crate::app::app::App;

/// From where a request was sent, as far as its browser tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    /// A page of ours, or the person themselves.
    Ours,
    /// Another site.
    Other,
    /// No browser of today sent it.
    Untold,
}

/// Lets a form pass only from a page of ours. Without a cookie, a client that is no browser may send one too: it has
/// nothing that another site could abuse.
pub async fn own_forms(State(app): State<App>, request: Request, next: Next) -> Response {
    let allowed = match sender(request.headers(), &app.public_url) {
        Sender::Ours => true,
        Sender::Other => false,
        Sender::Untold => Jar::of(&app.public_url).token(request.headers()).is_none(),
    };
    if allowed || reads(request.method()) { next.run(request).await } else { cross_site().into_response() }
}

/// Lets a request that a cookie vouches for pass only if it changes nothing, or is from a page of ours.
///
/// # Errors
/// When it is not.
pub fn cookie_suffices(method: &Method, headers: &HeaderMap, public_url: &str) -> Result<(), Problem> {
    match sender(headers, public_url) {
        Sender::Ours => Ok(()),
        Sender::Other | Sender::Untold if reads(method) => Ok(()),
        Sender::Other | Sender::Untold => Err(cross_site()),
    }
}

/// Whether somebody's browser goes there itself, as it does when it is sent back by another site; not a picture, a frame or a
/// script of such a site that asks in the background.
#[must_use]
pub fn is_visit(method: &Method, headers: &HeaderMap) -> bool {
    let told = |name: &str, wanted: &[u8]| headers.get(name).is_none_or(|value| value.as_bytes() == wanted);
    *method == Method::GET && told("sec-fetch-mode", b"navigate") && told("sec-fetch-dest", b"document")
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn sender(headers: &HeaderMap, public_url: &str) -> Sender {
    if let Some(site) = headers.get("sec-fetch-site") {
        return match site.as_bytes() {
            b"same-origin" | b"none" => Sender::Ours,
            _ => Sender::Other,
        };
    }
    match headers.get(header::ORIGIN).map(HeaderValue::to_str) {
        None => Sender::Untold,
        Some(Ok(origin)) if is_ours(origin, headers, public_url) => Sender::Ours,
        Some(Ok(_) | Err(_)) => Sender::Other,
    }
}

/// Whether an origin is that of our address, or that at which the browser has reached us. The scheme must be ours in both:
/// whoever forges plain http in a network must not speak for https.
fn is_ours(origin: &str, headers: &HeaderMap, public_url: &str) -> bool {
    let Some((scheme, rest)) = public_url.split_once("://") else { return false };
    let Some((their_scheme, authority)) = origin.split_once("://") else { return false };
    let configured = rest.split('/').next();
    let reached = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let same = |host: &str| host.eq_ignore_ascii_case(authority);
    their_scheme == scheme && !authority.is_empty() && [configured, reached].into_iter().flatten().any(same)
}

pub(super) fn cross_site() -> Problem {
    let detail = "this was sent from another site: go to the page here, and use the button there";
    Problem::new(StatusCode::FORBIDDEN, "cross_site", "sent from another site", detail)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn told(pairs: &[(&str, &str)]) -> Sender {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect();
        sender(&headers, "https://quorate.example/q")
    }

    #[test]
    fn the_browser_tells_who_sent_it() {
        let cases: [(&[(&str, &str)], Sender); 14] = [
            (&[("sec-fetch-site", "same-origin")], Sender::Ours),
            (&[("sec-fetch-site", "none")], Sender::Ours),
            (&[("sec-fetch-site", "same-site")], Sender::Other),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://quorate.example")], Sender::Other),
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], Sender::Ours),
            (&[("origin", "https://quorate.example")], Sender::Ours),
            (&[("origin", "http://quorate.example")], Sender::Other),
            (&[("origin", "https://quorate.example:8443")], Sender::Other),
            (&[("origin", "https://inner:8443"), ("host", "inner:8443")], Sender::Ours),
            (&[("origin", "https://inner:8443"), ("host", "inner")], Sender::Other),
            (&[("origin", "https://other.example"), ("host", "quorate.example")], Sender::Other),
            (&[("origin", "null"), ("host", "null")], Sender::Other),
            (&[("host", "quorate.example")], Sender::Untold),
            (&[], Sender::Untold),
        ];
        for (pairs, wanted) in cases {
            assert_eq!(told(pairs), wanted, "{pairs:?}");
        }
    }
}
