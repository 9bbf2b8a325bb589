//! The process itself: its size on disk and in memory, and how soon it answers.

use super::{
    place::PROGRAM,
    report::{Report, Target},
    stage::Stage,
    stopwatch::{median, milliseconds},
};

/// Starts of which the median is taken.
const STARTS: usize = 10;

/// Runs this part, on an existing embedded database.
pub async fn run(stage: &Stage<'_>, report: &mut Report) {
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let served = stage.place.serve(&[]).await;
        times.push(milliseconds(served.ready_after));
        memory.push(served.memory() / 1024.0);
        served.stop();
    }
    report.against("Start to the first good answer of /readyz, embedded", median(&times), "ms", Target::AtMost(100.0));
    report.against("Memory after the start", median(&memory), "MiB", Target::AtMost(25.0));
    let size = std::fs::metadata(PROGRAM).unwrap().len() as f64 / 1024.0 / 1024.0;
    report.against("Release binary", size, "MiB", Target::AtMost(25.0));
}
