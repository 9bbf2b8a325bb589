//! What every change of an offer of ownership has in common: how it is written down, told and settled.
//!
//! An offer ends by an answer, by time, or because it has lost its sense: whoever offered is no owner any more, the
//! member is gone or owns the account already, a recovery has come before. The last kinds are written down in the unit
//! of work that brings them about.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    error::Error,
    here::{Bound, Here},
    tell_case::{account_facts, contact, named},
};
use crate::{
    activity::entry::Draft,
    id::{CaseId, UserId},
    mail::{
        facts::{NewOwnership, TransferEvent, TransferReader},
        message::Message,
    },
    ownership::{
        actor::Actor,
        transfer::{Cancelled, State, Transfer},
    },
    store::{links::Purpose, mails::Contact, transfers},
};

/// Writes a new offer down, and tells everybody concerned.
///
/// # Errors
/// When the database fails.
pub(super) async fn begin(here: &mut Here<'_>, transfer: &Transfer, actor: Actor) -> Result<(), Error> {
    transfers::insert(here.tx, here.account.id, transfer).await?;
    here.record(entry(transfer, transfer.state, actor)).await?;
    let link = here.link(Purpose::Transfer, transfer.to, Bound::Transfer(transfer.id)).await?;
    let from = named(here, transfer.from).await?;
    let to = contact(here, transfer.to).await?;
    let (at, expires_at) = (here.now, transfer.expires_at);
    here.mail(&to, &Message::TransferRequest { account: account_facts(here), from, at, expires_at, link }).await?;
    tell_owners(here, transfer, &TransferEvent::Offered { expires_at }).await
}

/// Writes down how an offer ended, and tells everybody concerned. Where owners change by it, they have changed already,
/// and `primary` is who became the primary owner by it.
///
/// # Errors
/// When the database fails, or the offer has ended before.
pub(super) async fn end(
    here: &mut Here<'_>,
    transfer: &Transfer,
    state: State,
    actor: Actor,
    primary: Option<UserId>,
) -> Result<(), Error> {
    transfers::end(here.tx, transfer.id, state).await?;
    crate::store::links::kill_of_transfer(here.tx, transfer.id, here.now).await?;
    let draft = entry(transfer, state, actor);
    let draft = match primary {
        Some(primary) => draft.with("primary", json!(primary)),
        None => draft,
    };
    here.record(draft).await?;
    tell_end(here, transfer, state).await
}

/// The offer that waits for an answer. One that time, or a change of owners by `actor`, has ended is written down as such.
///
/// # Errors
/// When the database fails.
pub(super) async fn settle(here: &mut Here<'_>, actor: Actor) -> Result<Option<Transfer>, Error> {
    let Some(transfer) = transfers::pending(here.tx, here.account.id).await? else { return Ok(None) };
    let state = transfer.state_at(&here.owner_members(), here.now);
    let by = match state {
        State::Pending => return Ok(Some(transfer)),
        State::Expired { .. } => Actor::Service,
        State::Accepted { .. } | State::Declined { .. } | State::Cancelled { .. } => actor,
    };
    end(here, &transfer, state, by, None).await?;
    Ok(None)
}

/// A member is gone: what was offered to them is not offered any more.
///
/// # Errors
/// When the database fails.
pub(super) async fn member_gone(here: &mut Here<'_>, member: UserId, actor: Actor) -> Result<(), Error> {
    match settle(here, actor).await? {
        Some(transfer) if transfer.to == member => {
            end(here, &transfer, transfer.member_gone(here.now), actor, None).await
        }
        Some(_) | None => Ok(()),
    }
}

/// A recovery has completed: it comes before whatever the former owners had offered.
///
/// # Errors
/// When the database fails.
pub(super) async fn recovered(here: &mut Here<'_>, case: CaseId) -> Result<(), Error> {
    let Some(transfer) = transfers::pending(here.tx, here.account.id).await? else { return Ok(()) };
    end(here, &transfer, transfer.recovered(case, here.now), Actor::Service, None).await
}

/// How a step of a transfer stands in the activity log.
fn entry(transfer: &Transfer, state: State, actor: Actor) -> Draft {
    let kind = match state {
        State::Pending => "transfer.offered",
        State::Accepted { .. } => "transfer.accepted",
        State::Declined { .. } => "transfer.declined",
        State::Cancelled { .. } => "transfer.cancelled",
        State::Expired { .. } => "transfer.expired",
    };
    let draft = Draft::new(kind, actor)
        .user(transfer.to)
        .with("transfer", transfer.id.to_string())
        .with("from", json!(transfer.from));
    match state {
        State::Pending => draft.with("expires_at", json!(transfer.expires_at)),
        State::Accepted { .. } => draft.owners(BTreeSet::from([transfer.to]), BTreeSet::from([transfer.from])),
        State::Cancelled { why, .. } => {
            let draft = draft.with("why", why.word());
            match why {
                Cancelled::Recovered { case } => draft.case(case),
                Cancelled::TakenBack { .. } | Cancelled::OffererNoOwner | Cancelled::MemberUnfit => draft,
            }
        }
        State::Declined { .. } | State::Expired { .. } => draft,
    }
}

async fn tell_end(here: &mut Here<'_>, transfer: &Transfer, state: State) -> Result<(), Error> {
    let event = match state {
        State::Pending => return Ok(()),
        State::Accepted { .. } => TransferEvent::Accepted,
        State::Declined { .. } => TransferEvent::Declined,
        State::Expired { .. } => TransferEvent::Expired,
        State::Cancelled { why, .. } => match why {
            Cancelled::TakenBack { by } => TransferEvent::TakenBack { by: named(here, by).await? },
            Cancelled::OffererNoOwner => TransferEvent::OffererNoOwner,
            Cancelled::MemberUnfit => TransferEvent::MemberUnfit,
            Cancelled::Recovered { .. } => TransferEvent::Recovered,
        },
    };
    tell_owners(here, transfer, &event).await?;
    let to = contact(here, transfer.to).await?;
    match event {
        TransferEvent::Accepted => {
            let by = named(here, transfer.from).await?;
            let (account, how, at) = (account_facts(here), NewOwnership::Transferred { by }, here.now);
            here.mail(&to, &Message::NewOwnerWelcome { account, how, at, enrol: None }).await
        }
        // They have just said so themselves.
        TransferEvent::Declined | TransferEvent::Offered { .. } => Ok(()),
        TransferEvent::TakenBack { .. }
        | TransferEvent::OffererNoOwner
        | TransferEvent::MemberUnfit
        | TransferEvent::Recovered
        | TransferEvent::Expired => alert(here, transfer, &event, TransferReader::Member, &to).await,
    }
}

/// Alerts all owners, and whoever offered, also when they own the account no longer.
async fn tell_owners(here: &mut Here<'_>, transfer: &Transfer, event: &TransferEvent) -> Result<(), Error> {
    let mut readers = here.owners();
    readers.insert(transfer.from);
    readers.remove(&transfer.to);
    for reader in readers {
        let to = contact(here, reader).await?;
        alert(here, transfer, event, TransferReader::Owner, &to).await?;
    }
    Ok(())
}

async fn alert(
    here: &mut Here<'_>,
    transfer: &Transfer,
    event: &TransferEvent,
    reader: TransferReader,
    to: &Contact,
) -> Result<(), Error> {
    let message = Message::TransferAlert {
        account: account_facts(here),
        reader,
        event: event.clone(),
        from: named(here, transfer.from).await?,
        to: named(here, transfer.to).await?,
        at: here.now,
    };
    here.mail(to, &message).await
}
