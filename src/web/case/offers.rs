//! What the reader of a case may do. The state machine was asked beforehand what it would make of each act; here is no rule,
//! only words.

use crate::{
    app::view::{dossier::Dossier, outlook::Outlook},
    mail::wording::{length, sentence},
    recovery::{ballot::Choice, case::Case, decide::Decision, refusal::Refusal},
};

/// What the reader may do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offers {
    /// Their own ballot.
    pub own: Option<&'static str>,
    /// The acts, the most important first.
    pub acts: Vec<Offer>,
    /// Why there is nothing that they can do.
    pub why_not: Option<String>,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The page that says what it does, and has its button.
    pub href: String,
    /// What stands on the way there.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub what: String,
    /// How it looks, as a class: `main`, `second`, `grave`.
    pub look: &'static str,
}

/// What would happen, if it is anything at all.
#[must_use]
pub fn would_change(outcome: &Result<Decision, Refusal>) -> bool {
    outcome.as_ref().is_ok_and(|decision| !decision.events.is_empty())
}

/// What the reader of a case may do. Nothing happens to a case that has ended, so its page does not speak of it.
#[must_use]
pub fn offers(dossier: &Dossier) -> Offers {
    let Some(outlook) = &dossier.outlook else { return Offers::default() };
    let case = &dossier.case;
    if case.state.is_final() {
        return Offers::default();
    }
    let own = own_ballot(dossier);
    let acts = acts(case, outlook, own);
    let why_not = match &outlook.approve {
        Err(refusal) if acts.is_empty() => Some(format!("{}.", sentence(&refusal.to_string()))),
        Err(_) | Ok(_) => None,
    };
    Offers { own: own.map(own_words), acts, why_not }
}

/// What the reader has chosen.
#[must_use]
pub fn own_ballot(dossier: &Dossier) -> Option<Choice> {
    let elector = dossier.case.electors.get(&dossier.reader?)?;
    elector.ballot.as_ref().filter(|_| elector.lost_at.is_none()).map(|ballot| ballot.choice)
}

const fn own_words(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "You approve.",
        Choice::Reject => "You reject.",
    }
}

fn acts(case: &Case, outlook: &Outlook, own: Option<Choice>) -> Vec<Offer> {
    let page = |act: &str| format!("/cases/{}/{act}", case.id());
    let waiting = length(case.terms.waiting_period());
    let may_vote = would_change(&outlook.approve) || would_change(&outlook.reject);
    let (vote, what, look) = match own {
        None => ("Vote", "Read the terms once more, then approve or reject.", "main"),
        Some(_) => ("Change my ballot", "You can change it until the case ends.", "second"),
    };
    let all = [
        (may_vote, "vote", vote, what.to_owned(), look),
        (
            would_change(&outlook.take_back),
            "ballot/take-back",
            "Take my ballot back",
            "As if you had not voted. You can vote again.".to_owned(),
            "second",
        ),
        (
            would_change(&outlook.pause),
            "pause",
            "Pause the case",
            format!("Stops the clock for {waiting}, so that you have time. It does not end the case."),
            "main",
        ),
        (
            would_change(&outlook.veto),
            "veto",
            "Veto the case",
            "Ends the case: ownership stays as it is. You prove first that it is you.".to_owned(),
            "grave",
        ),
        (
            would_change(&outlook.withdraw),
            "withdraw",
            "Withdraw the case",
            "You opened it, and can take it back while ballots are collected. It ends.".to_owned(),
            "grave",
        ),
    ];
    let offered = all.into_iter().filter(|(offered, ..)| *offered);
    offered.map(|(_, act, label, what, look)| Offer { href: page(act), label, what, look }).collect()
}
