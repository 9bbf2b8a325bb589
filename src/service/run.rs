//! Starts the service, and stops it again.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::Url;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    error::NotReady,
    mailing,
    open::{Outdated, Sources, open},
};
use crate::{
    app::app::App,
    config::Config,
    jobs::{
        run::{self as jobs, Intervals},
        schedule::{Schedule, Stopped},
    },
    mail::post::Way,
    web::{
        router::router,
        server::{self, Drained},
        site::Site,
    },
};

/// A service that answers. It runs until [`Running::shut_down`]; when it is dropped instead, what is under way is lost
/// with the runtime.
pub struct Running {
    /// Where it listens; the real port where the configuration says 0.
    pub address: SocketAddr,
    /// The use cases.
    pub app: App,
    /// What the routes share.
    pub site: Site,
    schedule: Schedule,
    stop: CancellationToken,
    server: JoinHandle<Drained>,
    drain: Duration,
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
    let nobody = |source| NotReady::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(nobody)?;
    let address = listener.local_addr().map_err(nobody)?;
    app.public_url = reached_at(&config.public_url, address);
    let (post, mailbox) = mailing::post(config, &app.public_url)?;
    let post = Arc::new(post);
    let schedule = jobs::start(&app, Arc::clone(&post), every).await?;
    let site = Site { app: app.clone(), post, pulse: schedule.pulse().clone(), mailbox };
    let stop = CancellationToken::new();
    let routes = router(&site, config.limits);
    let server = tokio::spawn(server::serve(listener, routes, config.limits, stop.clone()));
    Ok(Running { address, app, site, schedule, stop, server, drain: config.limits.drain })
}

impl Running {
    /// Stops, in this order: no new connections; the requests and sweeps under way finish, together no longer than the
    /// configured time; goodbye to the mail server; the database is closed, after the units of work under way.
    pub async fn shut_down(self) -> Ended {
        let Self { schedule, stop, server, drain, site, app, .. } = self;
        stop.cancel();
        let (requests, sweeps) = tokio::join!(server, schedule.shut_down(drain));
        match &site.post.way {
            Way::Smtp(postman) => postman.rest().await,
            Way::Mailbox => {}
        }
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
            let set = url.set_port(Some(address.port())).is_ok() && url.set_ip_host(ip).is_ok();
            if set { url.as_str().trim_end_matches('/').to_owned() } else { public_url.to_owned() }
        }
        Ok(_) | Err(_) => public_url.to_owned(),
    }
}
