//! (A) on SQLite: what a vote has to read and write, as plain statements in a loop over one bare connection that syncs
//! as the service does.

use std::time::Duration;

use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{
    numbers::{self, VOTERS},
    plain::BODY,
    stopwatch::Stopwatch,
};

/// Votes a second.
pub async fn bare_loop(url: &str, accounts: u64, length: Duration) -> f64 {
    let options = SqliteConnectOptions::new()
        .filename(url.trim_start_matches("sqlite:"))
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = options.connect().await.unwrap();
    let watch = Stopwatch::start();
    let (mut votes, mut chance) = (0_u64, 0x9e37_79b9_u64);
    while watch.passed() < length {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let voter = Voter { account: chance % accounts, number: chance / accounts % VOTERS + 1 };
        vote(&mut connection, &voter, if votes % 2 == 0 { "approve" } else { "reject" }).await.unwrap();
        votes += 1;
    }
    let rate = votes as f64 / watch.passed().as_secs_f64();
    connection.close().await.unwrap();
    rate
}

struct Voter {
    account: u64,
    number: u64,
}

async fn vote(connection: &mut SqliteConnection, voter: &Voter, choice: &str) -> Result<(), sqlx::Error> {
    let account = numbers::account(voter.account).uuid().as_bytes().to_vec();
    let case = numbers::open_case(voter.account).uuid().as_bytes().to_vec();
    let user = numbers::user(voter.account, voter.number).uuid().as_bytes().to_vec();
    let token = numbers::token_hash(voter.account, voter.number).as_bytes().to_vec();
    let now = quorate::clock::Clock::system().now().micros();
    sqlx::query("select s.id, s.user_id, s.created_at, s.expires_at, s.proven_at, s.proven_by, c.mail_since from sessions s left join credentials c on c.id = s.proven_by where s.token_hash = $1 and s.ended_at is null and s.expires_at > $2")
        .bind(token).bind(now).fetch_one(&mut *connection).await?;
    let mut tx = connection.begin_with("begin immediate").await?;
    let (head,): (i64,) = sqlx::query_as(
        "select head_seq, head_hash, name, preset, policy, status, created_at, version from accounts where id = $1",
    )
    .bind(&account)
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query("select opener, terms, terms_hash, state, since_at, until_at, due_at, ended_at, ended_by, rejection, pauses, extended, reminders, version from cases where id = $1")
        .bind(&case).fetch_one(&mut *tx).await?;
    sqlx::query("select e.user_id, e.lost_at, b.choice, b.way, b.terms_hash, b.cast_at from electors e left join ballots b on b.case_id = e.case_id and b.user_id = e.user_id where e.case_id = $1")
        .bind(&case).fetch_all(&mut *tx).await?;
    sqlx::query("select m.user_id, m.role, m.administrator, m.status, m.owner, u.name, u.email, u.confirmed_at from members m join users u on u.id = m.user_id where m.account_id = $1 and (m.owner or m.administrator)")
        .bind(&account).fetch_all(&mut *tx).await?;
    sqlx::query("insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live) values ($1, $2, $3, $4, 'signed_in', $5, $6, 1) on conflict (case_id, user_id) do update set choice = excluded.choice, way = excluded.way, terms_hash = excluded.terms_hash, cast_at = excluded.cast_at, live = excluded.live")
        .bind(&case).bind(&user).bind(&account).bind(choice).bind(vec![7; 32]).bind(now).execute(&mut *tx).await?;
    sqlx::query("insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash) values ($1, $2, $3, 'case.ballot_cast', $4, $5, $4, 0, $6, $7)")
        .bind(&account).bind(head + 1).bind(now).bind(&user).bind(&case).bind(BODY).bind(vec![7; 32]).execute(&mut *tx).await?;
    sqlx::query("update accounts set head_seq = $2, head_hash = $3 where id = $1")
        .bind(&account)
        .bind(head + 1)
        .bind(vec![7; 32])
        .execute(&mut *tx)
        .await?;
    sqlx::query("update cases set version = version + 1 where id = $1").bind(&case).execute(&mut *tx).await?;
    tx.commit().await
}
