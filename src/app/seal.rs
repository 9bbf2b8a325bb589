//! Seals the log: makes the entries that wait leaves of the one tree over all accounts, and signs a checkpoint over it.
//!
//! Beside the requests, so that no vote waits for the others. Only one at a time lets the tree grow; the rest finds nothing left
//! to do. The keys are made here, and the one in force is the last one.

use super::app::App;
use crate::{
    activity::log::{
        checkpoint::{Checkpoint, origin},
        growth::{Growth, edge},
        note::{Name, Seed, Signer},
    },
    sealed::{NotOpened, Sealed},
    store::{
        checkpoints::{self, StoredCheckpoint, StoredKey},
        db::Unit,
        error::DbError,
        log_tree::{self, LogHead},
        tx::Tx,
    },
};

/// So many entries become leaves in one unit of work.
pub const BATCH: i64 = 1000;

/// Seals the next entries that wait, and says how many they were.
pub struct Seal {
    /// The service.
    pub app: App,
}

impl Unit for Seal {
    type Out = usize;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<usize, DbError> {
        let head = log_tree::lock(tx).await?;
        let entries = log_tree::waiting(tx, BATCH).await?;
        if entries.is_empty() {
            return Ok(0);
        }
        let number = head.checkpoints + 1;
        let keys = with_key(&self.app, tx, number).await?;
        let mut growth = grow(tx, head).await?;
        for entry in &entries {
            growth.push(&entry.hash);
        }
        log_tree::plant(tx, head.size, &entries).await?;
        log_tree::keep_tiles(tx, &growth.tiles()).await?;
        let (size, root) = (growth.size(), growth.root());
        let signers = signers(&self.app, &keys, number)?;
        let first = keys.first().ok_or_else(|| DbError::corrupt("log_keys", 1))?;
        let origin = first.verifier.name().clone();
        let note = Checkpoint { origin, size, root }.signed(&signers.iter().collect::<Vec<_>>()).to_string();
        checkpoints::keep(tx, &StoredCheckpoint { number, size, root, note, signed_at: self.app.now() }).await?;
        log_tree::advance(tx, head, LogHead { size, checkpoints: number }).await?;
        Ok(entries.len())
    }
}

async fn grow(tx: &mut Tx, head: LogHead) -> Result<Growth, DbError> {
    let edge = edge(head.size);
    let kept = log_tree::tiles(tx, edge.keys().copied()).await?;
    let tiles = edge.into_keys().map(|place| (place, kept.get(place).to_vec())).collect();
    Growth::from_edge(head.size, &tiles).map_err(|wrong| DbError::corrupt("log_tiles", wrong.level))
}

/// All keys; the first one is made when there is none.
async fn with_key(app: &App, tx: &mut Tx, first_checkpoint: u64) -> Result<Vec<StoredKey>, DbError> {
    let keys = checkpoints::keys(tx).await?;
    if !keys.is_empty() {
        return Ok(keys);
    }
    Ok(vec![new_key(app, tx, origin(&app.public_url), 1, first_checkpoint).await?])
}

async fn new_key(app: &App, tx: &mut Tx, name: Name, number: u64, first_checkpoint: u64) -> Result<StoredKey, DbError> {
    let seed = Seed::new(app.chance.bytes());
    let text = zeroize::Zeroizing::new(data_encoding::HEXLOWER.encode(seed.as_slice()));
    let unusable = || DbError::corrupt("log_keys", number);
    let verifier = Signer::new(name, &seed).map_err(|_| unusable())?.verifier();
    let secret = Sealed::seal(&app.secret, &app.chance, &about(number), &text).map_err(|_| unusable())?;
    let key = StoredKey { number, verifier, secret, created_at: app.now(), first_checkpoint };
    checkpoints::keep_key(tx, &key).await?;
    Ok(key)
}

/// Who signs the checkpoint of that number: the key in force, and before it, where it is new, the one that it follows. So whoever
/// trusts one key comes to trust the next.
fn signers(app: &App, keys: &[StoredKey], number: u64) -> Result<Vec<Signer>, DbError> {
    let Some((last, before)) = keys.split_last() else { return Ok(Vec::new()) };
    let follows = before.last().filter(|_| last.first_checkpoint == number);
    // A key that cannot be opened any more is one reason for another, which then has to be trusted by itself.
    let mut signers: Vec<_> = follows.and_then(|key| open(app, key).ok()).into_iter().collect();
    signers.push(open(app, last).map_err(|trouble| {
        tracing::error!(key = last.number, %trouble, "the log cannot be signed; `quorate audit rotate-key` makes another key");
        DbError::corrupt("log_keys", last.number)
    })?);
    Ok(signers)
}

fn open(app: &App, key: &StoredKey) -> Result<Signer, NotOpened> {
    let text = key.secret.open(&app.secret, &about(key.number))?;
    let mut seed = Seed::default();
    match data_encoding::HEXLOWER.decode_mut(text.as_bytes(), seed.as_mut_slice()) {
        Ok(32) => Signer::new(key.verifier.name().clone(), &seed).map_err(|_| NotOpened),
        Ok(_) | Err(_) => Err(NotOpened),
    }
}

/// What the secret belongs to.
fn about(number: u64) -> Vec<u8> {
    format!("log key\n{number}").into_bytes()
}

/// Has another key sign from the next checkpoint on.
pub struct RotateLogKey {
    /// The service.
    pub app: App,
}

impl Unit for RotateLogKey {
    type Out = StoredKey;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<StoredKey, DbError> {
        let next = log_tree::lock(tx).await?.checkpoints + 1;
        let keys = with_key(&self.app, tx, next).await?;
        let last = keys.last().ok_or_else(|| DbError::corrupt("log_keys", 1))?;
        if last.first_checkpoint == next {
            // It has signed nothing yet, so it is as good as another one.
            return Ok(last.clone());
        }
        new_key(&self.app, tx, last.verifier.name().clone(), last.number + 1, next).await
    }
}
