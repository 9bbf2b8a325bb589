//! `quorate audit verify` over the whole log.

use super::{
    report::{Report, Target},
    restore::restore,
    stage::Stage,
    stopwatch::Stopwatch,
    votes,
};

/// Runs this part.
pub async fn run(stage: &Stage<'_>, report: &mut Report) {
    // What (A) and (B) wrote has no hashes that fit.
    restore(&stage.place.database).await;
    let entries = votes::entries(&stage.place.database).await as f64;
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let watch = Stopwatch::start();
        let output = stage.place.command(&["audit", "verify", "--json"]).output().unwrap();
        best = best.min(watch.passed().as_secs_f64());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let name = format!("{}: quorate audit verify, {entries} entries", stage.name);
    report.against(name, entries / best, "entries/s", Target::AtLeast(500_000.0));
}
