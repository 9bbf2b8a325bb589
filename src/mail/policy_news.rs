//! What alerts about the policy say.

use super::{
    facts::{Person, PolicyEvent, PolicyWait},
    policy_wording::Change,
    wording::{person, sentence},
};
use crate::{ownership::policy_change::Way, zone::Zone};

/// A few words, for the subject and above.
pub(super) const fn headline(event: &PolicyEvent) -> &'static str {
    match event {
        PolicyEvent::Changed => "the recovery policy has changed",
        PolicyEvent::Proposed { .. } => "the recovery policy is going to change",
        PolicyEvent::Cancelled => "a change of the recovery policy was cancelled",
        PolicyEvent::TookEffect { .. } => "the new recovery policy is in force",
    }
}

/// What happened.
pub(super) fn told(event: &PolicyEvent, by: Option<&Person>, zone: &Zone) -> String {
    let who = by.map_or_else(|| "a change of owners".to_owned(), person);
    let words = match event {
        PolicyEvent::Changed => format!("{who} has changed how the account can be recovered. It is in force now."),
        PolicyEvent::Proposed { effective_at, waits_for } => {
            let reasons: Vec<&str> = waits_for.iter().map(|wait| waits(*wait)).collect();
            format!(
                "{who} wants to change how the account can be recovered. It takes effect on {}, unless an owner cancels it \
                 before. It waits because {}.",
                zone.when(*effective_at),
                reasons.join(", and because ")
            )
        }
        PolicyEvent::Cancelled if by.is_none() => {
            "Whoever wanted to change the policy owns the account no longer, so that change is cancelled.".to_owned()
        }
        PolicyEvent::Cancelled => {
            format!("{who} has cancelled a change of the policy. The policy stays as it is.")
        }
        PolicyEvent::TookEffect { proposed_at } => {
            format!("What {who} wanted on {} is in force now.", zone.when(*proposed_at))
        }
    };
    sentence(&words)
}

/// What is added where another change had been waiting.
pub(super) const REPLACES: &str = " Another change had been waiting; this one takes its place.";

/// What a change of the policy waits for, after "because".
#[must_use]
pub const fn waits(wait: PolicyWait) -> &'static str {
    match wait {
        PolicyWait::Loosens => "it makes it easier to take over the account, so the waiting period passes first",
        PolicyWait::ClosesRoute => {
            "it closes a way of recovery that is open now, so the time after which new administrators count passes first"
        }
        PolicyWait::CaseOpen => "a recovery case is open, which has to end first",
    }
}

/// What the reader can do.
pub(super) const fn advice(event: &PolicyEvent) -> &'static str {
    match event {
        PolicyEvent::Proposed { .. } => {
            "Did you not expect this? Then cancel it on the page of the policy, before it takes effect. If somebody used your \
             sign-in, end your sessions first."
        }
        PolicyEvent::Changed | PolicyEvent::TookEffect { .. } => {
            "Did you not expect this? Then change the policy back, and speak to the other owners. If somebody used your \
             sign-in, end your sessions first."
        }
        PolicyEvent::Cancelled => "Was it to happen after all? An owner can propose it again.",
    }
}

/// What the button says.
pub(super) const fn button(event: &PolicyEvent) -> &'static str {
    match event {
        PolicyEvent::Proposed { .. } => "Look at the change, or cancel it",
        PolicyEvent::Changed | PolicyEvent::TookEffect { .. } | PolicyEvent::Cancelled => "Open the policy",
    }
}

/// One field that changes, in one line.
pub(super) fn line(change: &Change) -> String {
    let way = match change.way {
        Way::Tightening => "tightens",
        Way::Loosening => "loosens",
    };
    format!("{}: {} (before: {}). This {way}: {}.", change.label, change.to, change.from, change.why)
}
