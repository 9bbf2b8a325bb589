//! What people, replicas and the passing of time do at the same moment. Each race is decided by what the database says
//! afterwards, and followed by a replay of the log.
//!
//! `QUORATE_TEST_ROUNDS` says how often each is run. The tallies go to standard error, past the capture of the tests.

mod address;
mod ballots;
mod completion;
mod owners;
mod transfers;
