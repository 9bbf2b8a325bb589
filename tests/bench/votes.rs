//! Votes through HTTP, beside the same work without the service.

use std::{net::SocketAddr, time::Duration};

use super::{
    load::{self, Outcome, Pace, Script},
    numbers::{self, VOTERS},
    rows::Sink,
};

/// The voters of one client. Each of them changes their choice with every ballot.
pub struct Voters {
    ballots: Vec<Ballots>,
    chance: u64,
}

/// The ballots of one voter.
pub struct Ballots {
    requests: [Vec<u8>; 2],
    next: usize,
}

impl Script for Ballots {
    fn next(&mut self) -> &[u8] {
        self.next ^= 1;
        &self.requests[self.next ^ 1]
    }
}

impl Voters {
    /// One voter, where one client has all of them.
    pub fn of(&mut self, account: u64, voter: u64) -> &mut Ballots {
        &mut self.ballots[usize::try_from(account * VOTERS + voter - 1).unwrap()]
    }
}

impl Script for Voters {
    fn next(&mut self) -> &[u8] {
        // Xorshift: good enough to spread the load, and costs nothing.
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        let place = usize::try_from(self.chance % self.ballots.len() as u64).unwrap();
        self.ballots[place].next()
    }
}

/// The voters of all accounts, dealt out to so many clients. They begin by approving; see [`reset`].
pub async fn voters(url: &str, clients: usize) -> Vec<Voters> {
    let mut sink = Sink::open(url).await;
    let hashes = sink.bytes("select terms_hash from cases where state = 'collecting' order by account_id").await;
    sink.close().await;
    let mut dealt: Vec<Voters> =
        (1..=clients as u64).map(|chance| Voters { ballots: Vec::new(), chance: chance * 0x9e37_79b9 }).collect();
    let all = (0..).zip(&hashes).flat_map(|(account, hash)| (1..=VOTERS).map(move |voter| (account, voter, hash)));
    for (place, (account, voter, hash)) in all.enumerate() {
        let hash = data_encoding::HEXLOWER.encode(hash);
        let path = format!("/v1/cases/{}/ballot", numbers::open_case(account));
        let request = |choice| {
            let body = format!(r#"{{"choice":"{choice}","terms_hash":"{hash}"}}"#);
            load::put(&path, &numbers::token(account, voter), &body)
        };
        let requests = [request("approve"), request("reject")];
        dealt[place % clients].ballots.push(Ballots { requests, next: 0 });
    }
    dealt
}

/// Has every voter of an open case reject, on the terms in force, so that the first ballot of each is a change.
pub async fn reset(url: &str) {
    let mut sink = Sink::open(url).await;
    sink.script(
        "update ballots set choice = 'reject',
             terms_hash = (select terms_hash from cases where cases.id = ballots.case_id) where live",
    )
    .await;
    sink.close().await;
}

/// Entries in all logs, according to their ends.
pub async fn entries(url: &str) -> i64 {
    let mut sink = Sink::open(url).await;
    let entries = sink.number("select cast(sum(head_seq) as bigint) from accounts").await;
    sink.close().await;
    entries
}

/// What the service did, and how many of the good answers left an entry.
pub struct Voted {
    pub outcome: Outcome,
    pub recorded: i64,
}

/// Has so many clients vote for so long, after a moment to warm up.
pub async fn vote(address: SocketAddr, url: &str, clients: usize, pace: Pace, length: Duration) -> Voted {
    reset(url).await;
    let mut scripts = voters(url, clients).await;
    // The warm-up has voters of its own, so that the others still change their choice.
    let warm: Vec<Voters> = scripts.iter_mut().map(spare).collect();
    load::run(address, warm, Pace::Flat, length.mul_f64(0.2)).await;
    let before = entries(url).await;
    let outcome = load::run(address, scripts, pace, length).await;
    Voted { outcome, recorded: entries(url).await - before }
}

fn spare(voters: &mut Voters) -> Voters {
    let half = voters.ballots.len() / 4;
    Voters { ballots: voters.ballots.drain(..half).collect(), chance: voters.chance }
}
