//! The numbers, for Prometheus.
//!
//! They name nobody, but tell how much goes on and where it fails. So the main address shows them only where nobody else
//! can come by: the public address is this machine's, the connection comes from this machine, and no proxy is between.
//! Everywhere else they have an address of their own (`metrics_listen`), which the operator keeps to the network that
//! watches.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{
    extract::Peer,
    health::{self, reasons},
    layers::layers,
    mailbox::door,
    problem::Problem,
    site::Site,
};
use crate::{
    app::measure::measure,
    config::{Limits, is_loopback},
    jobs::pulse::Last,
    meter::names,
};

/// Shows the numbers to somebody at this machine, where nobody else can reach the service.
///
/// # Errors
/// For everybody else there are none.
pub async fn near(State(site): State<Site>, peer: Peer, headers: HeaderMap) -> Result<Response, Problem> {
    let alone = is_loopback(&site.app.public_url);
    if alone && door::is_near(peer, &headers) { Ok(show(&site).await) } else { Err(Problem::not_found()) }
}

/// What the address for whoever watches serves, to everybody who reaches it.
pub fn router(site: &Site, limits: Limits) -> Router {
    let routes = Router::new()
        .route("/metrics", get(|State(site): State<Site>| async move { show(&site).await }))
        .route("/healthz", get(health::up))
        .route("/readyz", get(health::able))
        .with_state(site.clone());
    layers(routes, site.observer(), limits)
}

async fn show(site: &Site) -> Response {
    let meter = site.app.db.meter();
    measure(&site.app).await;
    let ready = reasons(site).await.is_empty();
    meter.set(&names::READY, [], f64::from(u8::from(ready)));
    for Last { sweep, at, patience } in site.pulse.last() {
        meter.set_moment(&names::SWEEP_LAST, [sweep.into()], at);
        meter.set(&names::SWEEP_PATIENCE, [sweep.into()], patience.as_secs_f64());
    }
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], meter.text()).into_response()
}
