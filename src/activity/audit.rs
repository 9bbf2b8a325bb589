//! Checks the log of one account as it is stored: each entry, its columns, its personal values, and the end.
//!
//! Columns repeat what the hashed text says, so that the log can be searched. What they say is checked too, or somebody
//! could hide an entry from a search without touching the chain.

use std::collections::BTreeSet;

use super::{
    cases::Cases,
    chain::{Broken, Head, Replay, Salt, check_personal},
    entry::{Entry, Hash},
    personal::{ERASED, MAIL},
};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub seq: u64,
    /// When.
    pub at: Moment,
    /// What.
    pub kind: String,
    /// The person who did it.
    pub actor: Option<UserId>,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The person it is about.
    pub user: Option<UserId>,
    /// Whether it is marked as one that changes owners.
    pub owners: bool,
    /// The text that was hashed.
    pub body: String,
    /// The stored hash.
    pub hash: Hash,
}

/// A personal value as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    /// Its name.
    pub name: String,
    /// The salt of its commitment.
    pub salt: Salt,
    /// The value.
    pub value: String,
}

/// Whether an entry is in the tree over all accounts' entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// It is said to be that leaf.
    As(u64),
    /// It waits to be.
    Waits,
    /// Neither or both.
    Unclear,
}

/// The check of one account's log, under way.
#[derive(Debug, Clone)]
pub struct Audit {
    replay: Replay,
    /// So many personal values are not there any more.
    missing: u64,
    /// So many were erased, as entries say.
    erased: u64,
    cases: Cases,
}

impl Audit {
    /// Before the first entry of that account, which has these cases.
    #[must_use]
    pub const fn new(account: AccountId, cases: Cases) -> Self {
        Self { replay: Replay::new(account), missing: 0, erased: 0, cases }
    }

    /// Checks the next entry, with those of its personal values that have not been erased.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn next(&mut self, row: &Row, personal: &[Personal]) -> Result<(), Broken> {
        let expected = self.replay.head().seq + 1;
        if row.seq != expected {
            return Err(Broken::OutOfPlace { seq: expected });
        }
        let entry = self.replay.next(&row.body, row.hash)?;
        if let Some(column) = other_column(row, &entry) {
            return Err(Broken::OtherColumn { seq: row.seq, column });
        }
        personal.iter().try_for_each(|value| check_personal(&entry, &value.name, &value.salt, &value.value))?;
        let missing = entry.personal.len().saturating_sub(personal.len());
        self.missing = self.missing.saturating_add(u64::try_from(missing).unwrap_or(u64::MAX));
        if entry.kind == ERASED {
            let values = entry.data.get("values").and_then(serde_json::Value::as_u64);
            self.erased = self.erased.saturating_add(values.unwrap_or_default());
        }
        let mail = personal.iter().find(|value| value.name == MAIL);
        self.cases.take(&entry, mail.map(|mail| mail.value.as_str()));
        Ok(())
    }

    /// Checks that the log ends where the account says, with the owners that the database has, that it tells of every
    /// personal value that is not there any more, and that its cases are as the tables have them.
    ///
    /// # Errors
    /// What does not fit.
    pub fn finish(self, head: Head, owners: &BTreeSet<UserId>) -> Result<(), Broken> {
        self.replay.finish(head, owners)?;
        if self.missing != self.erased {
            return Err(Broken::ErasedUnseen { missing: self.missing, recorded: self.erased });
        }
        self.cases.finish()
    }
}

fn other_column(row: &Row, entry: &Entry) -> Option<&'static str> {
    [
        ("at", row.at == entry.at),
        ("kind", row.kind == entry.kind),
        ("actor_id", row.actor == entry.actor.person()),
        ("case_id", row.case == entry.case),
        ("user_id", row.user == entry.user),
        ("owners", row.owners == entry.owners.is_some()),
    ]
    .into_iter()
    .find_map(|(column, same)| (!same).then_some(column))
}
