//! The activity log as a whole, or all that a filter finds of it, piece by piece.
//!
//! Entries never change, so no snapshot is held while a slow reader takes them: the end is fixed when it begins, each piece is read
//! by itself, and whoever may no longer read the account gets no more of it.

use std::collections::BTreeMap;

use super::{
    account_home::names,
    activity::{EntryFilter, EntryView},
};
use crate::{
    activity::chain::Salt,
    app::{
        app::App,
        error::Error,
        principal::Principal,
        rights::{self, KeyHolders},
    },
    id::{AccountId, UserId},
    store::{
        accounts,
        activity::{self, Line},
        entries,
        tx::Tx,
    },
};

/// An export under way.
pub struct Export {
    app: App,
    principal: Principal,
    account: AccountId,
    filter: EntryFilter,
}

/// A piece of it.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// The entries, the oldest first.
    pub lines: Vec<Exported>,
    /// What people are called who are named in them.
    pub names: BTreeMap<UserId, String>,
}

/// An entry with all that its hash can be checked by.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The entry.
    pub view: EntryView,
    /// The text that was hashed.
    pub body: String,
    /// The salts of the personal values that have not been erased, those included that the reader is not told.
    pub salts: BTreeMap<String, Salt>,
}

/// So many entries are in memory at once.
const PIECE: i64 = 500;

impl Export {
    /// Begins it, for whoever may read the account.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else.
    pub async fn begin(
        app: &App,
        principal: &Principal,
        account: AccountId,
        mut filter: EntryFilter,
    ) -> Result<Self, Error> {
        let mut tx = app.db.snapshot().await?;
        let head = accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?.head.seq;
        rights::may_read(&mut tx, principal, account).await?;
        entries::narrow(&mut tx, account, head, &mut filter).await?;
        filter.until = filter.until.min(i64::try_from(head).unwrap_or(i64::MAX));
        Ok(Self { app: app.clone(), principal: principal.clone(), account, filter })
    }

    /// The next piece; an empty one at the end.
    ///
    /// # Errors
    /// When the database fails, or the account may not be read any more.
    pub async fn next(&mut self) -> Result<Piece, Error> {
        let mut tx = self.app.db.snapshot().await?;
        let tx = &mut tx;
        rights::may_read(tx, &self.principal, self.account).await?;
        let told = rights::key_holders(tx, &self.principal, self.account).await?;
        let lines = entries::list(tx, self.account, &self.filter, PIECE).await?;
        let Some(last) = lines.last() else { return Ok(Piece::default()) };
        self.filter.after = last.seq;
        let lines = exported(tx, self.account, told, lines).await?;
        let names = names(tx, lines.iter().map(|line| &line.view)).await?;
        Ok(Piece { lines, names })
    }
}

/// Values and salts, by name.
type Kept = (BTreeMap<String, String>, BTreeMap<String, Salt>);

async fn exported(tx: &mut Tx, account: AccountId, told: KeyHolders, lines: Vec<Line>) -> Result<Vec<Exported>, Error> {
    let mut kept: BTreeMap<i64, Kept> = BTreeMap::new();
    for personal in activity::personal(tx, account, &lines).await? {
        let salt = personal.salt()?;
        let (values, salts) = kept.entry(personal.seq).or_default();
        salts.insert(personal.name.clone(), salt);
        values.insert(personal.name, personal.value);
    }
    let whole = |line: Line| {
        let (values, salts) = kept.remove(&line.seq).unwrap_or_default();
        Ok(Exported { view: EntryView::of(&line, values, told)?, body: line.body, salts })
    };
    lines.into_iter().map(whole).collect()
}
