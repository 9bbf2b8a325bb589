//! Runs what was asked for, and prints the table.

use serde_json::json;

use super::{
    access,
    args::{Args, PARTS},
    audit, growth,
    harness::{self, Server},
    long_log, postgres_votes, process, reads,
    report::{Report, say},
    restore::restore,
    sqlite_votes,
    stage::Stage,
    statements, sweep,
};

/// The whole run.
pub fn run() {
    let Some(args) = Args::read() else {
        say("cargo bench --bench bench -- [--quick | --full] [--only PART]… [--json FILE] [--scripts DIRECTORY]");
        say(&format!("Parts: {}", PARTS.join(", ")));
        return;
    };
    // One thread for the load, and this one: it shares the processors with the service.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut report = Report::default();
    let before = load();
    runtime.block_on(parts(&args, &mut report));
    say("\nAll figures:\n");
    say(&report.table());
    let after = load();
    say(&format!("Load of the machine before: {before}; after: {after}"));
    if let Some(file) = &args.json {
        report.write_json(file, &json!({ "load_before": before, "load_after": after }));
    }
}

async fn parts(args: &Args, report: &mut Report) {
    if PARTS.iter().any(|part| part.starts_with("postgres") && args.wants(part)) {
        match harness::start(statements::PREFIX) {
            Some(server) => on_postgres(&server, args, report).await,
            None => say("PostgreSQL is not installed: left out"),
        }
    }
    on_sqlite(args, report).await;
}

async fn on_postgres(server: &Server, args: &Args, report: &mut Report) {
    if ["postgres-votes", "postgres-reads", "postgres-access", "postgres-audit"].iter().any(|part| args.wants(part)) {
        let stage = Stage::set(Some(server), Stage::usual(args)).await;
        if args.wants("postgres-votes") {
            postgres_votes::run(&stage, server, args, report).await;
        }
        if args.wants("postgres-reads") {
            reads::run(&stage, args, report).await;
        }
        if args.wants("postgres-access") {
            access::run(&stage, args, report).await;
        }
        if args.wants("postgres-audit") {
            // What (A) and (B) wrote has no hashes that fit.
            restore(&stage.place.database).await;
            audit::run(&stage, report).await;
        }
    }
    if args.wants("postgres-sweep") {
        sweep::run(Some(server), args, report).await;
    }
    if args.wants("postgres-growth") {
        growth::run(Some(server), args, report).await;
    }
    if args.wants("postgres-log") {
        long_log::run(Some(server), args, report).await;
    }
}

async fn on_sqlite(args: &Args, report: &mut Report) {
    if ["sqlite-votes", "sqlite-reads", "sqlite-access", "sqlite-audit", "process"].iter().any(|part| args.wants(part))
    {
        let stage = Stage::set(None, Stage::usual(args)).await;
        if args.wants("sqlite-votes") {
            sqlite_votes::run(&stage, args, report).await;
        }
        if args.wants("sqlite-reads") {
            reads::run(&stage, args, report).await;
        }
        if args.wants("sqlite-access") {
            access::run(&stage, args, report).await;
        }
        if args.wants("sqlite-audit") {
            // What (A) and (B) wrote has no hashes that fit.
            restore(&stage.place.database).await;
            audit::run(&stage, report).await;
        }
        if args.wants("process") {
            process::run(&stage, report).await;
        }
    }
    if args.wants("sqlite-sweep") {
        sweep::run(None, args, report).await;
    }
    if args.wants("sqlite-growth") {
        growth::run(None, args, report).await;
    }
    if args.wants("sqlite-log") {
        long_log::run(None, args, report).await;
    }
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}
