//! Rows of which a great many are read at once.
//!
//! On SQLite a row costs more to hand over than to read: it hops from the thread of its connection, copied column by column. A statement
//! there packs its rows into one value, JSON; on PostgreSQL they come as they are. [`super::sql::Sql::packed`] reads both into the same
//! tuple, of texts, numbers, UUIDs, and what is here.

use data_encoding::HEXUPPER;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::moment::Moment;

/// A moment, in JSON a number of microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, Deserialize)]
#[sqlx(transparent)]
pub struct At(#[serde(deserialize_with = "micros")] pub Moment);

/// Bytes, in JSON as `hex()` writes them.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::Type, Deserialize)]
#[sqlx(transparent)]
pub struct Bytes(#[serde(deserialize_with = "hexadecimal")] pub Vec<u8>);

/// Yes or no, in JSON 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, Deserialize)]
#[sqlx(transparent)]
pub struct Flag(#[serde(deserialize_with = "not_zero")] pub bool);

fn micros<'de, D: Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
    i64::deserialize(from).map(Moment::from_micros)
}

fn hexadecimal<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    HEXUPPER.decode(<&str>::deserialize(from)?.as_bytes()).map_err(D::Error::custom)
}

fn not_zero<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    i64::deserialize(from).map(|number| number != 0)
}
