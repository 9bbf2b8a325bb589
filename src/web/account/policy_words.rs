//! A recovery policy in words.

use crate::{
    mail::wording::{count, length, sentence},
    recovery::policy::{BallotWay, Majority, NomineeApproval, OwnersAllowed, Policy},
};

/// What the policy says, one sentence for each of its rules that matter to people.
#[must_use]
pub fn policy_words(policy: &Policy) -> Vec<String> {
    let share = if policy.majority == Majority::HALF {
        "More than half".to_owned()
    } else {
        format!("More than {}", policy.majority)
    };
    let least = count(policy.min_approvals.into(), "approval");
    let nominee = match policy.nominee_approval {
        NomineeApproval::Counts => "The nominee\u{2019}s own approval counts.",
        NomineeApproval::DoesNotCount => "The nominee\u{2019}s own approval does not count.",
    };
    let owners = match policy.owners {
        OwnersAllowed::One => "The account has exactly one owner.",
        OwnersAllowed::Many => "The account may have several owners.",
    };
    let ways: Vec<&str> = policy.ballots.iter().map(|way| way_words(*way)).collect();
    vec![
        owners.to_owned(),
        format!("{share} of the administrators with standing must approve, with at least {least}. {nominee}"),
        format!("Ballots are cast {}.", ways.join(", or ")),
        format!("Voting is open for {}.", length(policy.voting_window)),
        sentence(&format!(
            "after the last approval that is needed, {} pass before ownership changes. Meanwhile owners can object.",
            length(policy.waiting_period)
        )),
        format!("Owners can pause a case {}, and veto it at any time.", times(policy.pauses)),
        format!("Who becomes an administrator has standing after {}.", length(policy.seasoning)),
    ]
}

fn times(number: u32) -> String {
    match number {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

const fn way_words(way: BallotWay) -> &'static str {
    match way {
        BallotWay::SignedIn => "signed in",
        BallotWay::Passkey => "signed with a passkey",
        BallotWay::MailLink => "by the link in the administrator\u{2019}s own mail",
        BallotWay::PlainMail => "by answering that mail",
    }
}
