//! Votes on the embedded database: the same work as plain statements in a bare loop, and the service, in turns.

use quorate::clock::Clock;

use super::{
    args::Args,
    bare::bare_loop,
    load::Pace,
    place::Place,
    postgres_votes::{CLIENTS, at_half, length, seeded, tell},
    processor::Processor,
    report::{Report, Target},
    seed,
    stopwatch::median,
    votes,
};

const TURNS: usize = 3;

/// Runs this part.
pub async fn run(args: &Args, report: &mut Report) {
    let (size, length) = (seeded(args), length(args));
    let place = Place::new(None);
    let url = place.database.clone();
    seed::fill(&url, size, Clock::system().now()).await;
    let served = place.serve(&[]).await;
    let mut highest = 0.0_f64;
    for clients in CLIENTS {
        let (mut a, mut s) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            a.push(bare_loop(&url, size.accounts, length).await);
            let before = Processor::now(&served, None);
            let voted = votes::vote(served.address, &url, clients, Pace::Flat, length).await;
            s.push((voted, Processor::now(&served, None).since(&before)));
        }
        let service = tell(report, "SQLite", clients, &s);
        let a = median(&a);
        report.add(format!("SQLite, beside {clients} clients: bare loop, plain statements (A)"), a, "votes/s");
        if clients == 32 {
            report.against(format!("SQLite, {clients} clients: service / A"), service / a, "", Target::AtLeast(1.5));
        } else {
            report.add(format!("SQLite, {clients} clients: service / A"), service / a, "");
        }
        highest = highest.max(service);
    }
    let half = votes::vote(served.address, &url, 32, Pace::Rate(highest / 2.0), length).await;
    at_half(report, "SQLite", &half.outcome);
    served.stop();
}
