//! What the form shows with which somebody opens a case: the account, and who could become owner.

use super::{account::AccountDetail, member::MemberView};
use crate::{
    app::{app::App, error::Error, principal::Principal},
    id::AccountId,
    ownership::member::Status,
    recovery::standing::NoStanding,
    store::{members, roster},
};

/// How many members the form offers. Whoever is not among them can be proposed through the API.
const MOST: i64 = 200;

/// What the form shows.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The account, its owners and its policy.
    pub detail: AccountDetail,
    /// Who could become owner: confirmed, active members who are none.
    pub eligible: Vec<MemberView>,
    /// Why the caller cannot open a case, if they have no standing.
    pub no_standing: Option<NoStanding>,
}

/// What the form shows, to whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn opening(app: &App, principal: &Principal, id: AccountId) -> Result<Opening, Error> {
    let user = principal.person_everywhere()?;
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let detail = super::account::detail(tx, app, principal, id).await?;
    let owners = members::owners(tx, id).await?;
    let no_standing = roster::load(tx, id).await?.why_not(user, app.now(), &owners);
    let rows = members::list(tx, id, None, MOST).await?;
    let fit = |row: &&members::Stored| row.member.status == Status::Active && row.member.confirmed && !row.member.owner;
    Ok(Opening { detail, eligible: rows.iter().filter(fit).map(MemberView::from).collect(), no_standing })
}
