//! Before anything comes of the count of a case, its entries in the log are replayed and compared with the tables. A row that somebody
//! has changed, put in or taken away leads to nothing then.

use super::{error::Error, here::Here};
use crate::{
    activity::case::CaseReplay,
    hash::Hash,
    recovery::{ballot::Elector, case::Case, policy::BallotWay},
    store::{
        activity::{self, Line},
        entries::{self, Filter},
        error::DbError,
        halts::{self, Halt},
        signatures,
        tx::Tx,
    },
};

/// Stops what is being done where the log tells another story of the case than the tables.
///
/// # Errors
/// As a row that makes no sense; the case stays as it was.
pub(super) async fn check_case(here: &mut Here<'_>, stored: &Case) -> Result<(), Error> {
    if let Some(Halt { why, .. }) = halts::of(here.tx, here.account.id).await? {
        tracing::error!(case = %stored.id(), why, "a case was stopped: its account is halted");
        return Err(DbError::corrupt("halts", here.account.id).into());
    }
    if let Err(why) = compare(here.tx, stored).await? {
        tracing::error!(case = %stored.id(), why, "a case was stopped: the log does not tell what the tables have");
        return Err(DbError::corrupt("cases", stored.id()).into());
    }
    if !signed_as_logged(here.tx, stored).await? {
        tracing::error!(case = %stored.id(), "a case was stopped: a ballot is not what its elector signed");
        return Err(DbError::corrupt("ballot_signatures", stored.id()).into());
    }
    Ok(())
}

/// Compares what the tables have of a case with what the log tells; where they differ, says how.
///
/// # Errors
/// When the database fails.
pub async fn compare(tx: &mut Tx, stored: &Case) -> Result<Result<(), String>, DbError> {
    let filter = Filter { case: Some(stored.id()), ..Filter::default() };
    let lines = entries::list(tx, stored.terms.account, &filter, i64::MAX).await?;
    Ok(replay(&lines, stored))
}

fn replay(lines: &[Line], stored: &Case) -> Result<(), String> {
    let told = |error: &dyn ToString| error.to_string();
    let terms = stored.terms.canonical().map_err(|error| told(&error))?;
    let mut replay: Option<CaseReplay> = None;
    for line in lines {
        if line.hash().map_err(|error| told(&error))? != Hash::of(&line.body) {
            return Err(format!("entry {} was changed", line.seq));
        }
        let entry = line.entry().map_err(|error| told(&error))?;
        match &mut replay {
            None => {
                let opened = CaseReplay::open(&terms, &entry).map_err(|error| told(&error))?;
                replay = Some(opened.with_members_of(stored));
            }
            Some(replay) => replay.next(&entry).map_err(|error| told(&error))?,
        }
    }
    replay.ok_or("there are no entries")?.compare(stored).map_err(|error| told(&error))
}

/// Whether every ballot that says it is signed has its signature: for these terms, for this choice, and the one that its elector gave.
/// Nothing comes of their count otherwise.
///
/// # Errors
/// When the database fails.
pub async fn signed_as_logged(tx: &mut Tx, case: &Case) -> Result<bool, DbError> {
    let of_ballot =
        |elector: &Elector| elector.ballot.as_ref().filter(|it| it.way == BallotWay::Passkey).map(|it| it.choice);
    let signed: Vec<_> = case.electors.iter().filter_map(|(user, elector)| Some((user, of_ballot(elector)?))).collect();
    if signed.is_empty() {
        return Ok(true);
    }
    let kept = signatures::of_case(tx, case.id()).await?;
    let logged = activity::ballot_signatures(tx, case.terms.account, case.id()).await?;
    Ok(signed.into_iter().all(|(user, choice)| {
        let checked = kept.get(user).and_then(|signature| signature.verify(case.terms_hash, choice).ok());
        // The key that it is checked with stands beside it, so anybody's would pass; whose it is stands in the log.
        checked.is_some_and(|signed| logged.get(user) == Some(&signed.evidence()))
    }))
}
