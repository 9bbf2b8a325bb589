//! Who owns an account, who could, and what is offered to whom.

use super::{
    member::MemberView,
    transfer::{TransferView, transfer_view},
};
use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, UserId},
    ownership::{owner, preset::Preset, rights::Rights},
    recovery::policy::Policy,
    store::{accounts, members, transfers, tx::Tx},
};

/// Who owns an account, who could, and what is offered.
#[derive(Debug, Clone)]
pub struct Ownership {
    /// The account's name.
    pub account_name: String,
    /// Its policy.
    pub policy: Policy,
    /// Its owners, with what people call their roles.
    pub owners: Vec<(MemberView, String)>,
    /// The primary owner, where there is one.
    pub primary: Option<UserId>,
    /// The offer that waits for an answer.
    pub offered: Option<TransferView>,
    /// Whether the reader owns the account.
    pub reader_owns: bool,
    /// Who could become owner: confirmed, active members who are none.
    pub eligible: Vec<MemberView>,
}

/// How many members the form offers. The others are found on the members page.
const MOST: i64 = 200;

/// The ownership page, for a person who may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn ownership_page(app: &App, principal: &Principal, id: AccountId) -> Result<Ownership, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, id).await?.ok_or(Error::NotFound)?;
    let preset = app.preset_of(&account)?;
    let rights = rights::rights(tx, principal, id, preset).await?;
    let owners = members::key_people(tx, id).await?;
    let pending = transfers::pending(tx, id).await?;
    let offered = match pending {
        Some(transfer) => Some(transfer_view(tx, transfer.id, app.now()).await?),
        None => None,
    };
    let rows = eligible(tx, id, preset).await?;
    let line = |row: &members::Stored| (MemberView::from(row), app.role_title(&account.preset, &row.member.role));
    Ok(Ownership {
        owners: owners.iter().filter(|person| person.member.owner).map(line).collect(),
        primary: account.primary_owner,
        offered: offered.filter(|transfer| transfer.state == "pending"),
        reader_owns: rights == Rights::Owner,
        eligible: rows,
        account_name: account.name,
        policy: account.policy,
    })
}

async fn eligible(tx: &mut Tx, id: AccountId, preset: &Preset) -> Result<Vec<MemberView>, Error> {
    let fit = |row: &&members::Stored| {
        let role = preset.role(&row.member.role);
        !row.member.owner && role.is_some_and(|role| owner::can_own(&row.member, role).is_ok())
    };
    let rows = members::list(tx, id, None, MOST).await?;
    Ok(rows.iter().filter(fit).map(MemberView::from).collect())
}
