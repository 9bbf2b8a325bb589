//! `quorate audit verify` over the whole log.

use super::{
    report::{Report, Target},
    stage::Stage,
    stopwatch::Stopwatch,
    votes,
};

/// Runs this part, on a log of entries that the service could have written.
pub async fn run(stage: &Stage<'_>, report: &mut Report) {
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
