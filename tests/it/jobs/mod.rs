//! The outbox and the jobs.

mod check;
mod deadlines;
mod deliver;
mod digests;
mod outbox;
mod pace;
mod prune;
mod schedule;
mod transfers;
mod trouble;
mod webhook_library;
mod webhooks;
pub mod world;
