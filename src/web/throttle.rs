//! How often one address of the network may try to come in: so that nobody makes this service work, or write mails, as fast as
//! they can ask. What protects codes and passwords are rows in the database; this protects the machine.
//!
//! It locks nobody out. It is a matter of seconds; whoever comes from a browser that is known of somebody has a count of their
//! own, whatever others do behind the same address; and where it cannot be known who asks, nobody is refused.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{Quota, RateLimiter, clock, middleware::NoOpMiddleware, nanos::Nanos, state::keyed::DashMapStateStore};

use super::{browser, client::Client, cookie::Jar, problem::Problem, server::Peer, site::Site};
use crate::{app::known_browser::is_known, clock::Clock, config::Network, secret::TokenHash};

/// How many tries there are at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(60).unwrap();

/// How long it takes until there is one more.
const ONE_MORE_AFTER: Duration = Duration::from_millis(500);

/// How many counts are kept. What comes beyond them shares one.
const MOST: usize = 100_000;

/// After how many tries those counts are dropped that have run out.
const TIDY_AFTER: u32 = 1024;

/// The beginnings of the addresses that take no session.
const DOORS: [&str; 10] = [
    "/sign-in",
    "/sign-on",
    "/l/",
    "/recovery-address/",
    "/drill",
    "/recover",
    "/v1/sign-in",
    "/v1/links",
    "/v1/paper-keys/drill",
    "/v1/recoveries",
];

/// Counts the tries. Clones share the counts.
#[derive(Clone)]
pub struct Throttle {
    trusted: Arc<[Network]>,
    counts: Arc<Counts>,
    tries: Arc<AtomicU32>,
    ticks: Ticks,
}

type Counts = RateLimiter<Whose, DashMapStateStore<Whose>, Ticks, NoOpMiddleware<Nanos>>;

/// Whose tries are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    /// Those of an address; in IPv6 of all that one household or machine has.
    Network(IpAddr),
    /// Those of a browser that is known of somebody.
    Browser(TokenHash),
    /// Everybody's for whom there is no room.
    Rest,
}

impl Whose {
    fn at(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::Network(address),
            IpAddr::V6(address) => Self::Network(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()),
        }
    }
}

/// The service's clock.
#[derive(Clone)]
struct Ticks(Clock);

impl clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let micros = u64::try_from(self.0.now().micros()).unwrap_or_default();
        Nanos::new(micros.saturating_mul(1000))
    }
}

impl Throttle {
    /// With that clock, and these proxies whose word about the client's address is taken.
    #[must_use]
    pub fn new(clock: Clock, trusted: &[Network]) -> Self {
        let (ticks, one) = (Ticks(clock), Quota::with_period(ONE_MORE_AFTER));
        let quota = one.unwrap_or(Quota::per_second(AT_ONCE)).allow_burst(AT_ONCE);
        let counts = RateLimiter::new(quota, DashMapStateStore::default(), ticks.clone());
        Self { trusted: trusted.into(), counts: counts.into(), tries: Arc::default(), ticks }
    }

    /// Counts a try; where it is one too many, says how long to wait.
    fn count(&self, whose: Whose) -> Result<(), Duration> {
        if self.tries.fetch_add(1, Ordering::Relaxed) % TIDY_AFTER == TIDY_AFTER - 1 {
            self.counts.retain_recent();
        }
        let whose = if self.counts.len() < MOST { whose } else { Whose::Rest };
        let too_many = |until: governor::NotUntil<Nanos>| until.wait_time_from(clock::Clock::now(&self.ticks));
        self.counts.check_key(&whose).map_err(too_many)
    }
}

/// Lets a try pass, or says when to try again.
pub async fn limit(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (path, headers) = (request.uri().path(), request.headers());
    if request.method() != Method::POST || !DOORS.iter().any(|door| path.starts_with(door)) {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let client = peer.map_or(Client::Unknown, |peer| Client::of(peer, headers, &site.throttle.trusted));
    let refused = match client {
        Client::Unknown => None,
        Client::At(address) => match site.throttle.count(Whose::at(address)) {
            Ok(()) => None,
            Err(wait) => known(&site, headers).await.map_or(Some(wait), |own| site.throttle.count(own).err()),
        },
    };
    match refused {
        None => next.run(request).await,
        Some(wait) => too_many(wait).into_response(),
    }
}

/// The count of a browser that is known of somebody. Looked up only for whoever would be refused.
async fn known(site: &Site, headers: &HeaderMap) -> Option<Whose> {
    let browser = browser::hash(Jar::of(&site.app.public_url).browser(headers))?;
    let looked = is_known(&site.app, &browser).await;
    let known = looked.inspect_err(|error| tracing::warn!(%error, "a browser could not be looked up")).unwrap_or(false);
    known.then_some(Whose::Browser(browser))
}

pub(super) fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    let detail = format!("there were too many tries from your network: wait {seconds} s, and try again");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "too many tries", detail)
        .with_retry_after(Duration::from_secs(seconds))
}
