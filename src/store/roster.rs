//! The roster of an account: who has standing, and what is about to change.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, ChangeId, UserId},
    moment::Moment,
    recovery::roster::{Entry, Joined, Roster, Standing},
};

#[derive(FromRow)]
struct EntryRow {
    user_id: UserId,
    joined: bool,
    standing: String,
    from_at: Option<Moment>,
    until_at: Option<Moment>,
    change_id: Option<ChangeId>,
    contested_by: Option<UserId>,
}

/// Reads the roster of an account.
///
/// # Errors
/// When the database fails.
pub async fn load(tx: &mut Tx, account: AccountId) -> Result<Roster, DbError> {
    let rows = tx
        .sql(
            "select user_id, joined, standing, from_at, until_at, change_id, contested_by
             from roster where account_id = $1",
        )
        .bind(account)
        .all::<EntryRow>()
        .await?;
    let confirmations: Vec<(ChangeId, UserId)> = if rows.iter().any(|row| row.change_id.is_some()) {
        tx.sql(
            "select c.change_id, c.user_id from roster_confirmations c
             join roster r on r.change_id = c.change_id where r.account_id = $1",
        )
        .bind(account)
        .all()
        .await?
    } else {
        Vec::new()
    };
    let mut by_change: BTreeMap<ChangeId, BTreeSet<UserId>> = BTreeMap::new();
    for (change, user) in confirmations {
        by_change.entry(change).or_default().insert(user);
    }
    let entries = rows.into_iter().map(|row| {
        let user = row.user_id;
        decode(&row, &mut by_change).map(|entry| (user, entry)).ok_or_else(|| DbError::corrupt("roster", user))
    });
    Ok(Roster { entries: entries.collect::<Result<_, _>>()? })
}

fn decode(row: &EntryRow, confirmations: &mut BTreeMap<ChangeId, BTreeSet<UserId>>) -> Option<Entry> {
    let confirmed_by = row.change_id.and_then(|change| confirmations.remove(&change)).unwrap_or_default();
    let standing = match (row.standing.as_str(), row.from_at, row.until_at, row.change_id, row.contested_by) {
        ("proposed", None, None, Some(change), None) => Standing::Proposed { change, confirmed_by },
        ("stands", Some(from), None, None, None) => Standing::Stands { from },
        ("ending", Some(from), Some(until), Some(change), None) => {
            Standing::Ending { from, until, change, confirmed_by }
        }
        ("contested", Some(from), None, Some(change), Some(by)) => {
            Standing::Contested { from, change, by, confirmed_by }
        }
        _ => return None,
    };
    Some(Entry { joined: if row.joined { Joined::Yes } else { Joined::NotYet }, standing })
}

/// Saves what a change made of the roster: only the entries that differ.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, account: AccountId, before: &Roster, after: &Roster) -> Result<(), DbError> {
    for (user, entry) in &before.entries {
        if after.entries.get(user) != Some(entry) {
            delete(tx, account, *user, entry).await?;
        }
    }
    for (user, entry) in &after.entries {
        if before.entries.get(user) != Some(entry) {
            insert(tx, account, *user, entry).await?;
        }
    }
    Ok(())
}

async fn delete(tx: &mut Tx, account: AccountId, user: UserId, entry: &Entry) -> Result<(), DbError> {
    if let Some(change) = parts(entry).change {
        tx.sql("delete from roster_confirmations where change_id = $1").bind(change).run().await?;
    }
    tx.sql("delete from roster where account_id = $1 and user_id = $2").bind(account).bind(user).run().await?;
    Ok(())
}

async fn insert(tx: &mut Tx, account: AccountId, user: UserId, entry: &Entry) -> Result<(), DbError> {
    let parts = parts(entry);
    tx.sql(
        "insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(account)
    .bind(user)
    .bind(entry.joined == Joined::Yes)
    .bind(parts.word)
    .bind(parts.from)
    .bind(parts.until)
    .bind(parts.change)
    .bind(parts.contested_by)
    .run()
    .await?;
    if let (Some(change), Some(confirmed_by)) = (parts.change, parts.confirmed_by) {
        for voter in confirmed_by {
            tx.sql("insert into roster_confirmations (change_id, user_id) values ($1, $2)")
                .bind(change)
                .bind(*voter)
                .run()
                .await?;
        }
    }
    Ok(())
}

struct Parts<'a> {
    word: &'static str,
    from: Option<Moment>,
    until: Option<Moment>,
    change: Option<ChangeId>,
    contested_by: Option<UserId>,
    confirmed_by: Option<&'a BTreeSet<UserId>>,
}

fn parts(entry: &Entry) -> Parts<'_> {
    let none = Parts { word: "", from: None, until: None, change: None, contested_by: None, confirmed_by: None };
    match &entry.standing {
        Standing::Proposed { change, confirmed_by } => {
            Parts { word: "proposed", change: Some(*change), confirmed_by: Some(confirmed_by), ..none }
        }
        Standing::Stands { from } => Parts { word: "stands", from: Some(*from), ..none },
        Standing::Ending { from, until, change, confirmed_by } => Parts {
            word: "ending",
            from: Some(*from),
            until: Some(*until),
            change: Some(*change),
            confirmed_by: Some(confirmed_by),
            ..none
        },
        Standing::Contested { from, change, by, confirmed_by } => Parts {
            word: "contested",
            from: Some(*from),
            change: Some(*change),
            contested_by: Some(*by),
            confirmed_by: Some(confirmed_by),
            ..none
        },
    }
}
