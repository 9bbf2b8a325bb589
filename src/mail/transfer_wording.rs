//! What mails say about an offer of ownership.

use super::{
    facts::{NewOwnership, Person, TransferEvent, TransferReader},
    wording::person,
};
use crate::zone::Zone;

/// The event as a headline, without any word that a user typed.
pub(super) const fn headline(event: &TransferEvent) -> &'static str {
    match event {
        TransferEvent::Offered { .. } => "ownership is offered to a member",
        TransferEvent::Accepted => "ownership was transferred",
        TransferEvent::Declined => "the offered ownership was declined",
        TransferEvent::TakenBack { .. } => "the offer of ownership was taken back",
        TransferEvent::OffererNoOwner | TransferEvent::MemberUnfit | TransferEvent::Recovered => {
            "the offer of ownership has ended"
        }
        TransferEvent::Expired => "the offer of ownership has expired",
    }
}

/// What happened, and what happens next.
pub(super) fn told(event: &TransferEvent, from: &Person, to: &Person, zone: &Zone) -> String {
    let (from, to) = (person(from), person(to));
    match event {
        TransferEvent::Offered { expires_at } => format!(
            "{from} offers their ownership to {to}. If {to} accepts before {}, they own the account and {from} no longer does. \
             Until then any owner can take the offer back.",
            zone.when(*expires_at)
        ),
        TransferEvent::Accepted => format!(
            "{to} accepted the ownership that {from} had offered. {to} owns the account now; {from} no longer does, and keeps \
             their role in it."
        ),
        TransferEvent::Declined => format!("{to} declined the ownership that {from} had offered. Nothing changes."),
        TransferEvent::TakenBack { by } => {
            format!("{} took back the ownership that {from} had offered to {to}. Nothing changes.", person(by))
        }
        TransferEvent::OffererNoOwner => {
            format!("{from} is no longer an owner, so the ownership that they had offered to {to} is offered no more.")
        }
        TransferEvent::MemberUnfit => format!(
            "{to} left the account, was removed from it, or owns it already, so the ownership that {from} had offered them is \
             offered no more."
        ),
        TransferEvent::Recovered => format!(
            "A recovery gave the account a new owner, so the ownership that {from} had offered to {to} is offered no more."
        ),
        TransferEvent::Expired => {
            format!("{to} did not answer in time, so the ownership that {from} had offered them is offered no more.")
        }
    }
}

/// What the reader can do about it.
pub(super) const fn advice(event: &TransferEvent, reader: TransferReader) -> &'static str {
    match (reader, event) {
        (TransferReader::Owner, TransferEvent::Offered { .. }) => {
            "You did not expect this? Then sign in, and take the offer back on the page of the account. If somebody used your \
             sign-in, end your sessions first."
        }
        (TransferReader::Owner, TransferEvent::Accepted) => {
            "You did not expect this? Then speak to the other owners and administrators at once. If somebody used your \
             sign-in, end your sessions first."
        }
        (
            TransferReader::Owner,
            TransferEvent::Declined
            | TransferEvent::TakenBack { .. }
            | TransferEvent::OffererNoOwner
            | TransferEvent::MemberUnfit
            | TransferEvent::Recovered
            | TransferEvent::Expired,
        ) => "An owner can offer ownership again on the page of the account.",
        (TransferReader::Member, _) => "You need not do anything. The link in the earlier mail works no more.",
    }
}

/// Why the reader gets it.
pub(super) const fn why(reader: TransferReader) -> &'static str {
    match reader {
        TransferReader::Owner => {
            "You get this because you own this account, or did. Such alerts cannot be switched off."
        }
        TransferReader::Member => "You get this because ownership of this account was offered to you.",
    }
}

/// How a new owner came to own the account.
pub(super) fn how_owned(how: &NewOwnership) -> String {
    match how {
        NewOwnership::Recovered(case) if case.keys.is_some() => {
            "You were named with a paper key and accepted, the waiting period has passed, and no owner vetoed it."
                .to_owned()
        }
        NewOwnership::Recovered(case) => format!(
            "{} of the account's administrators approved it, the waiting period has passed, and no owner vetoed it.",
            case.approvals
        ),
        NewOwnership::Granted { by } => format!("{} made you an owner.", person(by)),
        NewOwnership::Transferred { by } => format!("{} offered you theirs, and you accepted.", person(by)),
        NewOwnership::First => "You were named as its first owner, and your address is confirmed now.".to_owned(),
    }
}
