//! The activity log of an account, with the personal values that have not been erased.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    activity::entry::{Entry, Hash},
    app::{app::App, error::Error, principal::Principal, rights},
    id::AccountId,
    store::{
        accounts,
        activity::{self, Filter},
        tx::Tx,
    },
};

/// What entries to list.
pub type EntryFilter = Filter;

/// An entry of the activity log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntryView {
    /// What was hashed.
    #[schema(value_type = Object)]
    pub entry: Entry,
    /// SHA-256 of the entry in RFC 8785 canonical JSON.
    #[schema(value_type = String)]
    pub hash: Hash,
    /// The personal values behind the entry's commitments, as far as they have not been erased.
    pub values: BTreeMap<String, String>,
}

/// Entries in order, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn activity(
    app: &App,
    principal: &Principal,
    account: AccountId,
    filter: Filter,
    kind: Option<String>,
    limit: u16,
) -> Result<Vec<EntryView>, Error> {
    let mut tx = app.db.snapshot().await?;
    accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account).await?;
    entries(&mut tx, account, filter, kind, i64::from(limit)).await
}

pub(super) async fn entries(
    tx: &mut Tx,
    account: AccountId,
    filter: Filter,
    kind: Option<String>,
    limit: i64,
) -> Result<Vec<EntryView>, Error> {
    let lines = activity::list(tx, account, filter, kind, limit).await?;
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(Vec::new()) };
    let mut values: BTreeMap<i64, BTreeMap<String, String>> = BTreeMap::new();
    for personal in activity::personal(tx, account, first.seq, last.seq).await? {
        values.entry(personal.seq).or_default().insert(personal.name, personal.value);
    }
    let view = |line: activity::Line| {
        let values = values.remove(&line.seq).unwrap_or_default();
        Ok(EntryView { entry: line.entry()?, hash: line.hash()?, values })
    };
    lines.into_iter().map(view).collect()
}
