//! Votes on PostgreSQL: `pgbench` with plain statements (A), the service, `pgbench` with our own statements (B), in turns,
//! because a machine is never quite the same for two minutes.

use std::path::{Path, PathBuf};

use super::{
    args::Args,
    harness::Server,
    load::Pace,
    own, pgbench,
    place::Place,
    plain,
    report::{Report, Target, say},
    restore::restore,
    sampling,
    stage::Stage,
    stopwatch::median,
    told::{at_half, memory_under_load, overhead, tell},
    votes,
};

/// Turns for each number of clients.
pub const TURNS: usize = 3;
/// Clients at once.
pub const CLIENTS: [usize; 3] = [1, 8, 32];

/// Runs this part.
pub async fn run(stage: &Stage<'_>, server: &Server, args: &Args, report: &mut Report) {
    let url = &stage.place.database;
    let database = url.split(['/', '?']).nth(3).unwrap().to_owned();
    let scripts = write_scripts(server, args, &stage.place).await;
    let length = args.length();
    let served = stage.place.serve(&[]).await;
    overhead(report, &served, length).await;
    let bench =
        |script: &Path, clients: usize| pgbench::run(server, &database, script, clients, stage.size.accounts, length);
    let mut highest = 0.0_f64;
    for clients in CLIENTS {
        let (mut a, mut s, mut b) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TURNS {
            restore(url).await;
            a.push(bench(&scripts.plain, clients).rate);
            s.push(votes::vote(stage, &served, clients, Pace::Flat, length).await);
            b.push(own_statements(url, || bench(&scripts.own, clients)).await);
        }
        let service = tell(report, stage.name, clients, &s);
        let name = |what: &str| format!("PostgreSQL, {clients} clients: {what}");
        let (a, b) = (median(&a), median(&b));
        report.add(name("pgbench, plain statements (A)"), a, "votes/s");
        report.add(name("pgbench, our own statements (B)"), b, "votes/s");
        let target = |least: f64| (clients == 32).then_some(Target::AtLeast(least));
        report.note(name("service / A"), service / a, "", target(1.3));
        report.note(name("service / B"), service / b, "", target(0.6));
        highest = highest.max(service);
    }
    at_half(report, stage, &served, highest, length).await;
    memory_under_load(report, stage, &served);
    served.stop();
}

struct Scripts {
    /// (A).
    plain: PathBuf,
    /// (B).
    own: PathBuf,
    _directory: tempfile::TempDir,
}

async fn write_scripts(server: &Server, args: &Args, place: &Place) -> Scripts {
    let (first, second) = sampling::two_votes(server, place).await;
    say(&format!("A vote sends {} statements to PostgreSQL.", first.statements.len()));
    let own = own::script(&place.database, &first, &second).await;
    let directory = tempfile::tempdir().unwrap();
    let kept = args.scripts.clone().unwrap_or_else(|| directory.path().to_owned());
    std::fs::create_dir_all(&kept).unwrap();
    let (plain_file, own_file) = (kept.join("plain.sql"), kept.join("own.sql"));
    std::fs::write(&plain_file, plain::script()).unwrap();
    std::fs::write(&own_file, own).unwrap();
    Scripts { plain: plain_file, own: own_file, _directory: directory }
}

/// A turn of (B), and whether it wrote what it should.
async fn own_statements(url: &str, turn: impl FnOnce() -> pgbench::Ran) -> f64 {
    restore(url).await;
    let before = votes::entries(url).await;
    let ran = turn();
    let wrote = votes::entries(url).await - before;
    if (wrote as f64) < ran.count * 0.99 {
        say(&format!("NOTE: (B) left {wrote} entries in {} transactions", ran.count));
    }
    ran.rate
}
