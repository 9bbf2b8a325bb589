//! The outbox and the jobs.

mod deadlines;
mod deliver;
mod outbox;
mod schedule;
mod world;
