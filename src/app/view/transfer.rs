//! Offers of ownership, as the people of an account see them.

use serde::Serialize;
use utoipa::ToSchema;

use super::case::PersonView;
use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, CaseId, TransferId, UserId},
    moment::Moment,
    ownership::{
        member::Member,
        transfer::{Cancelled, State, Transfer},
    },
    store::{accounts, members, transfers, tx::Tx, users},
};

/// An offer of ownership.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferView {
    /// Its id.
    pub id: TransferId,
    /// The account.
    pub account: AccountId,
    /// The account's name.
    pub account_name: String,
    /// The owner who offers.
    pub from: PersonView,
    /// The member who would own the account in their place.
    pub to: PersonView,
    /// `pending`, `accepted`, `declined`, `cancelled` or `expired`.
    pub state: &'static str,
    /// When it was offered.
    pub offered_at: Moment,
    /// From when it can no longer be accepted.
    pub expires_at: Moment,
    /// When it ended; null while it waits for an answer.
    pub ended_at: Option<Moment>,
    /// Why it was cancelled: `taken_back`, `offerer_no_owner`, `member_unfit` or `recovered`.
    pub why: Option<&'static str>,
    /// The owner who took it back.
    pub ended_by: Option<PersonView>,
    /// The recovery case that came before.
    pub case: Option<CaseId>,
}

/// One offer, for whoever may read its account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn transfer(app: &App, principal: &Principal, id: TransferId) -> Result<TransferView, Error> {
    let mut tx = app.db.snapshot().await?;
    let stored = transfers::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, stored.account).await?;
    transfer_view(&mut tx, id, app.now()).await
}

/// The offers of an account by id, for whoever may read it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn transfers_of(
    app: &App,
    principal: &Principal,
    account: AccountId,
    after: Option<TransferId>,
    limit: u16,
) -> Result<Vec<TransferView>, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, account).await?;
    let owners = owners_of(tx, account).await?;
    let mut views = Vec::new();
    for transfer in transfers::list(tx, account, after, i64::from(limit)).await? {
        views.push(view(tx, account, &transfer, &owners, app.now()).await?);
    }
    Ok(views)
}

/// One offer, for somebody who may know of it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such offer.
pub async fn transfer_view(tx: &mut Tx, id: TransferId, now: Moment) -> Result<TransferView, Error> {
    let stored = transfers::find(tx, id).await?.ok_or(Error::NotFound)?;
    let owners = owners_of(tx, stored.account).await?;
    view(tx, stored.account, &stored.transfer, &owners, now).await
}

async fn owners_of(tx: &mut Tx, account: AccountId) -> Result<Vec<Member>, Error> {
    let people = members::key_people(tx, account).await?;
    Ok(people.into_iter().map(|person| person.member).filter(|member| member.owner).collect())
}

async fn view(
    tx: &mut Tx,
    account: AccountId,
    transfer: &Transfer,
    owners: &[Member],
    now: Moment,
) -> Result<TransferView, Error> {
    let state = transfer.state_at(owners, now);
    let (why, by, case) = match state {
        State::Cancelled { why, .. } => match why {
            Cancelled::TakenBack { by } => (Some(why.word()), Some(by), None),
            Cancelled::Recovered { case } => (Some(why.word()), None, Some(case)),
            Cancelled::OffererNoOwner | Cancelled::MemberUnfit => (Some(why.word()), None, None),
        },
        State::Pending | State::Accepted { .. } | State::Declined { .. } | State::Expired { .. } => (None, None, None),
    };
    let ended_by = match by {
        Some(by) => Some(person(tx, by).await?),
        None => None,
    };
    Ok(TransferView {
        id: transfer.id,
        account,
        account_name: accounts::find(tx, account).await?.ok_or(Error::NotFound)?.name,
        from: person(tx, transfer.from).await?,
        to: person(tx, transfer.to).await?,
        state: state.word(),
        offered_at: transfer.offered_at,
        expires_at: transfer.expires_at,
        ended_at: state.ended_at(),
        why,
        ended_by,
        case,
    })
}

async fn person(tx: &mut Tx, user: UserId) -> Result<PersonView, Error> {
    Ok(PersonView { user, name: users::contact(tx, user).await?.name })
}
