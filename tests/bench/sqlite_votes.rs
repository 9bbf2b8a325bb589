//! Votes on the embedded database: the same work as plain statements in a bare loop, and the service, in turns.

use super::{
    args::Args,
    bare::bare_loop,
    load::Pace,
    postgres_votes::{CLIENTS, TURNS},
    report::{Report, Target},
    restore::restore,
    stage::Stage,
    stopwatch::median,
    told::{at_half, memory_under_load, overhead, tell},
    votes,
};

/// Runs this part.
pub async fn run(stage: &Stage<'_>, args: &Args, report: &mut Report) {
    let (url, length) = (&stage.place.database, args.length());
    let served = stage.place.serve(&[]).await;
    overhead(report, &served, length).await;
    let mut highest = 0.0_f64;
    for clients in CLIENTS {
        let (mut a, mut s) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            restore(url).await;
            a.push(bare_loop(url, stage.size.accounts, length).await);
            s.push(votes::vote(stage, &served, clients, Pace::Flat, length).await);
        }
        let service = tell(report, stage.name, clients, &s);
        let a = median(&a);
        report.add(format!("SQLite, beside {clients} clients: bare loop, plain statements (A)"), a, "votes/s");
        let target = (clients == 32).then_some(Target::AtLeast(1.5));
        report.note(format!("SQLite, {clients} clients: service / A"), service / a, "", target);
        highest = highest.max(service);
    }
    at_half(report, stage, &served, highest, length).await;
    memory_under_load(report, stage, &served);
    served.stop();
}
