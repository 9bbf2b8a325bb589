//! What is published of the log: its checkpoints, its keys, its tiles, and where an entry is in it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    activity::log::tiles::Place,
    app::{app::App, error::Error, principal::Principal, rights},
    hash::Hash,
    id::AccountId,
    moment::Moment,
    store::{
        accounts::{self, Account},
        checkpoints::{self, StoredCheckpoint, StoredKey},
        entries::{self, Filter},
        error::DbError,
        log_tree,
        tx::Tx,
    },
};

/// A signed checkpoint of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckpointView {
    /// Its number, from 1.
    #[schema(example = 1024)]
    pub number: u64,
    /// How many entries of all accounts the log had.
    #[schema(example = 48211)]
    pub size: u64,
    /// The root of the tree over them, in hexadecimal digits.
    #[schema(value_type = String)]
    pub root: Hash,
    /// The signed note, letter by letter (C2SP `tlog-checkpoint`).
    pub note: String,
    /// When it was signed.
    pub signed_at: Moment,
}

impl From<StoredCheckpoint> for CheckpointView {
    fn from(stored: StoredCheckpoint) -> Self {
        let StoredCheckpoint { number, size, root, note, signed_at } = stored;
        Self { number, size, root, note, signed_at }
    }
}

/// A key that signs checkpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogKeyView {
    /// Its number, from 1; the last one signs.
    #[schema(example = 1)]
    pub number: u64,
    /// The public key with its name, as C2SP writes verifier keys (`signed-note`).
    pub key: String,
    /// When it was made.
    pub created_at: Moment,
    /// The first checkpoint that it signs; the key before it signs that one too.
    #[schema(example = 1)]
    pub first_checkpoint: u64,
}

impl From<StoredKey> for LogKeyView {
    fn from(key: StoredKey) -> Self {
        let StoredKey { number, verifier, created_at, first_checkpoint, .. } = key;
        Self { number, key: verifier.to_string(), created_at, first_checkpoint }
    }
}

/// The last checkpoint, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn checkpoint(app: &App) -> Result<Option<CheckpointView>, DbError> {
    Ok(checkpoints::latest(&mut app.db.read().await?).await?.map(Into::into))
}

/// All keys, the first one first.
///
/// # Errors
/// When the database fails.
pub async fn keys(app: &App) -> Result<Vec<LogKeyView>, DbError> {
    Ok(checkpoints::keys(&mut app.db.read().await?).await?.into_iter().map(Into::into).collect())
}

/// A tile: its first hashes, one after the other. `None` when it does not have so many yet.
///
/// # Errors
/// When the database fails.
pub async fn tile(app: &App, place: Place, width: usize) -> Result<Option<Vec<u8>>, DbError> {
    let tiles = log_tree::tiles(&mut app.db.read().await?, [place]).await?;
    let hashes = tiles.get(place).get(..width);
    Ok(hashes.map(|hashes| hashes.iter().flat_map(Hash::as_bytes).copied().collect()))
}

/// Where an entry is in the log, with what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealView {
    /// Which leaf of the tree it is, from 0.
    #[schema(example = 48210)]
    pub leaf: u64,
    /// The hashes that prove it against the checkpoint's root, from the leaf upwards (RFC 6962, 2.1.1), in hexadecimal digits.
    pub path: Vec<String>,
    /// The checkpoint.
    pub checkpoint: CheckpointView,
}

/// Where an entry is in the log; `None` while it waits to be sealed.
///
/// # Errors
/// When the database fails, or tiles are missing.
pub async fn seal(tx: &mut Tx, account: AccountId, seq: u64) -> Result<Option<SealView>, Error> {
    let Some(leaf) = log_tree::leaf_of(tx, account, seq).await? else { return Ok(None) };
    let Some(checkpoint) = checkpoints::latest(tx).await? else { return Ok(None) };
    let Some(path) = log_tree::path(tx, leaf, checkpoint.size).await? else { return Ok(None) };
    let path = path.iter().map(ToString::to_string).collect();
    Ok(Some(SealView { leaf, path, checkpoint: checkpoint.into() }))
}

/// The last checkpoint, and how far an account's log is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountCheckpoint {
    /// The last checkpoint; none while nothing has been sealed.
    pub checkpoint: Option<CheckpointView>,
    /// How many entries the account's log has.
    #[schema(example = 42)]
    pub entries: u64,
    /// Up to which of them it is sealed.
    #[schema(example = 42)]
    pub sealed: u64,
}

/// The last checkpoint and an account's place in it, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn account_checkpoint(
    app: &App,
    principal: &Principal,
    account: AccountId,
) -> Result<AccountCheckpoint, Error> {
    let mut tx = app.db.snapshot().await?;
    let entries = readable(&mut tx, principal, account).await?.head.seq;
    let sealed = log_tree::sealed_to(&mut tx, account).await?;
    Ok(AccountCheckpoint { checkpoint: checkpoints::latest(&mut tx).await?.map(Into::into), entries, sealed })
}

/// An entry, with what proves that it is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntryProof {
    /// The entry, as the very text that was hashed.
    pub body: String,
    /// SHA-256 of that text.
    #[schema(value_type = String)]
    pub hash: Hash,
    /// Where it is in the log; none while it waits to be sealed, for some seconds.
    pub seal: Option<SealView>,
}

/// An entry with its proof, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else, and where there is no such entry.
pub async fn entry_proof(app: &App, principal: &Principal, account: AccountId, seq: u64) -> Result<EntryProof, Error> {
    let mut tx = app.db.snapshot().await?;
    readable(&mut tx, principal, account).await?;
    let at = i64::try_from(seq).map_err(|_| Error::NotFound)?;
    let filter = Filter { after: at - 1, until: at, ..Filter::default() };
    let line = entries::list(&mut tx, account, &filter, 1).await?.pop().ok_or(Error::NotFound)?;
    let hash = line.hash()?;
    Ok(EntryProof { hash, body: line.body, seal: seal(&mut tx, account, seq).await? })
}

async fn readable(tx: &mut Tx, principal: &Principal, account: AccountId) -> Result<Account, Error> {
    let found = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, account).await?;
    Ok(found)
}
