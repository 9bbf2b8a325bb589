//! What people, replicas and the passing of time do at the same moment. Each race is decided by what the database says
//! afterwards, and followed by a replay of the log.
//!
//! `QUORATE_TEST_ROUNDS` says how often each is run. The tallies go to standard error, past the capture of the tests.

mod ballots;
mod completion;
mod owners;

/// Says how a race went, past the capture of the test's output, so that it can be quoted.
fn tell(line: &str) {
    let line = format!("race: {line}\n");
    std::io::Write::write_all(&mut std::io::stderr().lock(), line.as_bytes()).unwrap();
}
