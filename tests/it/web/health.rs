//! Whether the process is up, and whether it can do its work.

use quorate::web::site::Mailbox;

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
    house.test.db.close().await;
    let reply = house.call("GET", "/readyz", "", None).await;
    assert_eq!(
        (reply.status, reply.json()["detail"].as_str()),
        (503, Some("the database does not answer; the log says why"))
    );
    assert_eq!(house.call("GET", "/healthz", "", None).await.status, 200);
}
