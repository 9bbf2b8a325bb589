//! The activity log of an account: appended to, read, never changed.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::{accounts::Account, error::DbError, sql::Pair, tx::Tx};
use crate::{
    activity::{
        chain::{self, Salt},
        entry::{Draft, Entry, Hash},
    },
    id::{AccountId, UserId},
    moment::Moment,
    secret::Chance,
    webhook::event::{Telling, telling},
};

macro_rules! insert {
    () => {
        "insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    };
}

macro_rules! wake {
    () => {
        "update webhooks set next_at = $3 where account_id = $1 and next_at is null and status <> 'disabled'"
    };
}

/// Appends an entry to the log of an account that the unit of work has locked.
///
/// # Errors
/// When the database fails.
pub async fn append(
    tx: &mut Tx,
    account: &mut Account,
    now: Moment,
    draft: Draft,
    chance: &Chance,
) -> Result<(), DbError> {
    let corrupt = |_| DbError::corrupt("activity", account.id);
    let sealed = chain::seal(account.id, account.head, now, draft, || chance.bytes()).map_err(corrupt)?;
    let seq = i64::try_from(sealed.entry.seq).map_err(|_| DbError::corrupt("activity", account.id))?;
    let told = match telling(&sealed.entry.kind) {
        Telling::As { .. } => {
            tx.webhooks_are_due();
            INSERT_AND_WAKE
        }
        Telling::Untold => INSERT.into(),
    };
    tx.sql(told)
        .bind(account.id)
        .bind(seq)
        .bind(now)
        .bind(sealed.entry.kind.clone())
        .bind(sealed.entry.actor.person())
        .bind(sealed.entry.case)
        .bind(sealed.entry.user)
        .bind(sealed.entry.owners.is_some())
        .bind(sealed.body)
        .bind(sealed.hash.as_bytes().to_vec())
        .run()
        .await?;
    for (name, (salt, value)) in sealed.personal {
        tx.sql("insert into activity_personal (account_id, seq, name, salt, value, recorded_at) values ($1, $2, $3, $4, $5, $6)")
            .bind(account.id)
            .bind(seq)
            .bind(name)
            .bind(salt.to_vec())
            .bind(value)
            .bind(now)
            .run()
            .await?;
    }
    // Compare-and-set, besides the lock: two chains can never grow from one head.
    let written = tx
        .sql("update accounts set head_seq = $2, head_hash = $3 where id = $1 and head_seq = $4")
        .bind(account.id)
        .bind(seq)
        .bind(sealed.hash.as_bytes().to_vec())
        .bind(seq - 1)
        .run()
        .await?;
    if written != 1 {
        return Err(DbError::corrupt("accounts", account.id));
    }
    if sealed.entry.owners.is_some() {
        tx.log_is_due();
    }
    account.head = chain::Head { seq: sealed.entry.seq, hash: sealed.hash };
    Ok(())
}

const INSERT: &str = insert!();

/// The entry, and the account's webhook endpoints wake up that had nothing to do: in one statement, because most accounts have none.
const INSERT_AND_WAKE: Pair =
    Pair { sqlite: concat!(insert!(), "; ", wake!()), postgres: concat!("with entry as (", insert!(), ") ", wake!()) };

/// An entry as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// What.
    pub kind: String,
    /// The text that was hashed.
    pub body: String,
    hash: Vec<u8>,
}

impl Line {
    /// The stored hash.
    ///
    /// # Errors
    /// When it has not the length of a hash.
    pub fn hash(&self) -> Result<Hash, DbError> {
        let bytes = self.hash.as_slice().try_into().map_err(|_| DbError::corrupt("activity", self.seq))?;
        Ok(Hash::from_bytes(bytes))
    }

    /// The entry.
    ///
    /// # Errors
    /// When the text is none.
    pub fn entry(&self) -> Result<Entry, DbError> {
        serde_json::from_str(&self.body).map_err(|_| DbError::corrupt("activity", self.seq))
    }
}

/// Personal values of entries, as long as they have not been erased.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Personal {
    /// The entry's number.
    pub seq: i64,
    /// The value's name.
    pub name: String,
    salt: Vec<u8>,
    /// The value.
    pub value: String,
}

impl Personal {
    /// The salt of the commitment.
    ///
    /// # Errors
    /// When it has not the length of a salt.
    pub fn salt(&self) -> Result<Salt, DbError> {
        self.salt.as_slice().try_into().map_err(|_| DbError::corrupt("activity_personal", self.seq))
    }
}

/// Reads the personal values of those entries. Of a mail that it is kept, but not the mail: see [`mail`].
///
/// # Errors
/// When the database fails.
pub async fn personal(tx: &mut Tx, account: AccountId, lines: &[Line]) -> Result<Vec<Personal>, DbError> {
    // Most entries have none, and found ones can lie far apart.
    let seqs: Vec<i64> = lines.iter().filter(|line| line.body.contains(SOME)).map(|line| line.seq).collect();
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    tx.sql(PERSONAL).bind(account).bind(serde_json::json!(seqs).to_string()).all().await
}

/// What stands in the text of every entry that has personal values.
const SOME: &str = "\"personal\":{";

const PERSONAL: Pair = Pair {
    sqlite: "select seq, name, salt, case when name = 'mail' then '' else value end as value from activity_personal
             where account_id = $1 and seq in (select value from json_each($2)) order by seq, name",
    postgres: "select seq, name, salt, case when name = 'mail' then '' else value end as value from activity_personal
               where account_id = $1
                   and seq = any(array(select value::bigint from jsonb_array_elements_text($2::jsonb)))
               order by seq, name",
};

/// The mail that a ballot came in, where one is kept with that entry.
///
/// # Errors
/// When the database fails.
pub async fn mail(tx: &mut Tx, account: AccountId, seq: i64) -> Result<Option<Personal>, DbError> {
    tx.sql("select seq, name, salt, value from activity_personal where account_id = $1 and seq = $2 and name = 'mail'")
        .bind(account)
        .bind(seq)
        .maybe()
        .await
}

/// The owners according to the log, from the entries that changed them.
///
/// # Errors
/// When the database fails, or an entry is no entry.
pub async fn owners(tx: &mut Tx, account: AccountId) -> Result<BTreeSet<UserId>, DbError> {
    Ok(owners_by_age(tx, account).await?.into_iter().collect())
}

/// The same, those who have held ownership longest first.
///
/// # Errors
/// As [`owners`].
pub async fn owners_by_age(tx: &mut Tx, account: AccountId) -> Result<Vec<UserId>, DbError> {
    let lines: Vec<Line> = tx
        .sql("select seq, at, kind, body, hash from activity where account_id = $1 and owners order by seq")
        .bind(account)
        .all()
        .await?;
    let mut owners: Vec<UserId> = Vec::new();
    for line in lines {
        if let Some(change) = line.entry()?.owners {
            owners.retain(|owner| !change.removed.contains(owner));
            for added in change.added {
                if !owners.contains(&added) {
                    owners.push(added);
                }
            }
        }
    }
    Ok(owners)
}
