//! Puts the tables back to where they were after seeding, so that every turn finds the same: otherwise the timelines of the
//! open cases would grow with every vote, and the last turn would measure other answers than the first.

use super::rows::Sink;

/// Tables of the sealed log. What was sealed since is taken away with the entries.
const SEALED: [&str; 5] = ["log_unsealed", "log_leaves", "log_tiles", "log_checkpoints", "log_head"];

/// Notes where every log ends, and what is sealed.
pub async fn remember(url: &str) {
    let mut sink = Sink::open(url).await;
    sink.script("create table bench_heads as select id, head_seq, head_hash from accounts").await;
    sink.script("create unique index bench_heads_id on bench_heads (id)").await;
    for table in SEALED.into_iter().filter(|table| *table != "log_leaves") {
        sink.script(&format!("create table bench_{table} as select * from {table}")).await;
    }
    sink.close().await;
}

/// Takes away the entries since then, around the guards of the tables, and has every voter of an open case reject, so that
/// the first ballot of each is a change.
pub async fn restore(url: &str) {
    let mut sink = Sink::open(url).await;
    let cut = cut();
    match &sink {
        Sink::Postgres(_) => {
            // Whoever seals locks the head first, then entries.
            let lock = "select 1 from log_head for update";
            sink.script(&format!("set session_replication_role = replica; {lock}; {cut}")).await;
            sink.script("set session_replication_role = origin").await;
        }
        Sink::Sqlite(_) => {
            let guards =
                "from sqlite_master where type = 'trigger' and (name = 'activity_delete' or tbl_name like 'log_%')";
            let make = sink.text(&format!("select group_concat(sql, ';') {guards}")).await;
            let drop = sink.text(&format!("select group_concat('drop trigger ' || name, ';') {guards}")).await;
            sink.script(&format!("begin immediate; {drop}; {cut}; {make}; commit")).await;
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

fn cut() -> String {
    let mut cut = "
        delete from log_leaves where leaf >= (select size from bench_log_head);
        delete from activity where exists (
            select 1 from bench_heads h where h.id = activity.account_id and activity.seq > h.head_seq);
        update accounts set
            head_hash = (select h.head_hash from bench_heads h where h.id = accounts.id),
            head_seq = (select h.head_seq from bench_heads h where h.id = accounts.id)
        where head_seq > (select h.head_seq from bench_heads h where h.id = accounts.id)"
        .to_owned();
    for table in SEALED.into_iter().filter(|table| *table != "log_leaves") {
        cut.push_str(&format!("; delete from {table}; insert into {table} select * from bench_{table}"));
    }
    cut
}
