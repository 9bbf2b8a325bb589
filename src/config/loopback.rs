//! Whether an address is one of this machine.

use std::net::IpAddr;

use reqwest::Url;

/// Whether only this machine can open the address.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    Url::parse(url).ok().as_ref().and_then(Url::host_str).is_some_and(|host| {
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_opens_a_loopback_address() {
        for url in ["http://127.0.0.1:8400", "http://localhost", "http://[::1]:8400/q", "https://127.8.0.1"] {
            assert!(is_loopback(url), "{url}");
        }
        for url in ["http://127.0.0.1.example.org", "https://quorate.example", "http://0.0.0.0", "http://[::]", "no"] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
