//! The tree over all accounts' entries: which entries wait for it, which leaf each one is, and the tiles with its hashes.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::FromRow;

use super::{error::DbError, sql::Pair, tx::Tx};
use crate::{
    activity::log::{
        tiles::{Place, Tiles, places},
        tree::inclusion,
    },
    hash::Hash,
    id::AccountId,
    moment::Moment,
};

/// How far the tree has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogHead {
    /// How many leaves it has.
    pub size: u64,
    /// How many checkpoints have been signed.
    pub checkpoints: u64,
}

/// An entry that waits for the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Of which account.
    pub account: AccountId,
    /// Its number there.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

/// Reads how far the tree has come. In a unit of work nobody else lets it grow until that ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx) -> Result<LogHead, DbError> {
    decode_head(tx.sql(HEAD).for_update().one().await?)
}

/// The same, to look at.
///
/// # Errors
/// When the database fails.
pub async fn head(tx: &mut Tx) -> Result<LogHead, DbError> {
    decode_head(tx.sql(HEAD).one().await?)
}

const HEAD: &str = "select size, checkpoints from log_head where one = 1";

fn decode_head((size, checkpoints): (i64, i64)) -> Result<LogHead, DbError> {
    let corrupt = |_| DbError::corrupt("log_head", 1);
    Ok(LogHead { size: size.try_into().map_err(corrupt)?, checkpoints: checkpoints.try_into().map_err(corrupt)? })
}

/// Writes down how far the tree has come since it was `from`.
///
/// # Errors
/// When the database fails, and when it was somewhere else.
pub async fn advance(tx: &mut Tx, from: LogHead, to: LogHead) -> Result<(), DbError> {
    let written = tx
        .sql("update log_head set size = $1, checkpoints = $2 where one = 1 and size = $3 and checkpoints = $4")
        .bind(number(to.size)?)
        .bind(number(to.checkpoints)?)
        .bind(number(from.size)?)
        .bind(number(from.checkpoints)?)
        .run()
        .await?;
    if written == 1 { Ok(()) } else { Err(DbError::corrupt("log_head", 1)) }
}

/// The next entries that wait for the tree. Those of one account come in their order: none is there before those before it.
///
/// # Errors
/// When the database fails.
pub async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<Waiting>, DbError> {
    let rows: Vec<(AccountId, i64, Vec<u8>)> = tx
        .sql(
            "select a.account_id, a.seq, a.hash
             from (select account_id, seq from log_unsealed order by account_id, seq limit $1) u
                 join activity a on a.account_id = u.account_id and a.seq = u.seq
             order by a.account_id, a.seq",
        )
        .bind(limit)
        .all()
        .await?;
    let decode = |(account, seq, hash): (AccountId, i64, Vec<u8>)| {
        let corrupt = || DbError::corrupt("activity", format!("{account}/{seq}"));
        let hash = Hash::from_bytes(hash.as_slice().try_into().map_err(|_| corrupt())?);
        Ok(Waiting { account, seq: seq.try_into().map_err(|_| corrupt())?, hash })
    };
    rows.into_iter().map(decode).collect()
}

/// How many entries wait for the tree, up to 1000, and since when the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Backlog {
    /// How many.
    pub waiting: i64,
    /// Since when.
    pub oldest: Option<Moment>,
}

/// Reads how many entries wait.
///
/// # Errors
/// When the database fails.
pub async fn backlog(tx: &mut Tx) -> Result<Backlog, DbError> {
    tx.sql(
        "select count(*) as waiting, min(a.at) as oldest
         from (select account_id, seq from log_unsealed limit 1000) u
             join activity a on a.account_id = u.account_id and a.seq = u.seq",
    )
    .one()
    .await
}

#[derive(Serialize)]
struct LeafRow {
    /// The leaf.
    l: u64,
    /// The account, in hexadecimal digits.
    a: String,
    /// The number of the entry.
    s: u64,
}

/// Makes entries leaves, from that one on, and has them wait no more.
///
/// # Errors
/// When the database fails.
pub async fn plant(tx: &mut Tx, first: u64, entries: &[Waiting]) -> Result<(), DbError> {
    let row = |(leaf, entry): (u64, &Waiting)| LeafRow {
        l: leaf,
        a: entry.account.uuid().simple().to_string(),
        s: entry.seq,
    };
    let rows: Vec<_> = (first..).zip(entries).map(row).collect();
    let rows = serde_json::to_string(&rows).map_err(|_| DbError::corrupt("log_leaves", first))?;
    let planted = tx.sql(PLANT).bind(rows.as_str()).run().await?;
    let fetched = tx.sql(FETCH).bind(rows.as_str()).run().await?;
    let all = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    if (planted, fetched) == (all, all) { Ok(()) } else { Err(DbError::corrupt("log_leaves", first)) }
}

const PLANT: Pair = Pair {
    sqlite: "insert into log_leaves (leaf, account_id, seq)
        select value ->> 'l', unhex(value ->> 'a'), value ->> 's' from json_each($1)",
    postgres: "insert into log_leaves (leaf, account_id, seq)
        select l, a, s from json_to_recordset($1::json) as q (l bigint, a uuid, s bigint)",
};

const FETCH: Pair = Pair {
    sqlite: "delete from log_unsealed
        where (account_id, seq) in (select unhex(value ->> 'a'), value ->> 's' from json_each($1))",
    postgres: "delete from log_unsealed u using json_to_recordset($1::json) as q (a uuid, s bigint)
        where u.account_id = q.a and u.seq = q.s",
};

/// Which leaf an entry is, once it is one.
///
/// # Errors
/// When the database fails.
pub async fn leaf_of(tx: &mut Tx, account: AccountId, seq: u64) -> Result<Option<u64>, DbError> {
    let leaf: Option<i64> = tx
        .sql("select leaf from log_leaves where account_id = $1 and seq = $2")
        .bind(account)
        .bind(number(seq)?)
        .maybe_scalar()
        .await?;
    leaf.map(|leaf| u64::try_from(leaf).map_err(|_| DbError::corrupt("log_leaves", leaf))).transpose()
}

/// Up to which entry an account's log is sealed; 0 when none of it is.
///
/// # Errors
/// When the database fails.
pub async fn sealed_to(tx: &mut Tx, account: AccountId) -> Result<u64, DbError> {
    let last: Option<i64> = tx
        .sql("select seq from log_leaves where account_id = $1 order by seq desc limit 1")
        .bind(account)
        .maybe_scalar()
        .await?;
    u64::try_from(last.unwrap_or(0)).map_err(|_| DbError::corrupt("log_leaves", account))
}

/// Reads those tiles. Those that are not there are left out.
///
/// # Errors
/// When the database fails.
pub async fn tiles(tx: &mut Tx, places: impl IntoIterator<Item = Place>) -> Result<Tiles, DbError> {
    let mut tiles = Tiles::default();
    for place in places {
        let hashes: Option<Vec<u8>> = tx
            .sql("select hashes from log_tiles where level = $1 and tile = $2")
            .bind(i64::from(place.level))
            .bind(number(place.index)?)
            .maybe_scalar()
            .await?;
        if let Some(hashes) = hashes {
            tiles.insert(place, decode_tile(place, &hashes)?);
        }
    }
    Ok(tiles)
}

/// What proves that a leaf is in the tree of that size; `None` when it is not.
///
/// # Errors
/// When the database fails, or tiles are missing.
pub async fn path(tx: &mut Tx, leaf: u64, size: u64) -> Result<Option<Vec<Hash>>, DbError> {
    let spans = inclusion(leaf, size).unwrap_or_default();
    let tiles = tiles(tx, places(&spans)).await?;
    tiles.inclusion(leaf, size).map_err(|missing| DbError::corrupt("log_tiles", missing))
}

/// The tiles behind that one, level by level, each in order.
///
/// # Errors
/// When the database fails.
pub async fn tiles_after(tx: &mut Tx, after: Option<Place>, limit: i64) -> Result<Vec<(Place, Vec<Hash>)>, DbError> {
    let (level, tile) =
        after.map_or((-1, 0), |place| (i64::from(place.level), number(place.index).unwrap_or(i64::MAX)));
    let rows: Vec<(i64, i64, Vec<u8>)> = tx
        .sql("select level, tile, hashes from log_tiles where (level, tile) > ($1, $2) order by level, tile limit $3")
        .bind(level)
        .bind(tile)
        .bind(limit)
        .all()
        .await?;
    let decode = |(level, tile, hashes): (i64, i64, Vec<u8>)| {
        let corrupt = || DbError::corrupt("log_tiles", format!("{level}/{tile}"));
        let place =
            Place { level: level.try_into().map_err(|_| corrupt())?, index: tile.try_into().map_err(|_| corrupt())? };
        Ok((place, decode_tile(place, &hashes)?))
    };
    rows.into_iter().map(decode).collect()
}

fn decode_tile(place: Place, bytes: &[u8]) -> Result<Vec<Hash>, DbError> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if rest.is_empty() {
        Ok(hashes.iter().copied().map(Hash::from_bytes).collect())
    } else {
        Err(DbError::corrupt("log_tiles", format!("{}/{}", place.level, place.index)))
    }
}

/// Keeps tiles, each with all its hashes.
///
/// # Errors
/// When the database fails.
pub async fn keep_tiles(tx: &mut Tx, tiles: &BTreeMap<Place, Vec<Hash>>) -> Result<(), DbError> {
    for (place, hashes) in tiles {
        let bytes: Vec<u8> = hashes.iter().flat_map(Hash::as_bytes).copied().collect();
        tx.sql(
            "insert into log_tiles (level, tile, hashes) values ($1, $2, $3)
             on conflict (level, tile) do update set hashes = excluded.hashes",
        )
        .bind(i64::from(place.level))
        .bind(number(place.index)?)
        .bind(bytes)
        .run()
        .await?;
    }
    Ok(())
}

pub(super) fn number(number: u64) -> Result<i64, DbError> {
    i64::try_from(number).map_err(|_| DbError::corrupt("log_head", number))
}
