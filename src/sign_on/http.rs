//! One call to a provider: to where it may be, without following it elsewhere, in bounded time, for a bounded answer.

use std::{future::Future, pin::Pin, time::Duration};

use openidconnect::{
    AsyncHttpClient, HttpRequest, HttpResponse,
    http::{self, header},
};
use tokio::time::timeout;

use super::failed::{Failed, Why};
use crate::{
    outside::{
        client::{Outside, Unreached, why},
        network::Barred,
    },
    ownership::networks::Networks,
};

/// The longest wait for each part of an answer.
const STEP: Duration = Duration::from_secs(5);
/// The largest answer. Documents of providers have a few kilobytes.
const LARGEST: usize = 256 * 1024;

/// Calls providers.
pub(super) struct Http(Outside);

impl Http {
    pub const fn new(networks: Networks) -> Self {
        Self(Outside::new(networks, STEP))
    }

    pub const fn networks(&self) -> Networks {
        self.0.networks()
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Failed> {
        let request = reqwest::Request::try_from(request).map_err(|_| Failed::Unreachable(Why::Scheme))?;
        let answer = self.0.send(request).await?;
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
    while let Some(piece) = answer.chunk().await.map_err(|error| why(&error))? {
        if body.len() + piece.len() > LARGEST {
            return Err(Failed::Unreachable(Why::TooLong));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

impl From<Barred> for Failed {
    fn from(barred: Barred) -> Self {
        Self::Unreachable(match barred {
            Barred::Scheme => Why::Scheme,
            Barred::PrivateNetwork => Why::PrivateNetwork,
        })
    }
}

impl From<Unreached> for Failed {
    fn from(unreached: Unreached) -> Self {
        match unreached {
            Unreached::Barred(barred) => barred.into(),
            Unreached::NoClient => Self::Unreachable(Why::NoClient),
            Unreached::Connection => Self::Unreachable(Why::Connection),
            Unreached::TooSlow => Self::Unreachable(Why::TooSlow),
        }
    }
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
