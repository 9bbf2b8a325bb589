//! From which address of the network a request comes, as far as that can be known.
//!
//! A client writes what it likes into `X-Forwarded-For`; a proxy appends whom it has it from. So the header is read from its
//! end, as long as those who wrote it are proxies that the operator trusts, and the first address that is none of theirs is
//! the client's. Where nothing can be known, nobody is taken for somebody else: whoever forgot to name a proxy has no limits
//! for addresses, and not one limit for everybody.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::config::Network;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// That address.
    At(IpAddr),
    /// This machine, or a proxy that says nothing that can be believed.
    Unknown,
}

const FORWARDED: &str = "x-forwarded-for";

impl Client {
    /// The client behind a connection from `peer`.
    #[must_use]
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
        let peer = peer.to_canonical();
        if !is_trusted(peer) {
            // A neighbour that forwards is a proxy that nobody named.
            let hides = peer.is_loopback() || (is_near(peer) && headers.contains_key(FORWARDED));
            return if hides { Self::Unknown } else { Self::At(peer) };
        }
        let lines: Option<Vec<&str>> = headers.get_all(FORWARDED).iter().map(|line| line.to_str().ok()).collect();
        for hop in lines.unwrap_or_default().iter().flat_map(|line| line.split(',')).rev() {
            let Some(hop) = address(hop.trim()) else { return Self::Unknown };
            if !is_trusted(hop) {
                return Self::At(hop);
            }
        }
        Self::Unknown
    }
}

/// Some proxies write the port, too.
fn address(hop: &str) -> Option<IpAddr> {
    let with_port = || hop.parse::<SocketAddr>().map(|both| both.ip());
    let in_brackets = || hop.trim_start_matches('[').trim_end_matches(']').parse();
    hop.parse().or_else(|_| with_port()).or_else(|_| in_brackets()).map(|address: IpAddr| address.to_canonical()).ok()
}

fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_right_most_hop_that_is_no_proxy_of_ours_is_the_client() {
        let trusted: Vec<Network> = ["10.0.0.0/8", "2001:db8::1"].iter().map(|text| text.parse().unwrap()).collect();
        for (peer, forwarded, client) in [
            // Nobody between.
            ("203.0.113.7", &[][..], Some("203.0.113.7")),
            ("::ffff:203.0.113.7", &[], Some("203.0.113.7")),
            // Whoever is no proxy of ours says what they like.
            ("203.0.113.7", &["198.51.100.1"], Some("203.0.113.7")),
            ("10.0.0.1", &["198.51.100.1"], Some("198.51.100.1")),
            ("10.0.0.1", &["192.0.2.9, 198.51.100.1"], Some("198.51.100.1")),
            ("10.0.0.1", &["192.0.2.9, 198.51.100.1, 10.0.0.2"], Some("198.51.100.1")),
            ("10.0.0.1", &["192.0.2.9", "198.51.100.1,10.0.0.2"], Some("198.51.100.1")),
            ("2001:db8::1", &["[2001:db8:5::9]:4711"], Some("2001:db8:5::9")),
            ("10.0.0.1", &["198.51.100.1:80"], Some("198.51.100.1")),
            ("10.0.0.1", &["::ffff:198.51.100.1"], Some("198.51.100.1")),
            // A proxy of ours that says nothing, or nothing that makes sense.
            ("10.0.0.1", &[], None),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], None),
            ("10.0.0.1", &["198.51.100.1, unknown"], None),
            ("10.0.0.1", &[""], None),
            // This machine, and a proxy in the house that nobody named.
            ("127.0.0.1", &[], None),
            ("::1", &["198.51.100.1"], None),
            ("192.168.0.1", &["198.51.100.1"], None),
            ("fd00::1", &["198.51.100.1"], None),
            ("192.168.0.1", &[], Some("192.168.0.1")),
        ] {
            let lines = forwarded.iter().map(|line| (axum::http::HeaderName::from_static(FORWARDED), *line));
            let headers: HeaderMap = lines.map(|(name, line)| (name, HeaderValue::from_str(line).unwrap())).collect();
            let client = client.map_or(Client::Unknown, |address| Client::At(address.parse().unwrap()));
            assert_eq!(Client::of(peer.parse().unwrap(), &headers, &trusted), client, "{peer} {forwarded:?}");
        }
    }
}
