//! The outbox and the jobs.

mod deadlines;
mod deliver;
mod digests;
mod outbox;
mod prune;
mod schedule;
mod transfers;
pub mod world;
