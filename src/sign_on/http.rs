//! One call to a provider: to where it may be, without following it elsewhere, in bounded time, for a bounded answer.

use std::{
    error::Error,
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use openidconnect::{
    AsyncHttpClient, HttpRequest, HttpResponse,
    http::{self, header},
};
use reqwest::{Client, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::time::timeout;

use super::{
    failed::{Failed, Why},
    network::{Lookup, OutOfBounds, allowed},
};
use crate::ownership::sign_on::Networks;

/// The longest wait for a connection, and for each part of an answer.
const STEP: Duration = Duration::from_secs(5);
/// The largest answer. Documents of providers have a few kilobytes.
const LARGEST: usize = 256 * 1024;

/// Calls providers. Nothing is read from the disk before the first call.
pub(super) struct Http {
    networks: Networks,
    client: Mutex<Option<Client>>,
}

impl Http {
    pub fn new(networks: Networks) -> Self {
        Self { networks, client: Mutex::new(None) }
    }

    pub const fn networks(&self) -> Networks {
        self.networks
    }

    fn client(&self) -> Result<Client, Failed> {
        let mut made = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.as_ref() {
            return Ok(client.clone());
        }
        let client = make(self.networks)?;
        *made = Some(client.clone());
        Ok(client)
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Failed> {
        let request = reqwest::Request::try_from(request).map_err(|_| Failed::Unreachable(Why::Scheme))?;
        allowed(request.url(), self.networks)?;
        let answer = self.client()?.execute(request).await.map_err(|error| unreachable(&error))?;
        let mut response = http::Response::builder().status(answer.status());
        if let Some(kind) = answer.headers().get(header::CONTENT_TYPE) {
            response = response.header(header::CONTENT_TYPE, kind);
        }
        let body = whole(answer).await?;
        response.body(body).map_err(|_| Failed::Unreachable(Why::Answer))
    }
}

async fn whole(mut answer: reqwest::Response) -> Result<Vec<u8>, Failed> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        if body.len() + piece.len() > LARGEST {
            return Err(Failed::Unreachable(Why::TooLong));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The client keeps to itself: no proxy of the machine, no cookies, no redirects, and the TLS of `ring` with the roots of the
/// system.
fn make(networks: Networks) -> Result<Client, Failed> {
    let none = |why: &dyn Error| {
        tracing::warn!(error = %why, "identity providers cannot be called from this machine");
        Failed::Unreachable(Why::NoClient)
    };
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(found.certs);
    if taken == 0 {
        tracing::warn!("this machine knows no certificate authorities, so no identity provider is trusted");
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| none(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Lookup(networks))
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(STEP)
        .read_timeout(STEP)
        .build()
        .map_err(|error| none(&error))
}

fn unreachable(error: &reqwest::Error) -> Failed {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if inner.is_some_and(<dyn Error + Send + Sync>::is::<OutOfBounds>) || error.is::<OutOfBounds>() {
            return Failed::Unreachable(Why::PrivateNetwork);
        }
        cause = error.source();
    }
    Failed::Unreachable(if error.is_timeout() { Why::TooSlow } else { Why::Connection })
}

/// The longest that a whole conversation may take. It stays below what a request may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(9);

/// Waits for a conversation, but not for ever.
pub(super) async fn in_time<T>(talk: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    timeout(PATIENCE, talk).await.unwrap_or(Err(Failed::Unreachable(Why::TooSlow)))
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
