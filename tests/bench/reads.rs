//! Authenticated reads: a case with its count and timeline, and an account with its key people.

use super::{
    args::Args,
    load::{self, Pace, Reads},
    numbers,
    report::{Report, Target},
    stage::Stage,
};

const CLIENTS: u64 = 16;

/// Runs this part.
pub async fn run(stage: &Stage<'_>, args: &Args, report: &mut Report) {
    let served = stage.place.serve(&[]).await;
    let case = |account| format!("/v1/cases/{}", numbers::open_case(account));
    let account = |account| format!("/v1/accounts/{}", numbers::account(account));
    let paths: [(&str, &dyn Fn(u64) -> String); 2] = [("GET /v1/cases/{c}", &case), ("GET /v1/accounts/{a}", &account)];
    for (name, path) in paths {
        // Each client has accounts of its own, spread over all.
        let scripts = (0..CLIENTS).map(|client| {
            let accounts =
                (0..stage.size.accounts / CLIENTS).map(|place| (place * 7919 * CLIENTS + client) % stage.size.accounts);
            Reads::new(accounts.map(|account| load::get(&path(account), Some(&numbers::token(account, 1)))).collect())
        });
        let scripts: Vec<Reads> = scripts.collect();
        let outcome = load::run(served.address, scripts, Pace::Flat, args.length()).await;
        let name = format!("{}, {CLIENTS} clients: {name}", stage.name);
        let target = |target| stage.server.map(|_| target);
        report.note(name.clone(), outcome.rate(), "calls/s", target(Target::AtLeast(10_000.0)));
        report.note(format!("{name}, p99"), outcome.times.percentile(99.0), "ms", target(Target::AtMost(5.0)));
    }
    served.stop();
}
