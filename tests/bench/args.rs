//! What the benchmark is asked for.

use std::{path::PathBuf, time::Duration};

/// The parts, in the order in which they run.
pub const PARTS: [&str; 15] = [
    "postgres-votes",
    "postgres-reads",
    "postgres-access",
    "postgres-audit",
    "sqlite-votes",
    "sqlite-reads",
    "sqlite-access",
    "sqlite-audit",
    "process",
    "postgres-sweep",
    "sqlite-sweep",
    "postgres-growth",
    "sqlite-growth",
    "postgres-log",
    "sqlite-log",
];

/// What can be typed after `cargo bench --bench bench --`.
pub struct Args {
    /// Less of everything: a look, not a figure to keep.
    pub quick: bool,
    /// A million of what is a hundred thousand otherwise.
    pub full: bool,
    /// Parts to run; all when empty.
    pub only: Vec<String>,
    /// Where to write the figures as JSON.
    pub json: Option<PathBuf>,
    /// Keep this directory with the scripts for `pgbench`.
    pub scripts: Option<PathBuf>,
}

impl Args {
    /// Nothing when this is no benchmark run, as under `cargo test --all-targets`, or when help was asked for.
    pub fn read() -> Option<Self> {
        let (mut args, mut asked) = (std::env::args().skip(1), false);
        let mut out = Self { quick: false, full: false, only: Vec::new(), json: None, scripts: None };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--bench" => asked = true,
                "--quick" => out.quick = true,
                "--full" => out.full = true,
                "--only" => out.only.push(args.next()?),
                "--json" => out.json = Some(args.next()?.into()),
                "--scripts" => out.scripts = Some(args.next()?.into()),
                _ => return None,
            }
        }
        asked.then_some(out)
    }

    /// How long each measurement takes.
    pub fn length(&self) -> Duration {
        Duration::from_secs(if self.quick { 2 } else { 6 })
    }

    /// Whether to run a part.
    pub fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| part.contains(wanted.as_str()))
    }
}
