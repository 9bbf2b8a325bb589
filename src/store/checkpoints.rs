//! The checkpoints of the log, and the keys that sign them.

use sqlx::FromRow;

use super::{error::DbError, log_tree::number, tx::Tx};
use crate::{
    activity::log::{
        checkpoint::Checkpoint,
        note::{Name, Note, Verifier},
    },
    hash::Hash,
    moment::Moment,
    sealed::Sealed,
};

/// A checkpoint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// How many entries the tree had.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
    /// The signed note.
    pub note: String,
    /// When it was signed.
    pub signed_at: Moment,
}

impl StoredCheckpoint {
    /// What it says; none where its note does not.
    #[must_use]
    pub fn checkpoint(self) -> Option<Checkpoint> {
        self.note.parse::<Note>().ok()?.text().parse().ok()
    }
}

/// A key as it is stored.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// The public half, with its name.
    pub verifier: Verifier,
    /// The secret half.
    pub secret: Sealed,
    /// When it was made.
    pub created_at: Moment,
    /// The first checkpoint that it signs.
    pub first_checkpoint: u64,
}

#[derive(FromRow)]
struct CheckpointRow {
    number: i64,
    size: i64,
    root: Vec<u8>,
    note: String,
    signed_at: Moment,
}

impl CheckpointRow {
    fn decode(self) -> Result<StoredCheckpoint, DbError> {
        let corrupt = || DbError::corrupt("log_checkpoints", self.number);
        Ok(StoredCheckpoint {
            number: self.number.try_into().map_err(|_| corrupt())?,
            size: self.size.try_into().map_err(|_| corrupt())?,
            root: Hash::from_bytes(self.root.as_slice().try_into().map_err(|_| corrupt())?),
            note: self.note,
            signed_at: self.signed_at,
        })
    }
}

/// The last checkpoint, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn latest(tx: &mut Tx) -> Result<Option<StoredCheckpoint>, DbError> {
    let row: Option<CheckpointRow> = tx
        .sql("select number, size, root, note, signed_at from log_checkpoints order by number desc limit 1")
        .maybe()
        .await?;
    row.map(CheckpointRow::decode).transpose()
}

/// The checkpoint with that number, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn numbered(tx: &mut Tx, this: u64) -> Result<Option<StoredCheckpoint>, DbError> {
    let row: Option<CheckpointRow> = tx
        .sql("select number, size, root, note, signed_at from log_checkpoints where number = $1")
        .bind(number(this)?)
        .maybe()
        .await?;
    row.map(CheckpointRow::decode).transpose()
}

/// The first checkpoint whose tree has that leaf, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn first_with(tx: &mut Tx, leaf: u64) -> Result<Option<StoredCheckpoint>, DbError> {
    let row: Option<CheckpointRow> = tx
        .sql("select number, size, root, note, signed_at from log_checkpoints where size > $1 order by size limit 1")
        .bind(number(leaf)?)
        .maybe()
        .await?;
    row.map(CheckpointRow::decode).transpose()
}

/// The next checkpoints, after the one with that number.
///
/// # Errors
/// When the database fails.
pub async fn after(tx: &mut Tx, last: u64, limit: i64) -> Result<Vec<StoredCheckpoint>, DbError> {
    let rows: Vec<CheckpointRow> = tx
        .sql("select number, size, root, note, signed_at from log_checkpoints where number > $1 order by number limit $2")
        .bind(number(last)?)
        .bind(limit)
        .all()
        .await?;
    rows.into_iter().map(CheckpointRow::decode).collect()
}

/// Keeps a checkpoint.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &mut Tx, checkpoint: &StoredCheckpoint) -> Result<(), DbError> {
    tx.sql("insert into log_checkpoints (number, size, root, note, signed_at) values ($1, $2, $3, $4, $5)")
        .bind(number(checkpoint.number)?)
        .bind(number(checkpoint.size)?)
        .bind(checkpoint.root.as_bytes().to_vec())
        .bind(checkpoint.note.as_str())
        .bind(checkpoint.signed_at)
        .run()
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct KeyRow {
    number: i64,
    name: String,
    public_key: Vec<u8>,
    secret_key: Vec<u8>,
    created_at: Moment,
    first_checkpoint: i64,
}

/// All keys, the first one first.
///
/// # Errors
/// When the database fails.
pub async fn keys(tx: &mut Tx) -> Result<Vec<StoredKey>, DbError> {
    let rows: Vec<KeyRow> = tx
        .sql("select number, name, public_key, secret_key, created_at, first_checkpoint from log_keys order by number")
        .all()
        .await?;
    let decode = |row: KeyRow| {
        let corrupt = || DbError::corrupt("log_keys", row.number);
        let name: Name = row.name.parse().map_err(|_| corrupt())?;
        Ok(StoredKey {
            number: row.number.try_into().map_err(|_| corrupt())?,
            verifier: Verifier::new(name, row.public_key.as_slice().try_into().map_err(|_| corrupt())?),
            secret: Sealed::from_bytes(row.secret_key),
            created_at: row.created_at,
            first_checkpoint: row.first_checkpoint.try_into().map_err(|_| corrupt())?,
        })
    };
    rows.into_iter().map(decode).collect()
}

/// Keeps a key.
///
/// # Errors
/// When the database fails.
pub async fn keep_key(tx: &mut Tx, key: &StoredKey) -> Result<(), DbError> {
    tx.sql(
        "insert into log_keys (number, name, public_key, secret_key, created_at, first_checkpoint)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(number(key.number)?)
    .bind(key.verifier.name().as_str())
    .bind(key.verifier.public().to_vec())
    .bind(key.secret.as_bytes().to_vec())
    .bind(key.created_at)
    .bind(number(key.first_checkpoint)?)
    .run()
    .await?;
    Ok(())
}
