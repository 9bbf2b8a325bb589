//! The benchmark: figures, and never a verdict. `cargo bench --bench bench -- --help` lists what can be asked for;
//! docs/performance.md says what the figures mean.
//!
//! Every module here is declared `#[cfg(test)]`, as in `tests/it/main.rs`: a benchmark may stop with a panic.

#![expect(clippy::string_slice, reason = "a benchmark may stop with a panic, and this lint has no setting for tests")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people: counts far below where a float loses one"
)]

#[cfg(test)]
mod access;
#[cfg(test)]
mod args;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod ballast;
#[cfg(test)]
mod bare;
#[cfg(test)]
mod growth;
#[cfg(test)]
#[path = "../it/harness/postgres.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod harness;
#[cfg(test)]
mod load;
#[cfg(test)]
mod long_log;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod own;
#[cfg(test)]
mod pgbench;
#[cfg(test)]
mod place;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod postgres_votes;
#[cfg(test)]
mod process;
#[cfg(test)]
mod processor;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod report;
#[cfg(test)]
mod restore;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod run;
#[cfg(test)]
mod sampling;
#[cfg(test)]
mod seed;
#[cfg(test)]
mod seed_mail;
#[cfg(test)]
mod sqlite_votes;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod stopwatch;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod told;
#[cfg(test)]
mod votes;

fn main() {
    #[cfg(test)]
    run::run();
}
