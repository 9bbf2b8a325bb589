//! Verifies activity logs: replays every entry, compares columns and personal values, and compares the outcome with the
//! owners that the database has.
//!
//! Works while the service runs: some accounts at a time are read from one snapshot. Whoever rewrites a whole log with
//! its head is found by what was kept elsewhere, not by this.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::error::Error;
use crate::{
    activity::{
        audit::{Audit, Personal, Row},
        chain::{Broken, Head},
    },
    id::{AccountId, UserId},
    store::{
        audit::{self, Range},
        db::Db,
        error::DbError,
        tx::Tx,
    },
};

/// Accounts read from one snapshot.
const ACCOUNTS: i64 = 200;
/// Entries read at once.
const ENTRIES: i64 = 1000;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// Accounts that were looked at.
    pub accounts: u64,
    /// Entries that were looked at. Of a broken log, those after the first problem prove nothing.
    pub entries: u64,
    /// The first problem of each account that has one.
    pub problems: BTreeMap<AccountId, Broken>,
}

/// Verifies the log of one account, or of all. `seen` hears how many entries were read.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account; when the database fails.
pub async fn verify(db: &Db, only: Option<AccountId>, seen: &mut (dyn FnMut(u64) + Send)) -> Result<Findings, Error> {
    let mut findings = Findings::default();
    if let Some(account) = only {
        let mut tx = db.snapshot().await?;
        let head = audit::head_of(&mut tx, account).await?.ok_or(Error::NotFound)?;
        // Ids are whole numbers: right before this one there is no room for another.
        let before = AccountId::from_uuid(Uuid::from_u128(account.uuid().as_u128().saturating_sub(1)));
        let range = Range { after: Some(before), to: Some(account) };
        Stretch::new(&mut findings, vec![head]).verify(&mut tx, range, seen).await?;
        return Ok(findings);
    }
    let mut after = None;
    loop {
        let mut tx = db.snapshot().await?;
        let heads = audit::heads(&mut tx, after, ACCOUNTS).await?;
        // The last stretch is open, for entries behind the last account.
        let full = i64::try_from(heads.len()).is_ok_and(|count| count == ACCOUNTS);
        let to = heads.last().map(|(account, _)| *account).filter(|_| full);
        Stretch::new(&mut findings, heads).verify(&mut tx, Range { after, to }, seen).await?;
        if to.is_none() {
            return Ok(findings);
        }
        after = to;
    }
}

/// Some accounts that follow each other.
struct Stretch<'f> {
    findings: &'f mut Findings,
    audits: BTreeMap<AccountId, (Audit, Head)>,
    /// Personal values whose entry is not there.
    stray: BTreeMap<AccountId, Broken>,
}

impl<'f> Stretch<'f> {
    fn new(findings: &'f mut Findings, heads: Vec<(AccountId, Head)>) -> Self {
        let audits = heads.into_iter().map(|(account, head)| (account, (Audit::new(account), head))).collect();
        Self { findings, audits, stray: BTreeMap::new() }
    }

    async fn verify(mut self, tx: &mut Tx, range: Range, seen: &mut (dyn FnMut(u64) + Send)) -> Result<(), DbError> {
        let owners = audit::owners(tx, range).await?;
        // Entries are numbered from 1. One that is not is read, and found out of place.
        let nothing = (AccountId::from_uuid(Uuid::nil()), 0);
        let mut at = range.after.map_or(nothing, |account| (account, u64::MAX));
        loop {
            let rows = audit::entries(tx, at, range.to, ENTRIES).await?;
            let Some((account, row)) = rows.last() else { break };
            let last = (*account, row.seq);
            let personal = audit::personal(tx, at, last).await?;
            let count = u64::try_from(rows.len()).unwrap_or_default();
            self.take(rows, personal);
            self.findings.entries += count;
            seen(count);
            at = last;
        }
        let end = (range.to.unwrap_or_else(|| AccountId::from_uuid(Uuid::max())), u64::MAX);
        for (place, value) in audit::personal(tx, at, end).await? {
            self.stray(place, value);
        }
        self.finish(owners);
        Ok(())
    }

    fn take(&mut self, rows: Vec<(AccountId, Row)>, personal: Vec<((AccountId, u64), Personal)>) {
        let mut personal = personal.into_iter().peekable();
        let mut own = Vec::new();
        for (account, row) in rows {
            own.clear();
            while let Some((place, value)) = personal.next_if(|(place, _)| *place < (account, row.seq)) {
                self.stray(place, value);
            }
            while let Some((_, value)) = personal.next_if(|(place, _)| *place == (account, row.seq)) {
                own.push(value);
            }
            if self.findings.problems.contains_key(&account) {
                continue;
            }
            let outcome = match self.audits.get_mut(&account) {
                Some((audit, _)) => audit.next(&row, &own),
                None => Err(Broken::NoAccount { seq: row.seq }),
            };
            if let Err(problem) = outcome {
                self.findings.problems.insert(account, problem);
            }
        }
    }

    fn stray(&mut self, (account, seq): (AccountId, u64), value: Personal) {
        self.stray.entry(account).or_insert(Broken::PersonalChanged { seq, name: value.name });
    }

    fn finish(self, owners: Vec<(AccountId, UserId)>) {
        let mut of_account: BTreeMap<AccountId, BTreeSet<UserId>> = BTreeMap::new();
        for (account, owner) in owners {
            of_account.entry(account).or_default().insert(owner);
        }
        for (account, (audit, head)) in self.audits {
            self.findings.accounts += 1;
            let owners = of_account.remove(&account).unwrap_or_default();
            if let Err(problem) = audit.finish(head, &owners) {
                // What was found on the way explains the end.
                self.findings.problems.entry(account).or_insert(problem);
            }
        }
        for (account, problem) in self.stray {
            self.findings.problems.entry(account).or_insert(problem);
        }
    }
}
