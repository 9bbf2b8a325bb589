//! From whom to whom ownership would move, or has moved, and how a case that is over went.

use crate::{
    app::view::dossier::Dossier,
    mail::wording::count,
    moment::Moment,
    recovery::{
        case::{Case, State},
        terms::{Kind, Route},
    },
    web::recover::done::tally,
};

/// From whom to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handover {
    /// The headline.
    pub title: &'static str,
    /// What stands above the owners.
    pub from_label: &'static str,
    /// What stands above the nominee.
    pub to_label: &'static str,
}

/// One line of the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it tells.
    pub label: &'static str,
    /// A moment, or else the words.
    pub at: Option<Moment>,
    /// What is told.
    pub words: String,
}

/// From whom to whom ownership would move, or has moved.
#[must_use]
pub const fn handover(case: &Case) -> Handover {
    match case.state {
        State::Collecting | State::Waiting { .. } | State::Paused { .. } => Handover {
            title: "What would change",
            from_label: "Owner now",
            to_label: match case.terms.kind {
                Kind::Replace => "Would be owner instead",
                Kind::Add => "Would be owner too",
            },
        },
        State::Completed { .. } => match case.terms.kind {
            Kind::Replace => {
                Handover { title: "What has changed", from_label: "Owner before", to_label: "Became owner" }
            }
            Kind::Add => {
                Handover { title: "What has changed", from_label: "Owner already", to_label: "Became owner too" }
            }
        },
        State::Vetoed { .. } | State::Rejected { .. } | State::Expired { .. } | State::Withdrawn { .. } => Handover {
            title: "What would have changed",
            from_label: "Owner, as before",
            to_label: "Would have become owner",
        },
    }
}

/// How a case that is over went.
#[must_use]
pub fn summary(dossier: &Dossier) -> Vec<Fact> {
    let case = &dossier.case;
    let at = |label, at| Fact { label, at: Some(at), words: String::new() };
    let counted = case.count();
    let approvals = format!(
        "{} of the {} needed, {}",
        count(counted.approvals.into(), "approval"),
        case.terms.required,
        count(counted.rejections.into(), "rejection")
    );
    let (enough, words) = match case.terms.route {
        Route::Vote => ("Enough approved", approvals),
        Route::Keys => ("All was there", tally(&dossier.view)),
    };
    let quorum = dossier.timeline.iter().rfind(|line| line.entry.kind == "case.quorum_reached");
    let mut facts = vec![at("Opened", case.terms.opened_at)];
    facts.extend(quorum.map(|line| at(enough, line.entry.at)));
    facts.extend(case.state.ended_at().map(|ended| at("Ended", ended)));
    facts.push(Fact { label: "Last count", at: None, words });
    facts
}
