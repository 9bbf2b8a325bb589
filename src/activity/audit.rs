//! Checks the log of one account as it is stored: each entry, its columns, its personal values, and the end.
//!
//! Columns repeat what the hashed text says, so that the log can be searched. What they say is checked too, or somebody
//! could hide an entry from a search without touching the chain.

use std::collections::BTreeSet;

use super::{
    chain::{Broken, Head, Replay, check_commitment},
    entry::{Entry, Hash},
    personal::ERASED,
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
    /// The commitment to the value that is there, which can be large.
    pub commitment: Hash,
}

/// The check of one account's log, under way.
#[derive(Debug, Clone)]
pub struct Audit {
    replay: Replay,
    /// So many personal values are not there any more.
    missing: u64,
    /// So many were erased, as entries say.
    erased: u64,
}

impl Audit {
    /// Before the first entry of that account.
    #[must_use]
    pub const fn new(account: AccountId) -> Self {
        Self { replay: Replay::new(account), missing: 0, erased: 0 }
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
        personal.iter().try_for_each(|value| check_commitment(&entry, &value.name, value.commitment))?;
        let missing = entry.personal.len().saturating_sub(personal.len());
        self.missing = self.missing.saturating_add(u64::try_from(missing).unwrap_or(u64::MAX));
        if entry.kind == ERASED {
            let values = entry.data.get("values").and_then(serde_json::Value::as_u64);
            self.erased = self.erased.saturating_add(values.unwrap_or_default());
        }
        Ok(())
    }

    /// Checks that the log ends where the account says, with the owners that the database has, and that it tells of every
    /// personal value that is not there any more.
    ///
    /// # Errors
    /// What does not fit.
    pub fn finish(&self, head: Head, owners: &BTreeSet<UserId>) -> Result<(), Broken> {
        self.replay.finish(head, owners)?;
        if self.missing == self.erased {
            Ok(())
        } else {
            Err(Broken::ErasedUnseen { missing: self.missing, recorded: self.erased })
        }
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
