//! Runs what was asked for, and prints the table.

use serde_json::json;

use super::{
    args::{Args, PARTS},
    harness, postgres_votes,
    report::{Report, say},
    sqlite_votes, statements,
};

/// The whole run.
pub fn run() {
    let Some(args) = Args::read() else {
        say("cargo bench --bench bench -- [--quick] [--only PART]… [--json FILE] [--scripts DIRECTORY]");
        say(&format!("Parts: {}", PARTS.join(", ")));
        return;
    };
    // Two threads at most: the load shares the processors with the service.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut report = Report::default();
    runtime.block_on(parts(&args, &mut report));
    say("\nAll figures:\n");
    say(&report.table());
    if let Some(file) = &args.json {
        report.write_json(file, &json!({ "load": load() }));
    }
}

async fn parts(args: &Args, report: &mut Report) {
    say(&format!("Load of the machine before: {}", load()));
    if args.wants("postgres-votes") {
        match harness::start(statements::PREFIX) {
            Some(server) => postgres_votes::run(&server, args, report).await,
            None => say("PostgreSQL is not installed: left out"),
        }
    }
    if args.wants("sqlite-votes") {
        sqlite_votes::run(args, report).await;
    }
    say(&format!("Load of the machine after: {}", load()));
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}
