//! What whoever has shown a paper key and its mailbox can do with them.

use serde::Serialize;
use utoipa::ToSchema;

use super::case::{CaseView, opened};
use crate::{
    app::{
        app::App,
        error::Error,
        redeem_key::{Attested, attested},
    },
    id::CodeId,
    recovery::{
        case::State,
        terms::{Kind, Route},
    },
    store::{accounts, docket, error::DbError, members, scene, tx::Tx},
};

/// A paper key that works, with the code that shows its mailbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecoveryView {
    /// The name of the account that the key is for.
    pub account: String,
    /// Who holds the key.
    pub holder: String,
    /// Its number.
    pub number: String,
    /// The names of the account's owners.
    pub owners: Vec<String>,
    /// What it may be redeemed for: `replace`, `add` or both.
    #[schema(value_type = Vec<String>)]
    pub kinds: Vec<Kind>,
    /// How many different recovery users must redeem a key.
    pub keys_required: u32,
    /// How many administrators must approve besides.
    pub keys_need_approvals: u32,
    /// How long owners can object once all that is there, in seconds.
    pub waiting_seconds: i64,
    /// What others have asked for with their keys, and this key could join.
    pub cases: Vec<CaseView>,
}

/// What somebody can do with a presented key and that code. Spends nothing, and changes nothing.
///
/// # Errors
/// [`crate::app::error::Access::WrongCode`].
pub async fn recovery(app: &App, recovery: CodeId, code: &str) -> Result<RecoveryView, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let shown = attested(tx, app, recovery, code, app.now()).await?;
    let account =
        accounts::find(tx, shown.account).await?.ok_or_else(|| DbError::corrupt("accounts", shown.account))?;
    let owners = members::key_people(tx, account.id).await?.into_iter().filter(|person| person.member.owner);
    Ok(RecoveryView {
        account: account.name,
        owners: owners.map(|owner| owner.name).collect(),
        kinds: account.policy.key_kinds.iter().copied().collect(),
        keys_required: account.policy.keys_required,
        keys_need_approvals: account.policy.keys_need_approvals,
        waiting_seconds: account.policy.key_waiting_period.as_secs(),
        cases: joinable(tx, &shown).await?,
        holder: shown.holder.user.name,
        number: shown.key.number.to_string(),
    })
}

/// The cases that wait for one more key, and not for theirs.
async fn joinable(tx: &mut Tx, shown: &Attested) -> Result<Vec<CaseView>, Error> {
    let mut views = Vec::new();
    for id in docket::open_of(tx, shown.account).await? {
        let case = scene::load(tx, id, None).await?.ok_or(Error::NotFound)?.case.case;
        let waits = case.state == State::Collecting && case.count().keys < case.terms.keys_required();
        if case.terms.route == Route::Keys && waits && !case.redeemed.contains_key(&shown.shown.by()) {
            views.push(opened(tx, id).await?);
        }
    }
    Ok(views)
}
