//! What mails say about a recovery case, and about what happened to it.
//!
//! Said once here, because the text and the HTML of a mail must say the same.

use super::{
    facts::{BallotAct, CaseEvent, CaseFacts, CaseKind, KeyFacts, KeyReader, Rejection},
    plain_text,
    wording::{count, length, people, person},
};
use crate::{moment::Moment, zone::Zone};

/// A case, ready to print.
pub(super) struct CaseView {
    pub account: String,
    /// What is asked, in one sentence.
    pub demand: String,
    /// What the nominee would be to the owners: instead of them, or one of them.
    pub beside: &'static str,
    pub opener: String,
    pub nominee: String,
    pub owners: String,
    pub statement: Vec<String>,
    pub tally: String,
    pub opened: String,
    /// Until when it waits for what it takes.
    pub closes_label: &'static str,
    pub closes: String,
    pub waiting: String,
}

impl CaseView {
    pub(super) fn of(case: &CaseFacts, zone: &Zone) -> Self {
        let (owners, nominee) = (people(&case.owners), person(&case.nominee));
        let demand = match case.kind {
            CaseKind::Replace if case.keys.is_some() => format!(
                "{nominee} should be made the account owner in place of {owners}: somebody has opened the safe and used a \
                 paper key."
            ),
            CaseKind::Replace if case.owners.len() > 1 => format!(
                "The current account owners, {owners}, cannot be contacted, and therefore {nominee} should be made the \
                 new account owner."
            ),
            CaseKind::Replace => format!(
                "The current account owner, {owners}, cannot be contacted, and therefore {nominee} should be made the \
                 new account owner."
            ),
            CaseKind::Add => format!("{nominee} should be made an account owner, beside {owners}."),
        };
        Self {
            account: plain_text::name(&case.account.name),
            demand,
            beside: match case.kind {
                CaseKind::Replace => "In place of",
                CaseKind::Add => "Together with",
            },
            opener: opener(case),
            nominee,
            owners,
            statement: plain_text::quotation(&case.statement),
            tally: tally(case),
            opened: zone.when(case.opened_at),
            closes_label: if case.keys.is_some() { "All must be there by" } else { "Voting ends" },
            closes: zone.when(case.closes_at),
            waiting: length(case.waiting_period),
        }
    }
}

/// The event as a headline, without any word that a user typed.
#[must_use]
pub fn headline(event: &CaseEvent, zone: &Zone) -> String {
    match event {
        CaseEvent::Opened => "a recovery case was opened".to_owned(),
        CaseEvent::KeyRedeemed { .. } => "one more paper key was used".to_owned(),
        CaseEvent::Quorum { due_at } => format!("ownership changes on {} unless an owner objects", zone.when(*due_at)),
        CaseEvent::Paused { due_at, .. } => {
            format!("the recovery case is paused; ownership changes on {} at the earliest", zone.when(*due_at))
        }
        CaseEvent::Resumed { due_at } => {
            format!("the pause is over; ownership changes on {} unless an owner objects", zone.when(*due_at))
        }
        CaseEvent::Reminder { due_at } => {
            format!("reminder: ownership changes on {} unless an owner objects", zone.when(*due_at))
        }
        CaseEvent::BackToCollecting => "the recovery case has no longer what it takes".to_owned(),
        CaseEvent::Extended { due_at } => format!("the recovery case waits until {}", zone.when(*due_at)),
        CaseEvent::Completed => "ownership has changed".to_owned(),
        CaseEvent::Vetoed { .. } => "an owner vetoed the recovery case".to_owned(),
        CaseEvent::Expired => "the recovery case has expired".to_owned(),
        CaseEvent::Rejected { .. } => "the recovery case was rejected".to_owned(),
        CaseEvent::Withdrawn => "the recovery case was withdrawn".to_owned(),
    }
}

/// What happened, and what happens next by itself.
#[must_use]
pub fn told(event: &CaseEvent, case: &CaseFacts, zone: &Zone) -> String {
    let (waiting, closes) = (length(case.waiting_period), zone.when(case.closes_at));
    match event {
        CaseEvent::Opened if case.keys.is_some() => format!(
            "{} used a paper key and asks for this change. Once everybody agrees whom the account\u{2019}s policy asks, owners have \
             {waiting} to object before anything changes. If nobody should have used that key, veto the case now.",
            opener(case)
        ),
        CaseEvent::KeyRedeemed { by } => format!(
            "{} used a paper key for the same change. It has {}. If nobody should have used that key, veto the case now.",
            plain_text::name(&by.name),
            tally(case)
        ),
        CaseEvent::Opened => format!(
            "{} asks the administrators to vote. It needs {} out of {} by {closes}. If it gets them, owners have {waiting} to \
             object before anything changes.",
            opener(case),
            count(case.required.into(), "approval"),
            count(case.electorate.into(), "administrator"),
        ),
        CaseEvent::Quorum { due_at } if case.keys.is_some() => format!(
            "Everybody agrees whom the account’s policy asks. Unless an owner objects, ownership changes on {}.",
            zone.when(*due_at)
        ),
        CaseEvent::Quorum { due_at } => {
            format!(
                "Enough administrators agree. Unless an owner objects, ownership changes on {}.",
                zone.when(*due_at)
            )
        }
        CaseEvent::Paused { by, due_at, pauses_left } => format!(
            "{} paused the case. Ownership now changes on {}, unless an owner objects. {}",
            person(by),
            zone.when(*due_at),
            match pauses_left {
                0 => "It cannot be paused again; an owner can still veto it.".to_owned(),
                1 => "It can be paused once more.".to_owned(),
                left => format!("It can be paused {left} more times."),
            }
        ),
        CaseEvent::Resumed { due_at } => {
            format!("The pause is over. Unless an owner objects, ownership changes on {}.", zone.when(*due_at))
        }
        CaseEvent::Reminder { due_at } => {
            format!("Nobody has objected so far. Unless an owner does, ownership changes on {}.", zone.when(*due_at))
        }
        CaseEvent::BackToCollecting if case.keys.is_some() => format!(
            "Something that the case takes was taken back or lost while it was waiting. It can come again until {closes}. If it \
             does, a full new waiting period of {waiting} starts."
        ),
        CaseEvent::BackToCollecting => format!(
            "A ballot was changed or lost while the case was waiting, so the approvals no longer suffice. Administrators \
             can vote until {closes}. If there are enough again, a full new waiting period of {waiting} starts."
        ),
        CaseEvent::Extended { due_at } => format!(
            "The case was due, but our warning had not reached the mail server of every owner in time. So it waits once \
             more. Unless an owner objects, ownership changes on {}.",
            zone.when(*due_at)
        ),
        CaseEvent::Completed => completed(case),
        CaseEvent::Vetoed { by } => {
            format!("{} vetoed the case, so it has ended. Ownership stays as it is.", person(by))
        }
        CaseEvent::Expired if case.keys.is_some() => {
            "The time ended before everybody had agreed whom the account’s policy asks. Ownership stays as it is."
                .to_owned()
        }
        CaseEvent::Expired => {
            "The voting time ended before enough administrators approved. Ownership stays as it is.".to_owned()
        }
        CaseEvent::Rejected { reason } => format!("{} Ownership stays as it is.", because(*reason)),
        CaseEvent::Withdrawn => {
            format!("{} withdrew the case. Ownership stays as it is.", opener(case))
        }
    }
}

/// What completion has done.
fn completed(case: &CaseFacts) -> String {
    let nominee = person(&case.nominee);
    match case.kind {
        CaseKind::Replace => format!(
            "The waiting period has passed and nobody vetoed the case. {nominee} now owns the account, in \
             place of {}, whose access is suspended.",
            people(&case.owners)
        ),
        CaseKind::Add => {
            format!("The waiting period has passed and nobody vetoed the case. {nominee} now owns the account too.")
        }
    }
}

/// Who opened it. A recovery user is named without an address.
fn opener(case: &CaseFacts) -> String {
    match case.keys {
        None => person(&case.opener),
        Some(_) => format!("{} (recovery user)", plain_text::name(&case.opener.name)),
    }
}

/// Who agrees so far, out of how many.
fn tally(case: &CaseFacts) -> String {
    let approvals = || {
        format!(
            "{} of the {} needed, out of {} who may vote",
            count(case.approvals.into(), "approval"),
            case.required,
            count(case.electorate.into(), "administrator")
        )
    };
    let keys = |keys: KeyFacts| format!("{} of the {} needed", count(keys.redeemed.into(), "paper key"), keys.required);
    match case.keys {
        None => approvals(),
        Some(facts) if case.required == 0 => keys(facts),
        Some(facts) => format!("{}; {}", keys(facts), approvals()),
    }
}

const fn because(reason: Rejection) -> &'static str {
    match reason {
        Rejection::OutOfReach => "So many voted against it that it can no longer get enough approvals.",
        Rejection::CountFellShort => "The approvals fell short during the waiting period, after voting had ended.",
        Rejection::NomineeChanged => "The person it would make owner is no longer an active member of the account.",
        Rejection::OwnersChanged => "The owners of the account are no longer those on whom people voted.",
        Rejection::OtherCaseCompleted => "Another case of this account completed first.",
        Rejection::NomineeDeclined => "The person it would make owner does not want to be it.",
    }
}

/// Why an elector gets no link to vote by.
pub(super) fn signed_in_only(address_changed: Moment, zone: &Zone) -> String {
    format!(
        "You changed your e-mail address on {}, shortly before this case was opened. So this case takes your ballot only \
         when you have signed in.",
        zone.when(address_changed)
    )
}

/// What an owner can do about it.
pub(super) fn for_owner(event: &CaseEvent, case: &CaseFacts) -> &'static str {
    match event {
        CaseEvent::Opened
        | CaseEvent::KeyRedeemed { .. }
        | CaseEvent::Quorum { .. }
        | CaseEvent::Paused { .. }
        | CaseEvent::Resumed { .. }
        | CaseEvent::Reminder { .. }
        | CaseEvent::BackToCollecting
        | CaseEvent::Extended { .. } => {
            "You are still there and do not want this? Then veto: sign in, prove who you are, and the case ends. You can \
             do that at any time until ownership changes."
        }
        CaseEvent::Completed => match case.kind {
            CaseKind::Replace => "If this is wrong, speak to the new owner and to the other administrators.",
            CaseKind::Add => "As an owner you can revoke this ownership: sign in and open the account.",
        },
        CaseEvent::Vetoed { .. } | CaseEvent::Expired | CaseEvent::Rejected { .. } | CaseEvent::Withdrawn => {
            "There is nothing for you to do. If you know nothing about this case, ask the person who opened it."
        }
    }
}

/// What an administrator can do about it.
pub(super) const fn for_administrator(event: &CaseEvent) -> &'static str {
    match event {
        CaseEvent::Opened | CaseEvent::KeyRedeemed { .. } | CaseEvent::BackToCollecting => {
            "You can vote, and change your ballot, on the page of the case."
        }
        CaseEvent::Quorum { .. }
        | CaseEvent::Paused { .. }
        | CaseEvent::Resumed { .. }
        | CaseEvent::Reminder { .. }
        | CaseEvent::Extended { .. } => {
            "You can still change or withdraw your ballot on the page of the case. If it says something you did not \
             choose, do that now."
        }
        CaseEvent::Completed => "Speak to the new owner if anything in your account should change.",
        CaseEvent::Vetoed { .. } => {
            "The owner can be contacted after all: speak to them. The same person cannot be proposed again for a while."
        }
        CaseEvent::Expired | CaseEvent::Rejected { .. } | CaseEvent::Withdrawn => {
            "If the owner still cannot be contacted, an administrator can open a new case. Whoever opened this one has \
             to wait a while first."
        }
    }
}

/// What somebody can do about it who redeemed a key for the case, or whom it names.
pub(super) const fn for_key_reader(reader: KeyReader, event: &CaseEvent) -> &'static str {
    match (reader, event) {
        (KeyReader::Holder, CaseEvent::Completed) => {
            "There is nothing more for you to do. Your key is used up; the new owner can give you another one."
        }
        (KeyReader::Nominee, CaseEvent::Completed) => "Another mail tells you how to begin.",
        (_, CaseEvent::Vetoed { .. }) => "An owner can be contacted after all: speak to them.",
        (KeyReader::Holder, CaseEvent::Expired | CaseEvent::Rejected { .. } | CaseEvent::Withdrawn) => {
            "Your key is used up. If the owners still cannot be contacted, another paper key of the account can open a new case."
        }
        (KeyReader::Nominee, CaseEvent::Expired | CaseEvent::Rejected { .. } | CaseEvent::Withdrawn) => {
            "There is nothing for you to do, and nothing has changed for you."
        }
        (KeyReader::Holder, CaseEvent::BackToCollecting) => {
            "Your key counts as before. Ask whoever else holds one, or the administrators, what is wanting."
        }
        (KeyReader::Nominee, CaseEvent::BackToCollecting) => {
            "Your word counts as before; there is nothing for you to do."
        }
        (
            KeyReader::Holder,
            CaseEvent::Opened
            | CaseEvent::KeyRedeemed { .. }
            | CaseEvent::Quorum { .. }
            | CaseEvent::Paused { .. }
            | CaseEvent::Resumed { .. }
            | CaseEvent::Reminder { .. }
            | CaseEvent::Extended { .. },
        ) => "There is nothing for you to do: the time passes by itself, and you are told how it ends.",
        (
            KeyReader::Nominee,
            CaseEvent::Opened
            | CaseEvent::KeyRedeemed { .. }
            | CaseEvent::Quorum { .. }
            | CaseEvent::Paused { .. }
            | CaseEvent::Resumed { .. }
            | CaseEvent::Reminder { .. }
            | CaseEvent::Extended { .. },
        ) => {
            "You have accepted, so there is nothing for you to do: the time passes by itself, and you are told how it ends."
        }
    }
}

/// Why they get it.
pub(super) const fn why_told(reader: KeyReader) -> &'static str {
    match reader {
        KeyReader::Holder => "You get this because you used a paper key for this case.",
        KeyReader::Nominee => "You get this because a recovery user of this account named this address.",
    }
}

/// What a receipt says of a ballot.
pub(super) const fn recorded(act: BallotAct) -> &'static str {
    match act {
        BallotAct::Approved => "you approve",
        BallotAct::Rejected => "you reject",
        BallotAct::Withdrawn => "you withdrew your ballot",
    }
}
