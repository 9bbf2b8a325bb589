//! What the operator's tools ask of the database itself.

use super::{error::DbError, sql::Pair, tx::Tx};
use crate::moment::Moment;

/// The time of day by the database's clock. SQLite has none of its own and tells the machine's.
///
/// # Errors
/// When the database fails.
pub async fn now(tx: &mut Tx) -> Result<Moment, DbError> {
    tx.sql(Pair {
        sqlite: "select cast(unixepoch('now', 'subsec') * 1000000 as integer)",
        postgres: "select clock_timestamp()",
    })
    .scalar()
    .await
}
