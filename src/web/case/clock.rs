//! The clock of a case as a drawing: the voting window while ballots are collected, the waiting period once there is a
//! quorum, with the time at which it stood still. The server says how much is left, so it works without script.

use std::collections::BTreeMap;

use serde_json::Value;

use super::time::remaining;
use crate::{
    app::view::{activity::EntryView, dossier::Dossier},
    moment::Moment,
    recovery::{
        case::{Case, State},
        terms::Route,
    },
};

/// The clock, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// What it measures.
    pub title: &'static str,
    /// How much is left, in words.
    pub left: String,
    /// How much has passed, out of [`WHOLE`].
    pub passed: u32,
    /// When it stood still: where on the clock, and how long.
    pub pauses: Vec<Span>,
    /// What it measures from.
    pub from: End,
    /// What it measures to.
    pub to: End,
    /// Until when it stands still.
    pub stands_until: Option<Moment>,
    /// When this was read.
    pub now: Moment,
    /// For whoever does not see it.
    pub name: String,
}

/// One end of the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What happens there.
    pub words: &'static str,
    /// And when.
    pub at: Moment,
}

/// A part of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Where it begins, out of [`WHOLE`].
    pub from: u32,
    /// How long it is.
    pub length: u32,
}

/// The length of a clock.
pub const WHOLE: u32 = 1_000;
/// A pause is seen, however short it is.
const THIN: u32 = 4;

/// What a clock measures.
struct Frame {
    title: &'static str,
    from: (&'static str, Moment),
    to: (&'static str, Moment),
    stands_until: Option<Moment>,
}

fn frame(case: &Case) -> Option<Frame> {
    let changes = "Ownership changes";
    let (collecting, closes, enough) = match case.terms.route {
        Route::Vote => ("Time to vote", "Voting ends", "Enough approved"),
        Route::Keys => ("Time to agree", "All must be there", "All was there"),
    };
    match case.state {
        State::Collecting => Some(Frame {
            title: collecting,
            from: ("Opened", case.terms.opened_at),
            to: (closes, case.terms.closes_at()),
            stands_until: None,
        }),
        State::Waiting { since, due_at } => {
            Some(Frame { title: "Waiting period", from: (enough, since), to: (changes, due_at), stands_until: None })
        }
        State::Paused { since, until, due_at } => Some(Frame {
            title: "Waiting period, paused",
            from: (enough, since),
            to: (changes, due_at),
            stands_until: Some(until),
        }),
        State::Completed { .. }
        | State::Vetoed { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => None,
    }
}

/// The clock of a case, while it runs.
#[must_use]
pub fn clock(dossier: &Dossier) -> Option<Clock> {
    let Frame { title, from, to, stands_until } = frame(&dossier.case)?;
    let place = |moment: Moment| share(moment, from.1, to.1);
    let passed = place(dossier.now);
    let left =
        remaining(to.1.since(dossier.now)).map_or_else(|| "Any moment now".to_owned(), |left| format!("{left} left"));
    // While ballots are collected, pauses of an earlier waiting period lie behind.
    let pauses = if dossier.case.state.holds_place() { pauses(&dossier.timeline, from.1) } else { Vec::new() };
    let spans = pauses.into_iter().map(|(begin, end)| {
        let from = place(begin);
        Span { from, length: place(end).saturating_sub(from).max(THIN) }
    });
    Some(Clock {
        title,
        name: format!("{title}: {left}, {} percent have passed.", passed / (WHOLE / 100)),
        left,
        passed,
        pauses: spans.collect(),
        from: End { words: from.0, at: from.1 },
        to: End { words: to.0, at: to.1 },
        stands_until,
        now: dossier.now,
    })
}

/// When the clock stood still, or will: from each pause until its end.
fn pauses(timeline: &[EntryView], since: Moment) -> Vec<(Moment, Moment)> {
    let paused =
        timeline.iter().map(|line| &line.entry).filter(|entry| entry.kind == "case.paused" && entry.at >= since);
    let until = |data: &BTreeMap<String, Value>| data.get("until").and_then(Value::as_str)?.parse().ok();
    paused.filter_map(|entry| Some((entry.at, until(&entry.data)?))).collect()
}

/// Where a moment lies between two others, out of [`WHOLE`].
fn share(moment: Moment, from: Moment, to: Moment) -> u32 {
    let length = to.since(from).as_micros().max(1);
    let passed = moment.since(from).as_micros().clamp(0, length);
    u32::try_from(passed * i128::from(WHOLE) / length).unwrap_or(WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_place() {
        let at = Moment::from_micros;
        for (moment, place) in [(0, 0), (10, 0), (15, 500), (20, 1_000), (99, 1_000)] {
            assert_eq!(share(at(moment), at(10), at(20)), place, "{moment}");
        }
        assert_eq!(share(at(5), at(5), at(5)), 0, "a clock of no length divides by nothing");
        assert_eq!(share(at(i64::MAX), at(i64::MIN), at(i64::MAX)), 1_000);
    }
}
