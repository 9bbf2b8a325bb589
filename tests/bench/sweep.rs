//! Sweeps: many cases that are due at once, while people go on voting in other accounts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use quorate::{
    clock::Clock,
    store::{db::Db, docket, open::Options},
};

use super::{
    args::Args,
    harness::Server,
    load::{self, Pace, Until},
    report::{Report, Target},
    rows::Sink,
    seed::Size,
    stage::Stage,
    stopwatch::Stopwatch,
    votes,
};

/// Votes a second in the meantime.
const TRICKLE: f64 = 50.0;
/// Accounts in which they happen.
const VOTING: u64 = 64;

/// Runs this part: the voting window of so many cases has passed, and the service is started.
pub async fn run(server: Option<&Server>, args: &Args, report: &mut Report) {
    let due = match (server, args.quick) {
        (Some(_), false) => 100_000,
        (Some(_), true) | (None, false) => 10_000,
        (None, true) => 2_000,
    };
    let size = Size { accounts: due + VOTING, due, administrators: 3, ended_cases: 0 };
    let stage = Stage::set(server, size).await;
    let url = &stage.place.database;
    let mut sink = Sink::open(url).await;
    let mails = "select count(*) from mails";
    let mails_before = sink.number(mails).await;
    let watch = Stopwatch::start();
    let served = stage.place.serve(&[]).await;
    let db = Db::open(url, &Options::default()).await.unwrap();
    let voters = votes::voters(url, due..due + VOTING, 4).await;
    let over = Arc::new(AtomicBool::new(false));
    let trickle = load::run_until(served.address, voters, Pace::Rate(TRICKLE), Until::Told(Arc::clone(&over)));
    let trickle = tokio::spawn(trickle);
    let seconds = loop {
        let now = Clock::system().now();
        if docket::due(&mut db.read().await.unwrap(), now, 1).await.unwrap().is_empty() {
            break watch.passed().as_secs_f64();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    over.store(true, Ordering::Relaxed);
    let votes = trickle.await.unwrap().times;
    let name = |what: &str| format!("{}: sweep of {due} due cases: {what}", stage.name);
    let target = server.map(|_| Target::AtLeast(10_000.0));
    report.note(name("with entries and mails"), due as f64 / seconds, "cases/s", target);
    let queued = (sink.number(mails).await - mails_before) as f64;
    report.add(name("mails queued"), queued, "mails");
    report.against(name("longest vote meanwhile"), votes.longest(), "ms", Target::AtMost(100.0));
    db.close().await;
    sink.close().await;
    served.stop();
}
