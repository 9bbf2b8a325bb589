//! The HTTP client for calls to strangers: only to where they may be, without being led elsewhere, and without waiting for ever.

use std::{
    error::Error,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Client, Request, Response, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::network::{Barred, Lookup, OutOfBounds, allowed};
use crate::ownership::networks::Networks;

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// This machine cannot make such calls at all.
    NoClient,
    /// The address is not called.
    Barred(Barred),
    /// There was no connection, or it broke off.
    Connection,
    /// It took too long.
    TooSlow,
}

impl From<Barred> for Unreached {
    fn from(barred: Barred) -> Self {
        Self::Barred(barred)
    }
}

/// Calls strangers. Nothing is read from the disk before the first call.
pub struct Outside {
    networks: Networks,
    step: Duration,
    client: Mutex<Option<Client>>,
}

impl Outside {
    /// Calls whoever is in these networks, and waits so long for each part of an answer.
    #[must_use]
    pub const fn new(networks: Networks, step: Duration) -> Self {
        Self { networks, step, client: Mutex::new(None) }
    }

    /// Where those may be who are called.
    #[must_use]
    pub const fn networks(&self) -> Networks {
        self.networks
    }

    /// Sends a request, and waits for the beginning of its answer.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn send(&self, request: Request) -> Result<Response, Unreached> {
        allowed(request.url(), self.networks)?;
        self.client()?.execute(request).await.map_err(|error| why(&error))
    }

    fn client(&self) -> Result<Client, Unreached> {
        let mut made = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.as_ref() {
            return Ok(client.clone());
        }
        let client = self.make()?;
        *made = Some(client.clone());
        Ok(client)
    }

    /// The client keeps to itself: no proxy of the machine, no cookies, no redirects, and the TLS of `ring` with the roots of the
    /// system.
    fn make(&self) -> Result<Client, Unreached> {
        let none = |why: &dyn Error| {
            tracing::warn!(error = %why, "nobody can be called from this machine");
            Unreached::NoClient
        };
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (taken, _) = roots.add_parsable_certificates(found.certs);
        if taken == 0 {
            tracing::warn!("this machine knows no certificate authorities, so nobody who is called is trusted");
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| none(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Lookup(self.networks))
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(CONNECT)
            .read_timeout(self.step)
            .build()
            .map_err(|error| none(&error))
    }
}

/// Why a call broke off.
pub(crate) fn why(error: &reqwest::Error) -> Unreached {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if inner.is_some_and(<dyn Error + Send + Sync>::is::<OutOfBounds>) || error.is::<OutOfBounds>() {
            return Unreached::Barred(Barred::PrivateNetwork);
        }
        cause = error.source();
    }
    if error.is_timeout() { Unreached::TooSlow } else { Unreached::Connection }
}
