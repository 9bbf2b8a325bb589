//! The signatures of ballots, each beside the ballot that its elector cast last.

use std::collections::BTreeMap;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{CaseId, UserId},
    passkey::ballot::Signature,
};

/// Keeps the signature of the ballot that somebody has just cast.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &mut Tx, case: CaseId, elector: UserId, signature: &Signature) -> Result<(), DbError> {
    let text = signature.to_text().map_err(|_| DbError::corrupt("ballot_signatures", case))?;
    tx.sql(
        "insert into ballot_signatures (case_id, user_id, signature) values ($1, $2, $3)
         on conflict (case_id, user_id) do update set signature = excluded.signature",
    )
    .bind(case)
    .bind(elector)
    .bind(text)
    .run()
    .await?;
    Ok(())
}

/// What was kept in a case, also beside ballots that were taken back.
///
/// # Errors
/// When the database fails, or a row says what it never can.
pub async fn of_case(tx: &mut Tx, case: CaseId) -> Result<BTreeMap<UserId, Signature>, DbError> {
    let rows = tx
        .sql("select user_id, signature from ballot_signatures where case_id = $1 order by user_id")
        .bind(case)
        .all::<(UserId, String)>()
        .await?;
    let read = |(user, text): (UserId, String)| {
        serde_json::from_str(&text)
            .map(|signature| (user, signature))
            .map_err(|_| DbError::corrupt("ballot_signatures", case))
    };
    rows.into_iter().map(read).collect()
}
