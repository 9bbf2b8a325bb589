//! Jobs: what happens because time passes, and what leaves because something was committed.
//!
//! Every replica runs all of them. Each job is a sweep that reads due rows; what it finds it claims in the database, so
//! replicas share the work and a lost one loses nothing. Nothing is remembered in between: a missed turn is harmless.

pub mod closings;
mod crowd;
pub mod deadlines;
pub mod deliver;
pub mod digests;
pub mod domains;
pub mod each;
pub mod key_reminders;
pub mod key_tries;
mod obsolete;
pub mod policies;
pub mod prune;
pub mod retention;
pub mod transfers;
pub mod webhooks;
pub mod pulse;
pub mod retry;
pub mod sign_ins;
pub mod run;
pub mod seal;
pub mod check;
pub mod schedule;
pub mod sweep;
