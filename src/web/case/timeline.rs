//! What happened to a case, every entry of the record as a sentence, and what time will bring next.
//!
//! The first comes first: it reads as a story, and ends with what happens next. How things stand now is said on top of the
//! page already.

use crate::{
    app::view::dossier::{Dossier, LONGEST},
    id::UserId,
    moment::Moment,
    recovery::{case::State, terms::Route},
    web::sentence,
    zone::Zone,
};

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Moment,
    /// What happened, with who did it.
    pub words: String,
    /// What kind of news it is, as a class: `plain`, `turn`, `next`.
    pub weight: &'static str,
}

/// The whole timeline, and what comes next.
#[must_use]
pub fn timeline(dossier: &Dossier) -> Vec<Line> {
    let name = |user: UserId| dossier.people.get(&user).map(|person| person.name.as_str());
    let zone = Zone::default();
    let told = dossier.timeline.iter().map(|line| {
        let entry = &line.entry;
        Line { at: entry.at, words: sentence::told(line, &name, &zone), weight: weight(&entry.kind) }
    });
    let mut lines: Vec<Line> = told.collect();
    if dossier.timeline.len() >= LONGEST {
        let words = format!("This page shows the first {LONGEST} entries. The account’s activity log has all of them.");
        lines.push(Line { at: dossier.now, words, weight: "plain" });
    }
    lines.extend(next(dossier));
    lines
}

/// What time alone will bring.
fn next(dossier: &Dossier) -> Option<Line> {
    let (at, words) = match dossier.case.state {
        State::Collecting => {
            let words = match dossier.case.terms.route {
                Route::Vote => "Voting ends. Without enough approvals, the case expires.",
                Route::Keys => "Unless all is there by then, the case expires.",
            };
            (dossier.case.terms.closes_at(), words)
        }
        State::Waiting { due_at, .. } => (due_at, "Ownership changes, unless an owner objects."),
        State::Paused { until, .. } => (until, "The pause ends, and the clock goes on by itself."),
        State::Completed { .. }
        | State::Vetoed { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => return None,
    };
    Some(Line { at, words: words.to_owned(), weight: "next" })
}

fn weight(kind: &str) -> &'static str {
    match kind {
        "case.ballot_cast" | "case.ballot_taken_back" | "case.ballot_lost" | "case.reminded" => "plain",
        _ => "turn",
    }
}
