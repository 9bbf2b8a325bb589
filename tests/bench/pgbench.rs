//! Runs PostgreSQL's own `pgbench` with prepared statements.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{harness::Server, numbers::VOTERS};

/// What it reported.
#[derive(Clone, Copy)]
pub struct Ran {
    /// Transactions a second.
    pub rate: f64,
    /// All of them.
    pub count: f64,
}

/// The scripts begin with this: a client of its own works on accounts of its own, so that none waits for another, and
/// on one of the voters there.
pub fn choose() -> String {
    format!(
        "\\set place random(0, :places - 1)\n\\set account :client_id + :clients * :place\n\\set k random(1, {VOTERS})\n\\set voter :account * 10 + :k\n"
    )
}

/// Runs scripts, all as often as each other, with so many clients for so long.
pub fn run(server: &Server, database: &str, scripts: &[&Path], clients: usize, accounts: u64, length: Duration) -> Ran {
    let mut command = Command::new(server.binaries.join("pgbench"));
    command.arg("--host").arg(&server.directory).args(["--username=quorate", "--no-vacuum", "--protocol=prepared"]);
    let threads = clients.min(2);
    command.args([
        format!("--client={clients}"),
        format!("--jobs={threads}"),
        format!("--time={}", length.as_secs().max(1)),
    ]);
    command.args(["-D".to_owned(), format!("clients={clients}")]);
    command.args(["-D".to_owned(), format!("places={}", accounts / clients as u64)]);
    for script in scripts {
        command.arg("--file").arg(script);
    }
    let output = command.arg(database).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "pgbench: {complaints}");
    assert!(!complaints.contains("ERROR"), "pgbench: {complaints}");
    let figure = |name: &str| -> f64 {
        let line = said.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().split('/').next().unwrap().parse().unwrap()
    };
    Ran { rate: figure("tps = "), count: figure("number of transactions actually processed: ") }
}
