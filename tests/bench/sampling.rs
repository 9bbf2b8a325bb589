//! Lets the service vote twice while the server writes down every statement.

use std::{path::PathBuf, time::Duration};

use super::{
    harness::Server,
    load::{self, Client, Script},
    numbers,
    own::Sample,
    place::Place,
    restore::restore,
    rows::Sink,
    statements::{self, Statement},
    votes,
};

/// Two votes, in two accounts whose numbers differ in everything.
pub async fn two_votes(server: &Server, place: &Place) -> (Sample, Sample) {
    let mut sink = Sink::open(&place.database).await;
    sink.script("alter role quorate set log_statement = 'all'").await;
    restore(&place.database).await;
    // Sweeps run when a request sets them going, and not in between.
    let served = place.serve(&[("QUORATE_JOBS_SWEEP_SECONDS", "3600")]).await;
    let mut client = Client::connect(served.address).await;
    let log = Log { path: server.directory.join("log") };
    let mut electors = votes::voters(&place.database, 0..2, 1).await.remove(0);
    // One account has seen more votes than the other.
    for (account, voter, times) in [(0, 1, 2), (1, 1, 5)] {
        let voter = electors.of(account, voter);
        for _ in 0..times {
            good(client.send(voter.next()).await);
        }
    }
    let quiet = log.settled().await;
    // A request that changes nothing and asks the database nothing.
    let refused = load::put("/v1/cases/nothing/ballot", "none", "{}");
    assert_ne!(client.send(&refused).await.0, 200);
    let quiet_now = log.settled().await;
    let others = log.since(quiet);
    let mut at = quiet_now;
    let mut samples = Vec::new();
    for (account, voter) in [(0, 2), (1, 1)] {
        let before = Before::of(&mut sink, account).await;
        good(client.send(electors.of(account, voter).next()).await);
        let now = log.settled().await;
        let statements = statements::without(&log.since(at), &others);
        at = now;
        samples.push(before.sample(statements, account, voter));
    }
    sink.script("alter role quorate reset log_statement").await;
    sink.close().await;
    served.stop();
    let second = samples.remove(1);
    (samples.remove(0), second)
}

fn good((status, body): (u16, &[u8])) {
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(body));
}

struct Before {
    head_seq: i64,
    head_hash: String,
    version: i64,
}

impl Before {
    async fn of(sink: &mut Sink, account: u64) -> Self {
        let (id, case) = (numbers::account(account).uuid(), numbers::open_case(account).uuid());
        let hash = sink.bytes(&format!("select head_hash from accounts where id = '{id}'")).await.remove(0);
        Self {
            head_seq: sink.number(&format!("select head_seq from accounts where id = '{id}'")).await,
            head_hash: format!("\\x{}", data_encoding::HEXLOWER.encode(&hash)),
            version: sink.number(&format!("select version from cases where id = '{case}'")).await,
        }
    }

    fn sample(self, statements: Vec<Statement>, account: u64, voter: u64) -> Sample {
        let Self { head_seq, head_hash, version } = self;
        Sample { statements, account, voter, head_seq, head_hash, version }
    }
}

struct Log {
    path: PathBuf,
}

impl Log {
    fn length(&self) -> u64 {
        std::fs::metadata(&self.path).unwrap().len()
    }

    /// Waits until nothing more is written, and says how long the log is then.
    async fn settled(&self) -> u64 {
        let mut length = self.length();
        loop {
            tokio::time::sleep(Duration::from_millis(400)).await;
            let now = self.length();
            if now == length {
                return now;
            }
            length = now;
        }
    }

    fn since(&self, from: u64) -> Vec<Statement> {
        let log = std::fs::read(&self.path).unwrap();
        statements::read(&String::from_utf8_lossy(&log[usize::try_from(from).unwrap()..]))
    }
}
