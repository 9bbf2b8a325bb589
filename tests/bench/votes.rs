//! Votes through HTTP, beside the same work without the service.

use std::{ops::Range, time::Duration};

use quorate::clock::Clock;

use super::{
    load::{self, Outcome, Pace, Script},
    numbers::{self, VOTERS},
    place::Served,
    processor::Processor,
    restore::restore,
    rows::Sink,
    stage::Stage,
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

/// The voters of these accounts, dealt out to so many clients. They begin by approving; see [`restore`]. They have just
/// proved that it is them, which is good for five minutes.
pub async fn voters(url: &str, accounts: Range<u64>, clients: usize) -> Vec<Voters> {
    let mut sink = Sink::open(url).await;
    prove(&mut sink, &accounts).await;
    let [from, to] = [accounts.start, accounts.end].map(|account| sink.literal(numbers::open_case(account).uuid()));
    let hashes =
        sink.bytes(&format!("select terms_hash from cases where id >= {from} and id < {to} order by id")).await;
    sink.close().await;
    let mut dealt: Vec<Voters> =
        (1..=clients as u64).map(|chance| Voters { ballots: Vec::new(), chance: chance * 0x9e37_79b9 }).collect();
    let all = accounts.zip(&hashes).flat_map(|(account, hash)| (1..=VOTERS).map(move |voter| (account, voter, hash)));
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

/// What each of them did with their password.
async fn prove(sink: &mut Sink, accounts: &Range<u64>) {
    let [from, to] = [accounts.start, accounts.end].map(|account| sink.literal(numbers::user(account, 0).uuid()));
    let now = sink.moment(Clock::system().now());
    sink.script(&format!("update sessions set proven_at = {now} where user_id >= {from} and user_id < {to}")).await;
    if let Sink::Postgres(_) = sink {
        sink.script("vacuum analyze sessions").await;
    }
}

/// Entries in all logs, according to their ends.
pub async fn entries(url: &str) -> i64 {
    let mut sink = Sink::open(url).await;
    let entries = sink.number("select cast(sum(head_seq) as bigint) from accounts").await;
    sink.close().await;
    entries
}

/// What the service did, how many of the good answers left an entry, and what it cost.
pub struct Voted {
    pub outcome: Outcome,
    pub recorded: i64,
    pub processor: Processor,
}

/// Has so many clients vote for so long, after a moment to warm up.
pub async fn vote(stage: &Stage<'_>, served: &Served, clients: usize, pace: Pace, length: Duration) -> Voted {
    let url = &stage.place.database;
    restore(url).await;
    let mut scripts = voters(url, 0..stage.size.accounts, clients).await;
    // The warm-up has voters of its own, so that the others still change their choice.
    let warm: Vec<Voters> = scripts.iter_mut().map(spare).collect();
    load::run(served.address, warm, Pace::Flat, length.mul_f64(0.2)).await;
    let entries_before = entries(url).await;
    let before = Processor::now(served, stage.server);
    let outcome = load::run(served.address, scripts, pace, length).await;
    let processor = Processor::now(served, stage.server).since(&before);
    Voted { outcome, recorded: entries(url).await - entries_before, processor }
}

fn spare(voters: &mut Voters) -> Voters {
    let quarter = voters.ballots.len() / 4;
    Voters { ballots: voters.ballots.drain(..quarter).collect(), chance: voters.chance }
}
