//! Which addresses may be called, so that nobody has the service call what only it can reach.
//!
//! A name is looked up by the very connection that uses what was found, so nothing can change in between.

use std::{
    error::Error,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use url::Host;

use crate::ownership::networks::Networks;

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// It is neither https nor one that the operator allows, or it is none.
    Scheme,
    /// It is in no public network.
    PrivateNetwork,
}

/// Whether an address may be called: its scheme, and its host where that is no name.
///
/// # Errors
/// Why not.
pub fn allowed(url: &Url, networks: Networks) -> Result<(), Barred> {
    let number = match url.host() {
        None => return Err(Barred::Scheme),
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
    };
    let here = number.is_some_and(|address| address.is_loopback()) || url.host_str() == Some("localhost");
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Barred::Scheme);
    }
    match (url.scheme(), networks) {
        ("https", Networks::Public | Networks::Private) => {}
        ("http", Networks::Private) if here => {}
        _ => return Err(Barred::Scheme),
    }
    match number {
        Some(address) if !reachable(address, networks) => Err(Barred::PrivateNetwork),
        Some(_) | None => Ok(()),
    }
}

/// Whether an address of that number may be called.
#[must_use]
pub fn reachable(address: IpAddr, networks: Networks) -> bool {
    match networks {
        Networks::Private => true,
        Networks::Public => match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        },
    }
}

/// Everything that the registry of special addresses (IANA, RFC 6890) keeps for other ends is none.
const fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, private ones, between a provider and its customers, this machine, link-local.
        [0 | 10 | 127, ..] | [100, 64..=127, ..] | [169, 254, ..] | [172, 16..=31, ..] | [192, 168, ..] => true,
        // Protocols, documentation, the old way between the two versions, measuring.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // To many at once, kept for later, to all.
        [224..=255, ..] => true,
        _ => false,
    };
    !special
}

/// Only what is given out as global unicast, and of that nothing that stands for something else or leads into IPv4.
const fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Protocols and tunnels (2001::/23), documentation twice, the old way into IPv4.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

/// Looks names up, and finds nothing but what may be called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookup(pub Networks);

/// Everything that a name stands for is out of bounds.
#[derive(Debug, thiserror::Error)]
#[error("the name stands for no address that may be called")]
pub(super) struct OutOfBounds;

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let networks = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let may: Vec<SocketAddr> = found.filter(|one| reachable(one.ip(), networks)).collect();
            if may.is_empty() {
                return Err(Box::<dyn Error + Send + Sync>::from(io::Error::other(OutOfBounds)));
            }
            let addresses: Addrs = Box::new(may.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_called() {
        let public = ["1.1.1.1", "100.63.255.255", "172.32.0.1", "192.0.1.1", "198.20.0.1", "2606:4700::1", "2a00::1"];
        let special = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.9.9",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.9.9",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:1.1.1.1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ];
        for (list, expected) in [(&public[..], true), (&special[..], false)] {
            for text in list {
                let address: IpAddr = text.parse().unwrap();
                assert_eq!(reachable(address, Networks::Public), expected, "{text}");
                assert!(reachable(address, Networks::Private), "{text}");
            }
        }
    }

    #[test]
    fn only_https_is_called_but_on_this_machine() {
        let fine = ["https://id.example.org/a", "https://1.1.1.1/"];
        let private = ["https://10.0.0.1/", "https://[::1]:8443/", "https://0x7f.1/", "https://2130706433/"];
        let plain = ["http://127.0.0.1:9000/", "http://localhost/", "http://[::1]/"];
        let never = [
            "http://id.example.org/",
            "ftp://id.example.org/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://mia@id.example.org/",
            "https://mia:secret@id.example.org/",
            "https://:secret@id.example.org/",
            "http://10.0.0.1/",
            "data:text/html,a",
        ];
        for (list, public, own) in [
            (&fine[..], true, true),
            (&private[..], false, true),
            (&plain[..], false, true),
            (&never[..], false, false),
        ] {
            for text in list {
                let url: Url = text.parse().unwrap();
                assert_eq!(allowed(&url, Networks::Public).is_ok(), public, "{text}");
                assert_eq!(allowed(&url, Networks::Private).is_ok(), own, "{text}");
            }
        }
    }
}
