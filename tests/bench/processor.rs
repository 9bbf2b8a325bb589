//! Who uses the processors: the service, PostgreSQL, or the load generator itself.

use super::{harness::Server, place::Served};

/// Seconds of processor time.
#[derive(Clone, Copy)]
pub struct Processor {
    pub service: f64,
    pub database: f64,
    pub client: f64,
}

impl Processor {
    /// Used up to now.
    pub fn now(served: &Served, server: Option<&Server>) -> Self {
        Self { service: of(served.id()), database: server.map_or(0.0, children), client: of(std::process::id()) }
    }

    pub fn since(&self, before: &Self) -> Self {
        Self {
            service: self.service - before.service,
            database: self.database - before.database,
            client: self.client - before.client,
        }
    }
}

/// All processes of a PostgreSQL server.
fn children(server: &Server) -> f64 {
    let file = std::fs::read_to_string(server.directory.join("data/postmaster.pid")).unwrap();
    let parent: u32 = file.lines().next().unwrap().parse().unwrap();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let processes = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    processes.filter_map(|process| stat(process).filter(|stat| stat.parent == parent)).map(|stat| stat.seconds).sum()
}

fn of(process: u32) -> f64 {
    stat(process).map_or(0.0, |stat| stat.seconds)
}

struct Stat {
    parent: u32,
    seconds: f64,
}

fn stat(process: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
    // Hundredths of a second on every Linux that we know.
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some(Stat { parent: fields.get(1)?.parse().ok()?, seconds: (ticks(11)? + ticks(12)?) / 100.0 })
}
