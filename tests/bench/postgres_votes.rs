//! Votes on PostgreSQL: `pgbench` with plain statements (A), the service, `pgbench` with our own statements (B), in turns,
//! because a machine is never quite the same for two minutes.

use std::{path::PathBuf, time::Duration};

use quorate::clock::Clock;

use super::{
    args::Args,
    harness::Server,
    load::{Outcome, Pace},
    own, pgbench,
    place::Place,
    plain,
    processor::Processor,
    report::{Report, Target, say},
    sampling,
    seed::{self, Size},
    stopwatch::median,
    votes::{self, Voted},
};

/// Turns for each number of clients.
const TURNS: usize = 3;
/// Clients at once.
pub const CLIENTS: [usize; 3] = [1, 8, 32];

/// Runs this part.
pub async fn run(server: &Server, args: &Args, report: &mut Report) {
    let size = seeded(args);
    let url = server.empty_database().await;
    let database = url.split(['/', '?']).nth(3).unwrap().to_owned();
    let place = Place::new(Some(url.clone()));
    seed::fill(&url, size, Clock::system().now()).await;
    let scripts = write_scripts(server, args, &place).await;
    vacuum(&url).await;
    let length = length(args);
    let served = place.serve(&[]).await;
    let bench = |script: &[usize], clients: usize| {
        let files: Vec<_> = script.iter().map(|at| scripts.files[*at].as_path()).collect();
        pgbench::run(server, &database, &files, clients, size.accounts, length)
    };
    let mut highest = 0.0;
    for clients in CLIENTS {
        let (mut a, mut s, mut b) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TURNS {
            a.push(bench(&[0, 1], clients).rate);
            let before = Processor::now(&served, Some(server));
            let voted = votes::vote(served.address, &url, clients, Pace::Flat, length).await;
            s.push((voted, Processor::now(&served, Some(server)).since(&before)));
            b.push(own_statements(&url, || bench(&[2, 3], clients)).await);
        }
        let service = tell(report, "PostgreSQL", clients, &s);
        let (a, b) = (median(&a), median(&b));
        report.add(format!("PostgreSQL, {clients} clients: pgbench, plain statements (A)"), a, "votes/s");
        report.add(format!("PostgreSQL, {clients} clients: pgbench, our own statements (B)"), b, "votes/s");
        if clients == 32 {
            report.against(
                format!("PostgreSQL, {clients} clients: service / A"),
                service / a,
                "",
                Target::AtLeast(1.3),
            );
            report.against(
                format!("PostgreSQL, {clients} clients: service / B"),
                service / b,
                "",
                Target::AtLeast(0.6),
            );
        } else {
            report.add(format!("PostgreSQL, {clients} clients: service / A"), service / a, "");
            report.add(format!("PostgreSQL, {clients} clients: service / B"), service / b, "");
        }
        highest = service;
    }
    let half = votes::vote(served.address, &url, 32, Pace::Rate(highest / 2.0), length).await;
    at_half(report, "PostgreSQL", &half.outcome);
    served.stop();
}

/// How much lies in the tables.
pub fn seeded(args: &Args) -> Size {
    Size { accounts: 512, ended_cases: if args.quick { 20 } else { 50 } }
}

/// How long each measurement takes.
pub fn length(args: &Args) -> Duration {
    Duration::from_secs(if args.quick { 2 } else { 6 })
}

struct Scripts {
    files: Vec<PathBuf>,
    _directory: tempfile::TempDir,
}

/// (A) approving and rejecting, then (B).
async fn write_scripts(server: &Server, args: &Args, place: &Place) -> Scripts {
    let (first, second) = sampling::two_votes(server, place).await;
    say(&format!("A vote sends {} statements to PostgreSQL.", first.statements.len()));
    let own = own::scripts(&place.database, &first, &second).await;
    let plain = ["approve", "reject"].map(|choice| plain::script().replace("CHOICE", choice));
    let directory = tempfile::tempdir().unwrap();
    let kept = args.scripts.clone().unwrap_or_else(|| directory.path().to_owned());
    let names = ["plain-approve.sql", "plain-reject.sql", "own-approve.sql", "own-reject.sql"];
    let files = names.iter().zip(plain.iter().chain(&own)).map(|(name, text)| {
        let file = kept.join(name);
        std::fs::write(&file, text).unwrap();
        file
    });
    Scripts { files: files.collect(), _directory: directory }
}

/// A turn of (B), and whether it wrote what it should.
async fn own_statements(url: &str, turn: impl FnOnce() -> pgbench::Ran) -> f64 {
    let before = votes::entries(url).await;
    let ran = turn();
    let wrote = votes::entries(url).await - before;
    if (wrote as f64) < ran.count * 0.99 {
        say(&format!("NOTE: (B) left {wrote} entries in {} transactions", ran.count));
    }
    ran.rate
}

async fn vacuum(url: &str) {
    let mut sink = super::rows::Sink::open(url).await;
    sink.script("vacuum analyze").await;
    sink.script("checkpoint").await;
    sink.close().await;
}

/// Reports what the service did in its turns; the median of the rates.
pub fn tell(report: &mut Report, database: &str, clients: usize, turns: &[(Voted, Processor)]) -> f64 {
    let of = |figure: &dyn Fn(&(Voted, Processor)) -> f64| median(&turns.iter().map(figure).collect::<Vec<_>>());
    let name = |what: &str| format!("{database}, {clients} clients: {what}");
    let rate = of(&|turn| turn.0.outcome.rate());
    report.add(name("votes through HTTP"), rate, "votes/s");
    report.add(name("p50"), of(&|turn| turn.0.outcome.times.percentile(50.0)), "ms");
    report.add(name("p99"), of(&|turn| turn.0.outcome.times.percentile(99.0)), "ms");
    for (voted, _) in turns {
        let good = i64::try_from(voted.outcome.times.count()).unwrap();
        if voted.recorded != good || voted.outcome.refused > 0 {
            let Voted { outcome, recorded } = voted;
            say(&format!("NOTE: {good} good answers, {} others, {recorded} entries", outcome.refused));
        }
    }
    let per_vote =
        |part: fn(&Processor) -> f64| of(&|turn| part(&turn.1) * 1e6 / (turn.0.outcome.times.count() as f64 * 1.2));
    say(&format!(
        "    processor time of a vote: service {:.0} µs, PostgreSQL {:.0} µs, client {:.0} µs",
        per_vote(|one| one.service),
        per_vote(|one| one.database),
        per_vote(|one| one.client),
    ));
    rate
}

/// Reports the latency at half the highest load.
pub fn at_half(report: &mut Report, database: &str, outcome: &Outcome) {
    report.add(format!("{database}: half of the highest load"), outcome.rate(), "votes/s");
    let p99 = outcome.times.percentile(99.0);
    report.against(format!("{database}: p99 of a vote at half of the highest load"), p99, "ms", Target::AtMost(25.0));
}
