//! The service as passkeys know it: a name, and the one address at which they are used.

use std::{fmt, time::Duration};

use url::Url;
use webauthn_rs_core::WebauthnCore;

/// For how long a browser waits for the person.
const PATIENCE: Duration = Duration::from_mins(5);

/// The service as passkeys know it.
pub struct RelyingParty {
    pub(super) core: WebauthnCore,
    name: String,
    origin: String,
}

impl RelyingParty {
    /// The service that is reached there. `None` where browsers have no passkeys: at an address of digits, and without
    /// https, unless it is this machine under its name.
    #[must_use]
    pub fn at(public_url: &str) -> Option<Self> {
        let url = Url::parse(public_url).ok()?;
        let host = url.domain()?.to_owned();
        let origin = url.origin().ascii_serialization();
        (url.scheme() == "https" || host == "localhost").then(|| {
            // Neither subdomains nor other ports: only our own pages.
            let core =
                WebauthnCore::new_unsafe_experts_only("Quorate", &host, vec![url], PATIENCE, Some(false), Some(false));
            Self { core, name: host, origin }
        })
    }

    /// Its name, for which passkeys are made.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// The address of its pages, as browsers say it.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.clone()
    }
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RelyingParty").field(&self.origin).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_have_passkeys_by_name_and_over_https() {
        for able in ["https://quorate.example", "https://a.example:8443", "http://localhost:8080", "https://localhost"]
        {
            assert!(RelyingParty::at(able).is_some(), "{able}");
        }
        for unable in ["http://quorate.example", "https://10.0.0.1", "http://127.0.0.1:8080", "http://[::1]:1", "x"] {
            assert!(RelyingParty::at(unable).is_none(), "{unable}");
        }
    }
}
