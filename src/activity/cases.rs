//! The cases of an account: each is replayed while the entries of the account's log go by, and compared at the end with what the tables
//! have of it.

use std::collections::{
    BTreeMap,
    btree_map::Entry::{Occupied, Vacant},
};

use super::{case::CaseReplay, chain::Broken, entry::Entry};
use crate::{
    id::{CaseId, UserId},
    passkey::ballot::Signature,
    recovery::case::Case,
};

/// What the tables have of a case.
#[derive(Debug, Clone)]
pub struct StoredCase {
    /// The case, as it is decided on.
    pub case: Case,
    /// Whether what is repeated beside it, so that it can be searched, says the same.
    pub repeated: bool,
    /// The signatures of its ballots.
    pub signatures: BTreeMap<UserId, Signature>,
}

/// The cases of one account.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    /// What the tables have, or why that makes no sense.
    stored: BTreeMap<CaseId, Result<StoredCase, String>>,
    /// What the log tells, or what is wrong with it.
    told: BTreeMap<CaseId, Result<CaseReplay, String>>,
}

impl Cases {
    /// All that the tables have of an account; for each case what there is, or why that makes no sense.
    #[must_use]
    pub const fn new(stored: BTreeMap<CaseId, Result<StoredCase, String>>) -> Self {
        Self { stored, told: BTreeMap::new() }
    }

    /// Takes in the next entry of the account's log, with the mail that it commits to, if there is one.
    pub fn take(&mut self, entry: &Entry, mail: Option<&str>) {
        let Some(case) = entry.case else { return };
        match self.told.entry(case) {
            Occupied(mut told) => {
                let next = told.get_mut().as_mut().map(|replay| replay.next_with(entry, mail));
                if let Ok(Err(wrong)) = next {
                    *told.get_mut() = Err(wrong.to_string());
                }
            }
            Vacant(place) => match self.stored.get(&case) {
                Some(Ok(StoredCase { case, .. })) => {
                    place.insert(CaseReplay::of(case, entry).map_err(|wrong| wrong.to_string()));
                }
                Some(Err(_)) => {}
                None if entry.kind == "case.opened" => {
                    place.insert(Err("the tables do not have it".to_owned()));
                }
                None => {}
            },
        }
    }

    /// Compares what the log tells with what the tables have.
    ///
    /// # Errors
    /// The first case that differs.
    pub fn finish(mut self) -> Result<(), Broken> {
        for (case, stored) in self.stored {
            let told = self.told.remove(&case).unwrap_or_else(|| Err("there are no entries".to_owned()));
            stored.and_then(|stored| stored.check(&told?)).map_err(|why| Broken::OtherCase { case, why })?;
        }
        // Whatever is left of them has no row.
        match self.told.into_iter().next() {
            Some((case, told)) => Err(Broken::OtherCase { case, why: told.err().unwrap_or_default() }),
            None => Ok(()),
        }
    }
}

impl StoredCase {
    fn check(&self, told: &CaseReplay) -> Result<(), String> {
        if !self.repeated {
            return Err("its columns do not say what its terms and its ballots say".to_owned());
        }
        told.compare(&self.case, &self.signatures).map_err(|wrong| wrong.to_string())
    }
}
