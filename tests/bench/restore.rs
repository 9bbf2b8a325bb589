//! Puts the tables back to where they were after seeding, so that every turn finds the same: otherwise the timelines of the
//! open cases would grow with every vote, and the last turn would measure other answers than the first.

use super::rows::Sink;

/// Notes where every log ends.
pub async fn remember(url: &str) {
    let mut sink = Sink::open(url).await;
    sink.script("create table bench_heads as select id, head_seq, head_hash from accounts").await;
    sink.script("create unique index bench_heads_id on bench_heads (id)").await;
    sink.close().await;
}

/// Takes away the entries since then, around the guard of the table, and has every voter of an open case reject, so that
/// the first ballot of each is a change.
pub async fn restore(url: &str) {
    let mut sink = Sink::open(url).await;
    match &sink {
        Sink::Postgres(_) => {
            sink.script(&format!("set session_replication_role = replica; {CUT}")).await;
            sink.script("set session_replication_role = origin").await;
        }
        Sink::Sqlite(_) => {
            let guard = sink.text("select sql from sqlite_master where name = 'activity_delete'").await;
            sink.script(&format!("begin immediate; drop trigger activity_delete; {CUT}; {guard}; commit")).await;
        }
    }
    sink.script(
        "update ballots set choice = 'reject',
             terms_hash = (select terms_hash from cases where cases.id = ballots.case_id) where live",
    )
    .await;
    match &sink {
        Sink::Postgres(_) => {
            sink.script("vacuum analyze activity").await;
            sink.script("vacuum analyze accounts").await;
            sink.script("vacuum analyze cases").await;
            sink.script("vacuum analyze ballots").await;
        }
        Sink::Sqlite(_) => sink.script("analyze").await,
    }
    sink.close().await;
}

const CUT: &str = "delete from activity where exists (
        select 1 from bench_heads h where h.id = activity.account_id and activity.seq > h.head_seq);
    update accounts set
        head_hash = (select h.head_hash from bench_heads h where h.id = accounts.id),
        head_seq = (select h.head_seq from bench_heads h where h.id = accounts.id)
    where head_seq > (select h.head_seq from bench_heads h where h.id = accounts.id)";
