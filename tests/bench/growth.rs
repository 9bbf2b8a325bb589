//! What a large installation costs a small account: the same calls beside a thousand accounts and beside very many, and
//! the look of the sweep when nothing is due among a million open cases.

use quorate::jobs::deadlines::{Round, batch};
use tokio_util::sync::CancellationToken;

use super::{
    args::Args,
    ballast::{self, Ballast},
    harness::Server,
    load::{self, Client},
    numbers,
    report::{Report, Target, say},
    seed::Size,
    stage::Stage,
    stopwatch::{Stopwatch, Times},
};

/// Accounts that are asked for, in both.
const SMALL: u64 = 1000;
/// Calls of each kind.
const CALLS: u64 = 600;

/// Runs this part.
pub async fn run(server: Option<&Server>, args: &Args, report: &mut Report) {
    let size = Size { accounts: SMALL, due: 0, ended_cases: 2 };
    let small = Stage::set(server, size).await;
    let large = Stage::set(server, size).await;
    let accounts = match (args.full, args.quick) {
        (true, _) => 1_000_000,
        (false, true) => 20_000,
        (false, false) => 100_000,
    };
    let cases = if args.quick { 100_000 } else { 1_000_000_u64.saturating_sub(accounts) };
    let watch = Stopwatch::start();
    ballast::add(&large.place.database, Ballast { accounts, cases }).await;
    say(&format!(
        "Ballast of {accounts} accounts and {} open cases in {:.0} s.",
        accounts + cases,
        watch.passed().as_secs_f64()
    ));
    empty_sweep(report, &large, accounts + cases).await;
    calls(report, &small, &large, accounts).await;
}

async fn calls(report: &mut Report, small: &Stage<'_>, large: &Stage<'_>, accounts: u64) {
    let account = |number| numbers::account(number).to_string();
    let paths: [(&str, &dyn Fn(u64) -> String); 4] = [
        ("GET /v1/cases/{c}", &|number| format!("/v1/cases/{}", numbers::open_case(number))),
        ("GET /v1/accounts/{a}", &|number| format!("/v1/accounts/{}", account(number))),
        ("GET /v1/accounts/{a}/members", &|number| format!("/v1/accounts/{}/members", account(number))),
        ("GET /v1/accounts/{a}/activity", &|number| format!("/v1/accounts/{}/activity", account(number))),
    ];
    let (few, many) = (small.place.serve(&[]).await, large.place.serve(&[]).await);
    let (mut one, mut other) = (Client::connect(few.address).await, Client::connect(many.address).await);
    for (name, path) in paths {
        let (mut in_few, mut in_many) = (Times::default(), Times::default());
        // In turns, so that whatever disturbs the machine disturbs both.
        for call in 0..CALLS {
            let number = call * 613 % SMALL;
            let request = load::get(&path(number), Some(&numbers::token(number, 1)));
            for (client, times) in [(&mut one, &mut in_few), (&mut other, &mut in_many)] {
                let watch = Stopwatch::start();
                let (status, body) = client.send(&request).await;
                assert_eq!(status, 200, "{}", String::from_utf8_lossy(body));
                times.add(watch.passed());
            }
        }
        let name = format!("{}: {name} with {accounts} accounts / with {SMALL}", small.name);
        let ratio = in_many.percentile(50.0) / in_few.percentile(50.0);
        report.against(name, ratio, "", Target::AtMost(1.2));
    }
    few.stop();
    many.stop();
}

async fn empty_sweep(report: &mut Report, stage: &Stage<'_>, cases: u64) {
    let app = stage.place.app().await;
    let (mut times, mut round) = (Times::default(), Round::default());
    for _ in 0..200 {
        let watch = Stopwatch::start();
        let (swept, _) = batch(&app, &mut round, &CancellationToken::new()).await.unwrap();
        times.add(watch.passed());
        assert_eq!(swept.looked_at, 0);
    }
    app.db.close().await;
    let name = format!("{}: a sweep with nothing due among {cases} open cases", stage.name);
    report.against(name, times.percentile(50.0), "ms", Target::AtMost(2.0));
}
