//! Whether the process is up, and whether it can do its work.

use std::time::Duration;

use jiff::SignedDuration;
use quorate::web::site::Mailbox;
use serde_json::json;

use super::site::empty;
use crate::harness::{TestDb, small};

#[tokio::test]
async fn a_service_with_its_schema_is_ready() {
    let house = empty(TestDb::sqlite().await, Mailbox::Closed);
    for path in ["/healthz", "/readyz"] {
        let reply = house.call("GET", path, "", None).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, r#"{"status":"ok"}"#), "{path}");
    }
}

#[tokio::test]
async fn a_service_without_its_schema_or_database_is_up_and_not_ready() {
    let house = empty(TestDb::bare_sqlite(&small()).await, Mailbox::Closed);
    let reply = house.call("GET", "/readyz", "", None).await;
    assert_eq!((reply.status, reply.json()["code"].as_str()), (503, Some("not_ready")));
    assert_eq!(reply.json()["detail"], "the database has no schema yet; run `quorate migrate`");
    assert_eq!(reply.json()["errors"][0]["code"], "schema");
    house.test.db.close().await;
    let reply = house.call("GET", "/readyz", "", None).await;
    assert_eq!(
        (reply.status, reply.json()["detail"].as_str()),
        (503, Some("the database does not answer; the log says why"))
    );
    assert_eq!(reply.json()["errors"][0]["code"], "database");
    assert_eq!(house.call("GET", "/healthz", "", None).await.status, 200);
}

#[tokio::test]
async fn a_service_whose_sweeps_are_stale_is_up_and_not_ready() {
    let house = empty(TestDb::sqlite().await, Mailbox::Closed);
    let (pulse, clock) = (&house.site.pulse, &house.site.app.clock);
    let started = clock.now();
    pulse.watch("deadlines", Duration::from_secs(5), Duration::ZERO, started);
    pulse.watch("prune", Duration::from_hours(1), Duration::ZERO, started);
    clock.advance(SignedDuration::from_millis(14_999));
    assert_eq!(house.call("GET", "/readyz", "", None).await.status, 200, "three intervals, to the microsecond");
    let reply = house.call("GET", "/readyz", "", None).await;
    assert_eq!((reply.status, reply.json()["code"].as_str()), (503, Some("not_ready")));
    let reason = json!({"code": "sweep_stale", "detail": format!("the sweep `deadlines` has not run since {started}")});
    assert_eq!(reply.json()["errors"], json!([reason]));
    assert_eq!(house.call("GET", "/healthz", "", None).await.status, 200);
    pulse.stopping();
    let reply = house.call("GET", "/readyz", "", None).await.json();
    assert_eq!(
        reply["errors"][1],
        json!({"code": "stopping", "detail": "the service is stopping; ask another replica"})
    );
    assert_eq!(house.call("GET", "/healthz", "", None).await.status, 200);
}
