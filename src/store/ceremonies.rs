//! Ceremonies with passkeys that were brought to their end.

use super::{error::DbError, tx::Tx};
use crate::{id::CeremonyId, moment::Moment};

/// Ends a ceremony. Says whether it is the first time.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &mut Tx, id: CeremonyId, now: Moment) -> Result<bool, DbError> {
    let ended = tx
        .sql("insert into ended_ceremonies (id, ended_at) values ($1, $2) on conflict (id) do nothing")
        .bind(id)
        .bind(now)
        .run()
        .await?;
    Ok(ended == 1)
}

/// Forgets ceremonies that ended before a moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from ended_ceremonies where ended_at < $1").bind(before).run().await
}
