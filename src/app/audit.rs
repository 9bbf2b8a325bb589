//! Verifies activity logs: replays every entry, compares columns and personal values, compares the outcome with the owners that
//! the database has, and finds each entry in the tree over all of them.
//!
//! Works while the service runs: some accounts at a time are read from one snapshot. Whoever rewrites everything, and signs it anew,
//! is found by a checkpoint or a key that was kept elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{
    audit_log::{self, Kept, SealedLog},
    check_case::{compare, proven_as_logged},
    error::Error,
};
use crate::{
    activity::{
        audit::{Audit, Row},
        beside::{Beside, Sealed},
        chain::{Broken, Head},
        log::check::{LogBroken, NotThis, Tree},
    },
    id::{AccountId, CaseId, UserId},
    recovery::case::Case,
    store::{
        audit::{self, Range},
        db::Db,
        error::DbError,
        scene,
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
    /// The tree over all accounts' entries, and what is wrong with it.
    pub sealed: SealedLog,
}

impl Findings {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.problems.is_empty() && self.sealed.problems.is_empty()
    }
}

/// Verifies the log of one account, or of all. `seen` hears how many entries were read.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account; when the database fails.
pub async fn verify(
    db: &Db,
    only: Option<AccountId>,
    kept: &Kept,
    seen: &mut (dyn FnMut(u64) + Send),
) -> Result<Findings, Error> {
    let mut tx = db.snapshot().await?;
    let (mut tree, sealed) = audit_log::load(&mut tx, kept).await?;
    let mut findings = Findings { sealed, ..Findings::default() };
    if let Some(account) = only {
        let head = audit::head_of(&mut tx, account).await?.ok_or(Error::NotFound)?;
        Stretch::new(&mut findings, &mut tree, vec![head]).verify(&mut tx, self::only(account), seen).await?;
        return Ok(findings);
    }
    let mut after = None;
    loop {
        let heads = audit::heads(&mut tx, after, ACCOUNTS).await?;
        // The last stretch is open, for entries behind the last account.
        let full = i64::try_from(heads.len()).is_ok_and(|count| count == ACCOUNTS);
        let to = heads.last().map(|(account, _)| *account).filter(|_| full);
        Stretch::new(&mut findings, &mut tree, heads).verify(&mut tx, Range { after, to }, seen).await?;
        if to.is_none() {
            findings.sealed.problems.extend(tree.unseen());
            for table in audit::orphans(&mut tx).await? {
                findings.sealed.problems.push(LogBroken::Orphans { table });
            }
            return Ok(findings);
        }
        after = to;
        tx = db.snapshot().await?;
    }
}

/// What is wrong with one account, without the tree over all of them. `None` where nothing is, or where there is no such account.
///
/// # Errors
/// When the database fails.
pub async fn account(db: &Db, account: AccountId) -> Result<Option<Broken>, Error> {
    let mut tx = db.snapshot().await?;
    let Some(head) = audit::head_of(&mut tx, account).await? else { return Ok(None) };
    let (mut findings, mut tree) = (Findings::default(), Tree::default());
    Stretch::new(&mut findings, &mut tree, vec![head]).verify(&mut tx, only(account), &mut |_| ()).await?;
    Ok(findings.problems.remove(&account))
}

/// The range of one account.
fn only(account: AccountId) -> Range {
    // Ids are whole numbers: right before this one there is no room for another.
    let before = AccountId::from_uuid(Uuid::from_u128(account.uuid().as_u128().saturating_sub(1)));
    Range { after: Some(before), to: Some(account) }
}

/// Some accounts that follow each other.
struct Stretch<'f> {
    findings: &'f mut Findings,
    tree: &'f mut Tree,
    audits: BTreeMap<AccountId, (Audit, Head)>,
    /// What stands beside entries that are not there.
    stray: BTreeMap<AccountId, Broken>,
    /// Cases that entries open.
    opened: BTreeSet<(AccountId, CaseId)>,
}

impl<'f> Stretch<'f> {
    fn new(findings: &'f mut Findings, tree: &'f mut Tree, heads: Vec<(AccountId, Head)>) -> Self {
        let audits = heads.into_iter().map(|(account, head)| (account, (Audit::new(account), head))).collect();
        Self { findings, tree, audits, stray: BTreeMap::new(), opened: BTreeSet::new() }
    }

    async fn verify(mut self, tx: &mut Tx, range: Range, seen: &mut (dyn FnMut(u64) + Send)) -> Result<(), DbError> {
        let owners = audit::owners(tx, range).await?;
        // Entries are numbered from 1. One that is not is read, and found out of place.
        let nothing = (AccountId::from_uuid(Uuid::nil()), 0);
        let mut at = range.after.map_or(nothing, |account| (account, u64::MAX));
        let end = (range.to.unwrap_or_else(|| AccountId::from_uuid(Uuid::max())), u64::MAX);
        loop {
            let rows = audit::entries(tx, at, range.to, ENTRIES).await?;
            let last = rows.last().map_or(end, |(account, row)| (*account, row.seq));
            let personal = audit::personal(tx, at, last).await?;
            let leaves = audit::leaves(tx, at, last).await?;
            let waiting = audit::unsealed(tx, at, last).await?;
            let count = u64::try_from(rows.len()).unwrap_or_default();
            self.take(rows, Beside::new(personal, leaves, waiting));
            self.findings.entries += count;
            seen(count);
            at = last;
            if count == 0 {
                break;
            }
        }
        let cases = audit::cases(tx, range).await?;
        let mut untold = std::mem::take(&mut self.opened);
        let (problems, stray) = self.finish(owners);
        for (account, case) in cases {
            untold.remove(&(account, case));
            if !problems.contains_key(&account)
                && let Some(why) = other_case(tx, case).await?
            {
                problems.insert(account, Broken::OtherCase { case, why });
            }
        }
        for (account, case) in untold {
            let why = "the tables do not have it".to_owned();
            problems.entry(account).or_insert(Broken::OtherCase { case, why });
        }
        for (account, problem) in stray {
            problems.entry(account).or_insert(problem);
        }
        Ok(())
    }

    fn take(&mut self, rows: Vec<(AccountId, Row)>, mut beside: Beside) {
        for (account, row) in rows {
            let own = beside.at((account, row.seq));
            // Also behind a problem, or each leaf there would seem to be no entry.
            let in_tree = check_sealed(self.tree, &row, own.sealed);
            if self.findings.problems.contains_key(&account) {
                continue;
            }
            self.opened.extend(row.case.filter(|_| row.kind == "case.opened").map(|case| (account, case)));
            let outcome = match self.audits.get_mut(&account) {
                Some((audit, _)) => audit.next(&row, &own.personal).and(in_tree),
                None => Err(Broken::NoAccount { seq: row.seq }),
            };
            if let Err(problem) = outcome {
                self.findings.problems.insert(account, problem);
            }
        }
        for (account, problem) in beside.stray() {
            self.stray.entry(account).or_insert(problem);
        }
    }

    /// Ends each account's check. Says where problems are kept, and what is left to be told where there is none.
    fn finish(
        self,
        owners: Vec<(AccountId, UserId)>,
    ) -> (&'f mut BTreeMap<AccountId, Broken>, BTreeMap<AccountId, Broken>) {
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
        (&mut self.findings.problems, self.stray)
    }
}

/// What the tables have of a case that the log does not tell; `None` where they agree.
async fn other_case(tx: &mut Tx, case: CaseId) -> Result<Option<String>, DbError> {
    match scene::load(tx, case, None).await {
        Ok(Some(scene)) => {
            let case = &scene.case.case;
            let repeated = audit::columns(tx, case.id()).await?.is_some_and(|columns| columns.are_of(case));
            if !repeated {
                return Ok(Some("its columns do not say what its terms and its ballots say".to_owned()));
            }
            match compare(tx, case).await? {
                Ok(()) => other_proof(tx, case).await,
                Err(why) => Ok(Some(why)),
            }
        }
        Ok(None) => Ok(Some("somebody in its columns is not there".to_owned())),
        // Rows that make no sense together.
        Err(corrupt @ DbError::Corrupt { .. }) => Ok(Some(corrupt.to_string())),
        Err(error) => Err(error),
    }
}

/// A ballot that is not what its elector signed, or what their mail says; `None` where each is.
async fn other_proof(tx: &mut Tx, case: &Case) -> Result<Option<String>, DbError> {
    let corrupt = "a ballot is not what its elector signed or what their mail says, or has no signature that is right";
    match proven_as_logged(tx, case).await {
        Ok(true) => Ok(None),
        Ok(false) | Err(DbError::Corrupt { .. }) => Ok(Some(corrupt.to_owned())),
        Err(error) => Err(error),
    }
}

fn check_sealed(tree: &mut Tree, row: &Row, sealed: Sealed) -> Result<(), Broken> {
    let seq = row.seq;
    match sealed {
        Sealed::As(leaf) => tree.take(leaf, &row.hash).map_err(|NotThis| Broken::OtherLeaf { seq, leaf }),
        Sealed::Waits => Ok(()),
        Sealed::Unclear => Err(Broken::NotSealed { seq }),
    }
}
