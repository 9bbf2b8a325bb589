//! Runs PostgreSQL's own `pgbench` with prepared statements.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    harness::{Server, find_binaries},
    numbers::VOTERS,
};

/// What it reported.
#[derive(Clone, Copy)]
pub struct Ran {
    /// Transactions a second, once its connections were warm.
    pub rate: f64,
    /// All of them.
    pub count: f64,
}

/// The scripts begin with this: a client of its own works on accounts of its own, so that none waits for another, and
/// on one of the voters there.
pub fn choose() -> String {
    [
        "\\set place random(0, :places - 1)".to_owned(),
        "\\set account :client_id + :clients * :place".to_owned(),
        format!("\\set k random(1, {VOTERS})"),
        "\\set voter :account * 10 + :k".to_owned(),
        "\\set flip random(1, 2)\n".to_owned(),
    ]
    .join("\n")
}

/// The choice, which is drawn too.
pub const CHOICE: &str = "(array['approve', 'reject'])[:flip::integer]";

/// Seconds in which new connections prepare and plan their statements. The service's connections have done so long ago.
const WARM: u64 = 3;

/// Runs a script with so many clients for so long.
pub fn run(server: &Server, database: &str, script: &Path, clients: usize, accounts: u64, length: Duration) -> Ran {
    let mut command = Command::new(find_binaries().unwrap().join("pgbench"));
    command.arg("--host").arg(&server.directory).args(["--username=quorate", "--no-vacuum", "--protocol=prepared"]);
    let (threads, seconds) = (clients.min(2), WARM + length.as_secs().max(1));
    command.args([format!("--client={clients}"), format!("--jobs={threads}"), format!("--time={seconds}")]);
    command.args(["-D".to_owned(), format!("clients={clients}")]);
    command.args(["-D".to_owned(), format!("places={}", accounts / clients as u64)]);
    command.args(["--progress=1", "--report-per-command", "--file"]).arg(script);
    let output = command.arg(database).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !complaints.contains("ERROR"), "pgbench: {complaints}");
    // How long each statement took, beside the script for whoever keeps it.
    std::fs::write(script.with_extension("txt"), said.as_bytes()).unwrap();
    let warm: Vec<f64> = complaints
        .lines()
        .filter_map(progress)
        .filter(|(at, _)| *at > WARM as f64 + 0.5)
        .map(|(_, rate)| rate)
        .collect();
    let count = said.lines().find_map(|line| line.strip_prefix("number of transactions actually processed: ")).unwrap();
    Ran {
        rate: warm.iter().sum::<f64>() / warm.len() as f64,
        count: count.split('/').next().unwrap().trim().parse().unwrap(),
    }
}

/// `progress: 4.0 s, 1234.5 tps, …`
fn progress(line: &str) -> Option<(f64, f64)> {
    let (at, rest) = line.strip_prefix("progress: ")?.split_once(" s, ")?;
    Some((at.parse().ok()?, rest.split_once(" tps")?.0.parse().ok()?))
}
