//! What votes came to, as figures: the same on both databases.

use std::time::Duration;

use super::{
    load::{self, Pace, Reads},
    place::Served,
    report::{Report, Target, say},
    stage::Stage,
    stopwatch::median,
    votes::{self, Voted},
};

/// What the client itself costs: a call that does next to nothing.
pub async fn overhead(report: &mut Report, served: &Served, length: Duration) {
    for clients in [1, 32] {
        let scripts = (0..clients).map(|_| Reads::new(vec![load::get("/healthz", None)])).collect();
        let outcome = load::run(served.address, scripts, Pace::Flat, length.mul_f64(0.5)).await;
        report.add(format!("{clients} clients: GET /healthz, which asks no database"), outcome.rate(), "calls/s");
    }
}

/// Reports what the service did in its turns; the median of the rates.
pub fn tell(report: &mut Report, database: &str, clients: usize, turns: &[Voted]) -> f64 {
    let of = |figure: &dyn Fn(&Voted) -> f64| median(&turns.iter().map(figure).collect::<Vec<_>>());
    let name = |what: &str| format!("{database}, {clients} clients: {what}");
    let rate = of(&|turn| turn.outcome.rate());
    report.add(name("votes through HTTP"), rate, "votes/s");
    report.add(name("p50"), of(&|turn| turn.outcome.times.percentile(50.0)), "ms");
    report.add(name("p99"), of(&|turn| turn.outcome.times.percentile(99.0)), "ms");
    for Voted { outcome, recorded, .. } in turns {
        let good = i64::try_from(outcome.times.count()).unwrap();
        if *recorded != good || outcome.refused > 0 {
            say(&format!("NOTE: {good} good answers, {} others, {recorded} entries", outcome.refused));
        }
    }
    let each = |seconds: &dyn Fn(&Voted) -> f64| of(&|turn| seconds(turn) * 1e6 / turn.outcome.times.count() as f64);
    report.add(name("processor time of a vote, service"), each(&|turn| turn.processor.service), "µs");
    report.add(name("processor time of a vote, PostgreSQL"), each(&|turn| turn.processor.database), "µs");
    report.add(name("processor time of a vote, client"), each(&|turn| turn.processor.client), "µs");
    rate
}

/// Votes at half of the highest load, evenly spaced; whoever has to wait for a free connection waits in the figure too.
pub async fn at_half(report: &mut Report, stage: &Stage<'_>, served: &Served, highest: f64, length: Duration) {
    let Voted { outcome, .. } = votes::vote(stage, served, 32, Pace::Rate(highest / 2.0), length).await;
    report.add(format!("{}: votes at half of the highest load", stage.name), outcome.rate(), "votes/s");
    let p99 = outcome.times.percentile(99.0);
    report.against(format!("{}: their p99", stage.name), p99, "ms", Target::AtMost(25.0));
}

/// What the process holds after all that.
pub fn memory_under_load(report: &mut Report, stage: &Stage<'_>, served: &Served) {
    let mebibytes = served.memory() / 1024.0;
    report.against(format!("{}: memory at the end of the load", stage.name), mebibytes, "MiB", Target::AtMost(64.0));
}
