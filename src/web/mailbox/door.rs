//! Who may look into the built-in mailbox: somebody at this machine, while it is open.
//!
//! Whoever reads it can act for everybody, so three things must hold: there is no mail server and no public address, the
//! connection comes from this machine without a proxy between, and the address that the browser shows is this machine's
//! too (another site's name that is made to point here would otherwise let that site read along).

use std::net::IpAddr;

use axum::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use crate::web::{
    extract::Peer,
    problem::Problem,
    site::{Mailbox, Site},
};

/// Somebody who may look into the mailbox. For everybody else there is none.
#[derive(Debug, Clone, Copy)]
pub struct Visitor;

impl<S: Send + Sync> FromRequestParts<S> for Visitor
where
    Site: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let open = match Site::from_ref(state).mailbox {
            Mailbox::Open => true,
            Mailbox::Closed => false,
        };
        let peer = Peer::from_request_parts(parts, state).await?;
        if open && is_near(peer, &parts.headers) { Ok(Self) } else { Err(Problem::not_found()) }
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Visitor
where
    Site: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        Ok(<Self as FromRequestParts<S>>::from_request_parts(parts, state).await.ok())
    }
}

/// Whether a request comes from this machine, without a proxy between, and asks for a name of this machine.
pub(in crate::web) fn is_near(peer: Peer, headers: &HeaderMap) -> bool {
    peer.0.ip().to_canonical().is_loopback() && !is_forwarded(headers) && names_this_machine(headers)
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name))
}

fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_count() {
        for (host, own) in [
            ("localhost:8080", true),
            ("LOCALHOST", true),
            ("127.0.0.1:8080", true),
            ("127.0.0.1", true),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("quorate.example:8080", false),
            ("127.0.0.1.example", false),
            ("10.0.0.1:8080", false),
            ("localhost.example", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
            assert_eq!(names_this_machine(&headers), own, "{host}");
        }
        assert!(!names_this_machine(&HeaderMap::new()));
    }
}
