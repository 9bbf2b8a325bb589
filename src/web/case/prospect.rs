//! What an act would bring about, in the future tense: said on the page before its button is pressed.

use crate::{
    mail::wording::{count, length, when},
    recovery::{
        case::{Case, Rejection},
        decide::Decision,
        event::Event,
    },
};

/// What would happen, in sentences. `before` is the case as it is.
#[must_use]
pub fn prospect(before: &Case, decision: &Decision) -> Vec<String> {
    let told: Vec<String> = decision.events.iter().filter_map(|event| says(before, &decision.case, event)).collect();
    if !told.is_empty() {
        return told;
    }
    let case = &decision.case;
    vec![format!(
        "The case goes on, with {} of the {} needed.",
        count(case.count().approvals.into(), "approval"),
        case.terms.required
    )]
}

fn says(before: &Case, after: &Case, event: &Event) -> Option<String> {
    let waiting = length(after.terms.waiting_period());
    Some(match event {
        Event::QuorumReached { due_at, .. } => format!(
            "That is enough: the waiting period starts. The owners are warned, and unless one of them objects, ownership \
             changes on {}.",
            when(*due_at)
        ),
        Event::FellShort => format!(
            "The approvals then no longer suffice: the waiting period ends, and ballots are collected again. If there are \
             enough once more, a full new waiting period of {waiting} starts."
        ),
        Event::Rejected { reason } => match reason {
            Rejection::OutOfReach => {
                "The case then ends: so many are against it that it can no longer get enough approvals. Ownership stays as \
                 it is."
            }
            Rejection::FellShort => {
                "The case then ends, because the approvals no longer suffice and the time to vote is over. Ownership stays \
                 as it is."
            }
            Rejection::NomineeUnfit | Rejection::OwnersChanged | Rejection::Superseded | Rejection::Declined => {
                "The case then ends."
            }
        }
        .to_owned(),
        Event::Paused { until, due_at, .. } => format!(
            "The clock stands still until {}. Ownership changes on {} at the earliest, one waiting period of {waiting} later \
             than now. {}",
            when(*until),
            when(*due_at),
            match after.terms.policy.pauses.saturating_sub(after.pauses) {
                0 => "It cannot be paused again after that.".to_owned(),
                1 => "After that, it can be paused once more.".to_owned(),
                left => format!("After that, it can be paused {left} more times."),
            }
        ),
        Event::Vetoed { .. } => format!(
            "The case ends, and ownership stays as it is. The same person cannot be proposed again for {}.",
            length(before.terms.policy.veto_cooldown)
        ),
        Event::Withdrawn => format!(
            "The case ends, and ownership stays as it is. You can open another case in {}; other administrators can at once.",
            length(before.terms.policy.reopen_after)
        ),
        Event::Opened
        | Event::BallotCast { .. }
        | Event::BallotTakenBack { .. }
        | Event::BallotLost { .. }
        | Event::KeyRedeemed { .. }
        | Event::KeyLost { .. }
        | Event::Accepted
        | Event::Resumed { .. }
        | Event::Extended { .. }
        | Event::Reminded
        | Event::OwnersReminded { .. }
        | Event::Completed { .. }
        | Event::Expired => return None,
    })
}
