//! A world that was prepared once, copies of it to try things on, and what tells two of its ends apart.

use quorate::{
    app::app::App,
    clock::Clock,
    store::{open::Options, tx::Backend},
};

use super::{
    faults::Faults,
    trials::{Attempt, Trial},
    wire::Proxy,
};
use crate::harness::{TestDb, postgres, small, trace::Dump, world::World};

/// A world in which something is about to be done, to be copied.
pub struct Prepared {
    world: World,
    backend: Backend,
    pub attempt: Attempt,
}

/// A copy of it, in which calls to the database can be made to fail.
pub struct Ground {
    pub world: World,
    pub faults: Faults,
    _proxy: Option<Proxy>,
}

impl Prepared {
    pub async fn new(trial: &Trial, test: TestDb) -> Self {
        let world = World::new(test);
        let attempt = (trial.prepare)(&world).await;
        // A database with guests cannot be copied.
        world.app.db.close().await;
        Self { backend: world.app.db.backend(), world, attempt }
    }

    pub async fn copy(&self) -> Ground {
        let faults = Faults::default();
        let (test, proxy) = match self.backend {
            Backend::Sqlite => {
                let options = Options { gate: faults.gate(), ..small() };
                (TestDb::copy_of(self.world.url(), &options, None).await, None)
            }
            Backend::Postgres => {
                let proxy = Proxy::start(postgres::server().unwrap().socket_directory(), &faults);
                // One connection for all units: what one of them leaves behind on it, the next one meets.
                let options = Options { writers: 1, ..small() };
                (TestDb::copy_of(self.world.url(), &options, Some(proxy.directory())).await, Some(proxy))
            }
        };
        let app = App { db: test.db.clone(), clock: Clock::set_to(self.world.app.now()), ..self.world.app.clone() };
        let mut world = World::new(test);
        world.app = app;
        Ground { world, faults, _proxy: proxy }
    }
}

/// The same rows with all ids, hashes, secrets and numbers of keys alike, in an order that does not depend on them.
pub fn outline(dump: &Dump) -> Dump {
    let blank = |row: &String| {
        let mut line = String::new();
        for word in row.split_inclusive(|letter: char| !(letter.is_ascii_alphanumeric() || "_-".contains(letter))) {
            // An id of these days begins with 01, and may have no other digit.
            let is_id = word.split_once('_').is_some_and(|(_, rest)| rest.len() >= 26 && rest.starts_with("01"));
            let long = word.len() > 26 && word.bytes().filter(u8::is_ascii_digit).count() > 3;
            let drawn = is_id || long || is_number(word);
            let end = word.chars().next_back().filter(|letter| !letter.is_ascii_alphanumeric());
            line.push_str(if drawn { "#" } else { word });
            line.extend(end.filter(|_| drawn));
        }
        line
    };
    // The last column but three of a case counts how often it was saved under the lock, which a ballot may or may not need.
    let uncounted = |table: &str, row: String| match row.rsplitn(5, ',').collect::<Vec<_>>()[..] {
        // Of a checkpoint how far it reaches; its hash and its signature are others each time.
        [..] if table == "log_checkpoints" => row.split(',').take(2).collect::<Vec<_>>().join(","),
        [last, before, third, _, rest] if table == "cases" => format!("{rest},{third},{before},{last}"),
        _ => row,
    };
    let sorted = |table: &str, rows: &Vec<String>| {
        let mut rows: Vec<String> = rows.iter().map(|row| uncounted(table, blank(row))).collect();
        rows.sort();
        rows
    };
    dump.iter().map(|(table, rows)| (table.clone(), sorted(table, rows))).collect()
}

/// Whether it is the number of a paper key, as its sheet or a table has it.
fn is_number(word: &str) -> bool {
    let word = word.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let printed = |half: &str| half.len() == 4 && half.bytes().all(|it| it.is_ascii_digit() || it.is_ascii_uppercase());
    let bytes = word.strip_prefix('x').unwrap_or(word);
    let stored = bytes.len() == 10 && bytes.bytes().all(|it| it.is_ascii_hexdigit());
    stored || word.split_once('-').is_some_and(|(front, back)| printed(front) && printed(back))
}
