//! Sudden death: a call to the database that fails, a request that is dropped, a process that is killed.

mod abandoned;
mod crash_points;
mod disk;
mod faults;
mod ground;
mod outbox;
pub mod trials;
mod wire;
