//! The activity log of an account, with the personal values that have not been erased.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    activity::{
        entry::{Entry, Hash},
        personal::{MAIL, names_key_holder},
    },
    app::{
        app::App,
        error::Error,
        principal::Principal,
        rights::{self, KeyHolders},
    },
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
    /// The names of those that only owners and operators are told: who was chosen to hold paper keys.
    pub withheld: Vec<String>,
}

impl EntryView {
    /// An entry as it was read, with what is left of its personal values and the reader is told.
    ///
    /// # Errors
    /// When it is no entry.
    pub(super) fn of(line: &Line, mut values: BTreeMap<String, String>, told: KeyHolders) -> Result<Self, Error> {
        let entry = line.entry()?;
        let erased = entry.personal.keys().filter(|name| !values.contains_key(*name)).cloned().collect();
        values.remove(MAIL);
        let hidden: BTreeMap<_, _> = match told {
            KeyHolders::Named => BTreeMap::new(),
            KeyHolders::Unnamed => values.extract_if(.., |name, _| names_key_holder(name)).collect(),
        };
        Ok(Self { entry, hash: line.hash()?, values, erased, withheld: hidden.into_keys().collect() })
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
    let told = rights::key_holders(&mut tx, principal, account).await?;
    entries::narrow(&mut tx, account, found.head.seq, &mut filter).await?;
    entries(&mut tx, account, told, &filter, i64::from(limit)).await
}

pub(super) async fn entries(
    tx: &mut Tx,
    account: AccountId,
    told: KeyHolders,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<EntryView>, Error> {
    let lines = entries::list(tx, account, filter, limit).await?;
    let mut values: BTreeMap<i64, BTreeMap<String, String>> = BTreeMap::new();
    for personal in activity::personal(tx, account, &lines).await? {
        values.entry(personal.seq).or_default().insert(personal.name, personal.value);
    }
    lines.iter().map(|line| EntryView::of(line, values.remove(&line.seq).unwrap_or_default(), told)).collect()
}
