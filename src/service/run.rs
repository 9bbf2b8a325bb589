//! Starts the service, and stops it again.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::Url;
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{
    error::NotReady,
    mailing,
    open::{Outdated, Sources, open},
};
use crate::{
    app::app::App,
    config::{Config, Limits},
    jobs::{
        run::{self as jobs, Intervals},
        schedule::{Schedule, Stopped},
    },
    mail::post::Way,
    meter::names,
    web::{
        case::live::Places,
        metrics,
        router::router,
        server::{self, Drained},
        site::Site,
        throttle::Throttle,
    },
};

/// A service that answers. It runs until [`Running::shut_down`]; when it is dropped instead, what is under way is lost
/// with the runtime.
pub struct Running {
    /// Where it listens; the real port where the configuration says 0.
    pub address: SocketAddr,
    /// Where it shows its numbers, if that is an address of its own.
    pub metrics_address: Option<SocketAddr>,
    /// The use cases.
    pub app: App,
    /// What the routes share.
    pub site: Site,
    schedule: Schedule,
    stop: CancellationToken,
    server: JoinHandle<Drained>,
    watch: Watch,
    limits: Limits,
}

/// How the service ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The requests.
    pub requests: Drained,
    /// The sweeps.
    pub sweeps: Stopped,
}

/// Starts the service. When this returns, it answers.
///
/// # Errors
/// Why it cannot work here.
pub async fn start(
    config: &Config,
    sources: Sources,
    outdated: Outdated,
    every: Intervals,
) -> Result<Running, NotReady> {
    // Before anything is opened: whoever has no mail server hears of it first.
    mailing::post(config, &config.public_url)?;
    let mut app = open(config, sources, outdated).await?;
    let (listener, address) = listen(config.listen).await?;
    let (metrics, metrics_address) = match config.metrics_listen {
        Some(address) => listen(address).await.map(|(listener, address)| (Some(listener), Some(address)))?,
        None => (None, None),
    };
    app.public_url = reached_at(&config.public_url, address);
    let (post, mailbox) = mailing::post(config, &app.public_url)?;
    let post = Arc::new(post);
    let schedule = jobs::start(&app, Arc::clone(&post), every).await?;
    let places = Places::among(config.limits.connections);
    let throttle = Throttle::new(app.clock.clone(), &config.trusted_proxies);
    let site = Site { app: app.clone(), post, pulse: schedule.pulse().clone(), mailbox, places, throttle };
    let stop = CancellationToken::new();
    let routes = router(&site, config.limits);
    let server = tokio::spawn(server::serve(listener, routes, config.limits, stop.clone()));
    let watch = Watch::start(&site, metrics, config.limits);
    Ok(Running { address, metrics_address, app, site, schedule, stop, server, watch, limits: config.limits })
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), NotReady> {
    let nobody = |source| NotReady::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(nobody)?;
    let address = listener.local_addr().map_err(nobody)?;
    Ok((listener, address))
}

/// What is there for whoever watches. It outlives the rest, so that the end can be watched too.
struct Watch {
    stop: CancellationToken,
    server: Option<JoinHandle<Drained>>,
    tidy: JoinHandle<()>,
}

impl Watch {
    /// How often the numbers are tidied.
    const TIDY: Duration = Duration::from_secs(5);

    fn start(site: &Site, listener: Option<TcpListener>, limits: Limits) -> Self {
        let (stop, meter) = (CancellationToken::new(), site.app.db.meter().clone());
        meter.set_moment(&names::PROCESS_START, [], site.app.now());
        let server = listener.map(|listener| {
            let limits = Limits { drain: Duration::ZERO, ..limits };
            tokio::spawn(server::serve(listener, metrics::router(site, limits), limits, stop.clone()))
        });
        let stopped = stop.clone();
        let tidy = tokio::spawn(async move {
            while stopped.run_until_cancelled(sleep(Self::TIDY)).await.is_some() {
                meter.tidy();
            }
        });
        Self { stop, server, tidy }
    }

    async fn end(self) {
        self.stop.cancel();
        // Whatever became of them, nobody watches any more.
        drop(self.tidy.await);
        if let Some(server) = self.server {
            drop(server.await);
        }
    }
}

impl Running {
    /// Stops, in this order: readiness says no, while new requests are still answered for the configured time; no new
    /// connections; the requests and sweeps under way finish, together no longer than the
    /// configured time; goodbye to the mail server; the database is closed, after the units of work under way.
    pub async fn shut_down(self) -> Ended {
        let Self { schedule, stop, server, watch, limits, site, app, .. } = self;
        site.pulse.stopping();
        sleep(limits.leave).await;
        stop.cancel();
        let (requests, sweeps) = tokio::join!(server, schedule.shut_down(limits.drain));
        match &site.post.way {
            Way::Smtp(postman) => postman.rest().await,
            Way::Mailbox => {}
        }
        watch.end().await;
        app.db.close().await;
        // It panics nowhere that we know of; should it, its connections are gone.
        Ended { requests: requests.unwrap_or(Drained::Cut(0)), sweeps }
    }
}

/// Where people reach the service. A port 0 stands for the one that the system chose.
fn reached_at(public_url: &str, address: SocketAddr) -> String {
    match Url::parse(public_url) {
        Ok(mut url) if url.port() == Some(0) => {
            let ip = match address.ip() {
                IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
                IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
                ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
            };
            // A name stays: it was chosen.
            let named = url.domain().is_some();
            let set = url.set_port(Some(address.port())).is_ok() && (named || url.set_ip_host(ip).is_ok());
            if set { url.as_str().trim_end_matches('/').to_owned() } else { public_url.to_owned() }
        }
        Ok(_) | Err(_) => public_url.to_owned(),
    }
}
