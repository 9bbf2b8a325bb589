//! Verifies activity logs: replays every entry, compares columns and personal values, compares the outcome with the owners that
//! the database has, and finds each entry in the tree over all of them.
//!
//! Works while the service runs: some accounts at a time are read from one snapshot. Whoever rewrites everything, and signs it anew,
//! is found by a checkpoint or a key that was kept elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
    sync::Arc,
    thread,
};

use tokio::task::{self, JoinSet};

use super::{
    audit_log::{self, Kept, SealedLog},
    error::Error,
};
use crate::{
    activity::{
        audit::{Audit, Row, Sealed},
        cases::Cases,
        chain::{Broken, Head},
        log::check::{LogBroken, NotThis, Tree},
    },
    id::{AccountId, UserId},
    store::{
        audit::{self, Range},
        audit_cases,
        audit_entries::{self, Found, Page, Place},
        db::Db,
        error::DbError,
        tx::Tx,
    },
};

/// Accounts read from one snapshot.
const ACCOUNTS: i64 = 50;
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
    /// Keeps a problem of an account that has none yet.
    fn note(&mut self, account: AccountId, problem: Option<Broken>) {
        if let Some(problem) = problem {
            self.problems.entry(account).or_insert(problem);
        }
    }

    /// Adds what was found in a stretch of accounts.
    fn add(&mut self, stretch: Self) {
        self.accounts += stretch.accounts;
        self.entries += stretch.entries;
        self.problems.extend(stretch.problems);
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.problems.is_empty() && self.sealed.problems.is_empty()
    }
}

/// Hears how many entries were read, while the verification goes on.
pub type Seen = Arc<dyn Fn(u64) + Send + Sync>;

/// Verifies the log of one account, or of all, with as many stretches of accounts at once as there are processors and connections.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account; when the database fails.
pub async fn verify(db: &Db, only: Option<AccountId>, kept: &Kept, seen: Seen) -> Result<Findings, Error> {
    let mut tx = db.snapshot().await?;
    let (tree, sealed) = audit_log::load(&mut tx, kept).await?;
    let tree = Arc::new(tree);
    let mut findings = Findings { sealed, ..Findings::default() };
    if let Some(account) = only {
        let head = audit::head_of(&mut tx, account).await?.ok_or(Error::NotFound)?;
        findings.add(Stretch::new(tree, seen, vec![head]).verify(&mut tx, Range::only(account)).await?);
        return Ok(findings);
    }
    let (mut ranges, mut under_way) = (audit::ranges(&mut tx, ACCOUNTS).await?.into_iter(), JoinSet::new());
    drop(tx);
    loop {
        while under_way.len() < at_once(db)
            && let Some(range) = ranges.next()
        {
            under_way.spawn(verify_range(db.clone(), tree.clone(), seen.clone(), range));
        }
        match under_way.join_next().await {
            Some(found) => findings.add(found.map_err(DbError::from)??),
            None => break,
        }
    }
    findings.sealed.problems.extend(tree.unseen());
    for table in audit::orphans(&mut db.snapshot().await?).await? {
        findings.sealed.problems.push(LogBroken::Orphans { table });
    }
    Ok(findings)
}

/// How many stretches are verified at once.
fn at_once(db: &Db) -> usize {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let connections = db.connections().last().map_or(1, |connections| connections.max);
    processors.min(usize::try_from(connections).unwrap_or(1))
}

async fn verify_range(db: Db, tree: Arc<Tree>, seen: Seen, range: Range) -> Result<Findings, DbError> {
    let mut tx = db.snapshot().await?;
    let heads = audit::heads(&mut tx, range).await?;
    Stretch::new(tree, seen, heads).verify(&mut tx, range).await
}

/// What is wrong with one account, without the tree over all of them. `None` where nothing is, or where there is no such account.
///
/// # Errors
/// When the database fails.
pub async fn account(db: &Db, account: AccountId) -> Result<Option<Broken>, Error> {
    let mut tx = db.snapshot().await?;
    let Some(head) = audit::head_of(&mut tx, account).await? else { return Ok(None) };
    let stretch = Stretch::new(Arc::default(), Arc::new(|_| ()), vec![head]);
    Ok(stretch.verify(&mut tx, Range::only(account)).await?.problems.remove(&account))
}

/// Some accounts that follow each other.
struct Stretch {
    findings: Findings,
    tree: Arc<Tree>,
    seen: Seen,
    heads: Vec<(AccountId, Head)>,
    audits: BTreeMap<AccountId, Audit>,
}

impl Stretch {
    fn new(tree: Arc<Tree>, seen: Seen, heads: Vec<(AccountId, Head)>) -> Self {
        Self { findings: Findings::default(), tree, seen, heads, audits: BTreeMap::new() }
    }

    async fn verify(mut self, tx: &mut Tx, range: Range) -> Result<Findings, DbError> {
        let owners = audit::owners(tx, range).await?;
        let mut cases = audit_cases::cases(tx, range).await?;
        for (account, _) in &self.heads {
            self.audits.insert(*account, Audit::new(*account, cases.remove(account).unwrap_or_default()));
        }
        let (mut page, mut stray) = (Some(read(tx, (range.from, i64::MIN), range.to).await?), Vec::new());
        while let Some(Page { entries, stray: beside, next }) = page {
            stray.extend(beside);
            // While these are verified, the next are read.
            let verified = task::spawn_blocking(move || self.take_all(&entries));
            page = match next {
                Some(after) => Some(read(tx, after, range.to).await?),
                None => None,
            };
            self = verified.await?;
        }
        Ok(self.finish(owners, cases, stray))
    }

    fn take_all(mut self, entries: &[Found]) -> Self {
        for entry in entries {
            self.take(entry);
        }
        let count = u64::try_from(entries.len()).unwrap_or_default();
        self.findings.entries += count;
        (self.seen)(count);
        self
    }

    fn take(&mut self, found: &Found) {
        let Found { account, row, personal, sealed, .. } = found;
        // Also behind a problem, or each leaf there would seem to be no entry.
        let in_tree = check_sealed(&self.tree, row, *sealed);
        if self.findings.problems.contains_key(account) {
            return;
        }
        let outcome = match self.audits.get_mut(account) {
            Some(audit) => audit.next(row, personal).and(in_tree),
            None => Err(Broken::NoAccount { seq: row.seq }),
        };
        if let Err(problem) = outcome {
            self.findings.problems.insert(*account, problem);
        }
    }

    /// Ends each account's check. `homeless` are cases of accounts that are not there, `stray` is what stands beside entries that are
    /// not there.
    fn finish(
        mut self,
        owners: Vec<(AccountId, UserId)>,
        homeless: BTreeMap<AccountId, Cases>,
        stray: Vec<(AccountId, Broken)>,
    ) -> Findings {
        let mut of_account: BTreeMap<AccountId, BTreeSet<UserId>> = BTreeMap::new();
        for (account, owner) in owners {
            of_account.entry(account).or_default().insert(owner);
        }
        let mut findings = self.findings;
        for (account, head) in self.heads {
            findings.accounts += 1;
            let owners = of_account.remove(&account).unwrap_or_default();
            // What was found on the way explains the end.
            let ended = self.audits.remove(&account).and_then(|audit| audit.finish(head, &owners).err());
            findings.note(account, ended);
        }
        for (account, cases) in homeless {
            findings.note(account, cases.finish().err());
        }
        for (account, problem) in stray {
            findings.note(account, Some(problem));
        }
        findings
    }
}

/// Some entries, with the mails that stand beside them.
async fn read(tx: &mut Tx, after: Place, to: AccountId) -> Result<Page, DbError> {
    let mut page = audit_entries::page(tx, after, to, ENTRIES).await?;
    for entry in page.entries.iter_mut().filter(|entry| entry.mailed) {
        entry.personal.push(audit_entries::mail(tx, entry.account, entry.row.seq).await?);
    }
    Ok(page)
}

fn check_sealed(tree: &Tree, row: &Row, sealed: Sealed) -> Result<(), Broken> {
    let seq = row.seq;
    match sealed {
        Sealed::As(leaf) => tree.take(leaf, &row.hash).map_err(|NotThis| Broken::OtherLeaf { seq, leaf }),
        Sealed::Waits => Ok(()),
        Sealed::Unclear => Err(Broken::NotSealed { seq }),
    }
}
