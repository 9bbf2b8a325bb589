//! An installation with accounts that have a history: what most figures are measured on.

use quorate::clock::Clock;

use super::{
    args::Args,
    harness::Server,
    place::Place,
    report::say,
    restore::remember,
    rows::Sink,
    seed::{self, Size},
    stopwatch::Stopwatch,
};

/// One installation, and how much lies in it.
pub struct Stage<'s> {
    /// The database's name in the figures.
    pub name: &'static str,
    pub place: Place,
    pub size: Size,
    /// Where it is PostgreSQL.
    pub server: Option<&'s Server>,
}

impl<'s> Stage<'s> {
    /// Makes it, on that server or embedded.
    pub async fn set(server: Option<&'s Server>, size: Size) -> Self {
        let (name, url) = match server {
            Some(server) => ("PostgreSQL", Some(server.empty_database().await)),
            None => ("SQLite", None),
        };
        let place = Place::new(url);
        seed::fill(&place.database, size, Clock::system().now()).await;
        let watch = Stopwatch::start();
        place.seal().await;
        say(&format!("Sealed in {:.1} s.", watch.passed().as_secs_f64()));
        remember(&place.database).await;
        if server.is_some() {
            let mut sink = Sink::open(&place.database).await;
            sink.script("vacuum analyze").await;
            sink.script("checkpoint").await;
            sink.close().await;
        }
        Self { name, place, size, server }
    }

    /// The accounts of the votes.
    pub fn usual(args: &Args) -> Size {
        let (accounts, ended_cases) = if args.quick { (1024, 25) } else { (2048, 50) };
        Size { accounts, due: 0, ended_cases }
    }
}
