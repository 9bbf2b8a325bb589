//! How a case stands, as a headline: what has happened, what happens next by itself, and by when. What mails say of the same
//! is said in their words.

use crate::{
    app::{tell_case, view::dossier::Dossier},
    id::UserId,
    mail::{
        case_wording,
        facts::{CaseEvent, Person},
        wording::{count, sentence},
    },
    moment::Moment,
    recovery::{
        case::{Case, State},
        quorum::Quorum,
        terms::Route,
    },
    zone::Zone,
};

/// How a case stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// The state in a word or two.
    pub state: &'static str,
    /// Its tone, as a class: `open`, `waiting`, `good`, `over`.
    pub tone: &'static str,
    /// The headline.
    pub title: String,
    /// What happened, and what happens next.
    pub told: String,
}

/// How the case stands now.
#[must_use]
pub fn headline(dossier: &Dossier) -> Headline {
    let event = latest(dossier);
    let (state, tone) = label_of(dossier.case.state.word(), dossier.case.terms.route);
    // Pages write UTC, and say so.
    let zone = Zone::default();
    let told = case_wording::told(&event, &dossier.facts, &zone);
    let of_mail = || sentence(&case_wording::headline(&event, &zone));
    match dossier.case.state {
        State::Collecting => {
            let (title, told) = collecting(&dossier.case, told, dossier.now);
            Headline { state, tone, title, told }
        }
        State::Waiting { due_at, .. } if due_at <= dossier.now => {
            let told = "The waiting period is over. Everything is checked once more, and then ownership changes.";
            Headline { state, tone, title: "Ownership is about to change".to_owned(), told: told.to_owned() }
        }
        State::Waiting { .. } => {
            Headline { state, tone, title: "Ownership changes, unless an owner objects".to_owned(), told }
        }
        State::Paused { .. } => Headline { state, tone, title: "An owner has paused the case".to_owned(), told },
        State::Completed { .. }
        | State::Vetoed { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => Headline { state, tone, title: of_mail(), told },
    }
}

/// A state's word as people read it, and its tone.
#[must_use]
pub fn label_of(word: &str, route: Route) -> (&'static str, &'static str) {
    match word {
        "collecting" => match route {
            Route::Vote => ("Collecting ballots", "open"),
            Route::Keys => ("Collecting", "open"),
        },
        "waiting" => ("Waiting", "waiting"),
        "paused" => ("Paused", "waiting"),
        "completed" => ("Completed", "good"),
        "vetoed" => ("Vetoed", "over"),
        "rejected" => ("Rejected", "over"),
        "expired" => ("Expired", "over"),
        _ => ("Withdrawn", "over"),
    }
}

fn collecting(case: &Case, told: String, now: Moment) -> (String, String) {
    let approvals = case.count().approvals;
    if Quorum::reached(case).is_some() {
        return (
            "Enough agree, and the case waits for its turn".to_owned(),
            "Another case of this account has its quorum already. When that one has ended, and still enough agree here, \
             the waiting period of this one starts."
                .to_owned(),
        );
    }
    if case.terms.route == Route::Keys {
        return if case.terms.closes_at() <= now {
            let told = "The time is over, and not everybody has agreed who had to. Ownership stays as it is.";
            ("The time has ended".to_owned(), told.to_owned())
        } else {
            ("Not everybody has agreed yet who has to".to_owned(), told)
        };
    }
    if case.terms.closes_at() <= now {
        let told = "The time to vote is over, and too few approve. Ownership stays as it is.";
        return ("Voting has ended".to_owned(), told.to_owned());
    }
    let missing = case.terms.required.saturating_sub(approvals);
    let are = if missing == 1 { "is" } else { "are" };
    (format!("{} {are} needed", count(missing.into(), "more approval")), told)
}

/// What happened last that a mail told of.
fn latest(dossier: &Dossier) -> CaseEvent {
    let case = &dossier.case;
    let happened = |kinds: &[&'static str]| {
        let mut kinds_of = dossier.timeline.iter().rev().map(|line| line.entry.kind.as_str());
        kinds_of.find_map(|kind| kinds.iter().find(|wanted| **wanted == kind).copied())
    };
    match case.state {
        State::Collecting => match happened(&["case.fell_short", "case.opened"]) {
            Some("case.fell_short") => CaseEvent::BackToCollecting,
            Some(_) | None => CaseEvent::Opened,
        },
        State::Waiting { due_at, .. } => match happened(&["case.quorum_reached", "case.extended", "case.resumed"]) {
            Some("case.extended") => CaseEvent::Extended { due_at },
            Some("case.resumed") => CaseEvent::Resumed { due_at },
            Some(_) | None => CaseEvent::Quorum { due_at },
        },
        State::Paused { due_at, .. } => {
            let pauser = dossier.timeline.iter().rev().find(|line| line.entry.kind == "case.paused");
            let by = pauser.and_then(|line| line.entry.actor.person());
            let pauses_left = case.terms.policy.pauses.saturating_sub(case.pauses);
            CaseEvent::Paused { by: named(dossier, by), due_at, pauses_left }
        }
        State::Completed { .. } => CaseEvent::Completed,
        State::Vetoed { by, .. } => CaseEvent::Vetoed { by: named(dossier, Some(by)) },
        State::Rejected { reason, .. } => CaseEvent::Rejected { reason: tell_case::rejection(reason) },
        State::Expired { .. } => CaseEvent::Expired,
        State::Withdrawn { .. } => CaseEvent::Withdrawn,
    }
}

fn named(dossier: &Dossier, user: Option<UserId>) -> Person {
    let known = user.and_then(|user| dossier.people.get(&user)).cloned();
    known.unwrap_or_else(|| Person { name: "An owner".to_owned(), address: String::new() })
}
