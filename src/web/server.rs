//! The accept loop: connections, their number and their time.
//!
//! `axum::serve` lets a half-sent header stay open for ever and knows no cap on connections, so this stands in its place:
//! HTTP/1.1 with a time limit on reading a header (which ends idle connections too), at most so many connections at once
//! (further ones wait in the system's backlog), and a shutdown that lets requests under way finish, but not for ever.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::FromRequestParts, http::request::Parts};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use super::problem::Problem;
use crate::config::Limits;

/// How the server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Every connection had finished.
    Everything,
    /// That many connections were still busy when the time was up, and were cut.
    Cut(usize),
}

/// The client's end of the connection: the nearest hop, which may be a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().copied().ok_or_else(|| Problem::internal("the request carries no peer address"))
    }
}

/// Serves until `shutdown` is cancelled, then waits for the requests under way.
///
/// The listener is closed first, so that new clients are turned to another replica at once.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, shutdown: CancellationToken) -> Drained {
    let tracker = TaskTracker::new();
    let cut = CancellationToken::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut failures = 0;
    while let Some(place) = shutdown.run_until_cancelled(places.clone().acquire_owned()).await {
        // The semaphore is never closed.
        let Ok(place) = place else { break };
        match shutdown.run_until_cancelled(listener.accept()).await {
            None => break,
            Some(Ok((stream, peer))) => {
                failures = 0;
                let connection =
                    Connection { stream, peer: Peer(peer), app: app.clone(), header: limits.header, place };
                tracker.spawn(connection.run(shutdown.clone(), cut.clone()));
            }
            Some(Err(error)) => {
                failures += 1;
                if let Some(pause) = pause_after(&error, failures) {
                    tracing::warn!(%error, ?pause, "cannot accept connections");
                    shutdown.run_until_cancelled(sleep(pause)).await;
                }
            }
        }
    }
    drop(listener);
    tracker.close();
    if timeout(limits.drain, tracker.wait()).await.is_ok() {
        return Drained::Everything;
    }
    let busy = tracker.len();
    cut.cancel();
    tracker.wait().await;
    Drained::Cut(busy)
}

struct Connection {
    stream: TcpStream,
    peer: Peer,
    app: Router,
    header: Duration,
    place: OwnedSemaphorePermit,
}

/// More than any header we ask for; hyper's own limit lets each connection hold 400 KiB.
const BUFFER: usize = 32 * 1024;

impl Connection {
    async fn run(self, shutdown: CancellationToken, cut: CancellationToken) {
        let Self { stream, peer, app, header, place } = self;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot send small answers at once");
        }
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            let app = app.clone();
            async move { app.oneshot(request).await.map_err(|never: Infallible| match never {}) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(header)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => Some(ended),
            () = shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                cut.run_until_cancelled(connection).await
            }
        };
        if let Some(Err(error)) = ended {
            // A client that goes away or dawdles is its own affair.
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    }
}

/// How long to wait before accepting again. A client that gave up meanwhile costs nothing; anything else (no file
/// descriptors left, say) would fail again at once, and an eager loop would take the processor from those who could help.
fn pause_after(error: &io::Error, failures: u32) -> Option<Duration> {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    let gone = matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset);
    (!gone).then(|| Duration::from_millis(50 << failures.saturating_sub(1).min(5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backs_off_where_accepting_fails_again_and_again() {
        let no_descriptors = io::Error::from_raw_os_error(24);
        let pauses: Vec<_> =
            [1, 2, 6, 7, u32::MAX].iter().map(|failures| pause_after(&no_descriptors, *failures)).collect();
        assert_eq!(pauses, [50, 100, 1600, 1600, 1600].map(|millis| Some(Duration::from_millis(millis))));
        assert_eq!(pause_after(&io::ErrorKind::ConnectionAborted.into(), 3), None);
    }
}
