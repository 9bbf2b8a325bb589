//! How ids and moments stand in a column: natively on each side, the same value on both.
//!
//! An id is a `uuid` on PostgreSQL and a BLOB of 16 bytes on SQLite; a moment is a `timestamptz` on PostgreSQL and an
//! INTEGER of microseconds since 1970 on SQLite. Both keep the order of what they stand for.

use jiff::Timestamp;
use sqlx::{
    Decode, Encode, Postgres, Sqlite, Type, TypeInfo,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueFormat, PgValueRef, types::Oid},
    sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef},
};
use uuid::Uuid;

use crate::{
    id::{Id, Kind},
    moment::Moment,
};

impl<K: Kind> Type<Sqlite> for Id<K> {
    fn type_info() -> SqliteTypeInfo {
        <Uuid as Type<Sqlite>>::type_info()
    }

    fn compatible(found: &SqliteTypeInfo) -> bool {
        found.name() == "BLOB"
    }
}

impl<K: Kind> Encode<'_, Sqlite> for Id<K> {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <Uuid as Encode<Sqlite>>::encode_by_ref(&self.uuid(), buffer)
    }
}

impl<'r, K: Kind> Decode<'r, Sqlite> for Id<K> {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        <Uuid as Decode<Sqlite>>::decode(value).map(Self::from_uuid)
    }
}

impl<K: Kind> Type<Postgres> for Id<K> {
    fn type_info() -> PgTypeInfo {
        <Uuid as Type<Postgres>>::type_info()
    }
}

impl<K: Kind> PgHasArrayType for Id<K> {
    fn array_type_info() -> PgTypeInfo {
        <Uuid as PgHasArrayType>::array_type_info()
    }
}

impl<K: Kind> Encode<'_, Postgres> for Id<K> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <Uuid as Encode<Postgres>>::encode_by_ref(&self.uuid(), buffer)
    }
}

impl<'r, K: Kind> Decode<'r, Postgres> for Id<K> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        <Uuid as Decode<Postgres>>::decode(value).map(Self::from_uuid)
    }
}

/// PostgreSQL's numbers for `timestamptz` and for an array of it, the same on every server.
const TIMESTAMPTZ: PgTypeInfo = PgTypeInfo::with_oid(Oid(1184));
const TIMESTAMPTZ_ARRAY: PgTypeInfo = PgTypeInfo::with_oid(Oid(1185));

/// From 1970, where our microseconds begin, to 2000, where PostgreSQL's do.
const MICROS_TO_2000: i64 = 946_684_800_000_000;

impl Type<Sqlite> for Moment {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }

    fn compatible(found: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(found)
    }
}

impl Encode<'_, Sqlite> for Moment {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <i64 as Encode<Sqlite>>::encode_by_ref(&storable(*self)?, buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for Moment {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        <i64 as Decode<Sqlite>>::decode(value).map(Self::from_micros)
    }
}

impl Type<Postgres> for Moment {
    fn type_info() -> PgTypeInfo {
        TIMESTAMPTZ
    }
}

impl PgHasArrayType for Moment {
    fn array_type_info() -> PgTypeInfo {
        TIMESTAMPTZ_ARRAY
    }
}

impl Encode<'_, Postgres> for Moment {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let since_2000 = storable(*self)?.saturating_sub(MICROS_TO_2000);
        <i64 as Encode<Postgres>>::encode_by_ref(&since_2000, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Moment {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.format() {
            PgValueFormat::Binary => {
                let since_2000 = <i64 as Decode<Postgres>>::decode(value)?;
                // `infinity` is the largest number and has no place on our side.
                since_2000.checked_add(MICROS_TO_2000).map(Self::from_micros).ok_or_else(|| "not a moment".into())
            }
            PgValueFormat::Text => Err("a moment is read from prepared statements only".into()),
        }
    }
}

/// Only what can be written as a date can be stored. Otherwise the two databases would differ at the ends of time, where
/// PostgreSQL has its `infinity` and SQLite plain numbers.
fn storable(moment: Moment) -> Result<i64, BoxDynError> {
    Timestamp::from_microsecond(moment.micros())?;
    Ok(moment.micros())
}
