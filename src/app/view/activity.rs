//! The activity log of an account, with the personal values that have not been erased.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    activity::{
        entry::{Entry, Hash},
        personal::MAIL,
    },
    app::{app::App, error::Error, principal::Principal, rights},
    id::AccountId,
    store::{
        accounts,
        activity::{self, Line},
        entries::{self, Filter, Order},
        tx::Tx,
    },
};

/// What entries to list.
pub type EntryFilter = Filter;
/// Which of them come first.
pub type EntryOrder = Order;

/// An entry of the activity log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntryView {
    /// What was hashed.
    #[schema(value_type = Object)]
    pub entry: Entry,
    /// SHA-256 of the entry in RFC 8785 canonical JSON.
    #[schema(value_type = String)]
    pub hash: Hash,
    /// The personal values behind the entry's commitments, as far as they have not been erased. Not the mail that a ballot came in.
    pub values: BTreeMap<String, String>,
    /// The names of those that have been erased.
    pub erased: Vec<String>,
}

impl EntryView {
    /// An entry as it was read, with what is left of its personal values.
    ///
    /// # Errors
    /// When it is no entry.
    pub(super) fn of(line: &Line, mut values: BTreeMap<String, String>) -> Result<Self, Error> {
        let entry = line.entry()?;
        let erased = entry.personal.keys().filter(|name| !values.contains_key(*name)).cloned().collect();
        values.remove(MAIL);
        Ok(Self { entry, hash: line.hash()?, values, erased })
    }
}

/// Entries in order, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn activity(
    app: &App,
    principal: &Principal,
    account: AccountId,
    mut filter: Filter,
    limit: u16,
) -> Result<Vec<EntryView>, Error> {
    let mut tx = app.db.snapshot().await?;
    let found = accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account).await?;
    entries::narrow(&mut tx, account, found.head.seq, &mut filter).await?;
    entries(&mut tx, account, &filter, i64::from(limit)).await
}

pub(super) async fn entries(
    tx: &mut Tx,
    account: AccountId,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<EntryView>, Error> {
    let lines = entries::list(tx, account, filter, limit).await?;
    let mut values: BTreeMap<i64, BTreeMap<String, String>> = BTreeMap::new();
    for personal in activity::personal(tx, account, &lines).await? {
        values.entry(personal.seq).or_default().insert(personal.name, personal.value);
    }
    lines.iter().map(|line| EntryView::of(line, values.remove(&line.seq).unwrap_or_default())).collect()
}
