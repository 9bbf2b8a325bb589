//! The score as a drawing: a ring that is closed at 100. What it says stands in it as a number, and beside it in words.

use crate::app::view::readiness::ReadinessView;

/// The drawing, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// How much of the ring is drawn, of 100.
    pub score: u32,
    /// Its class.
    pub class: &'static str,
    /// What the score means, in a few words.
    pub words: &'static str,
}

/// From here on, what is wanting can wait.
const GOOD: u32 = 85;

impl Ring {
    /// Draws a score.
    #[must_use]
    pub fn of(readiness: &ReadinessView) -> Self {
        let ReadinessView { score, low, recoverable, .. } = *readiness;
        let (class, words) = match (recoverable, low) {
            (true, _) if readiness.counts.effective_owners == 0 => ("bad", "no owner can act"),
            (false, _) => ("bad", "nobody could recover it"),
            (true, true) => ("bad", "badly prepared"),
            (true, false) if score < GOOD => ("warn", "could be better"),
            (true, false) if score < 100 => ("good", "well prepared"),
            (true, false) => ("good", "nothing is wanting"),
        };
        Self { score, class, words }
    }
}
