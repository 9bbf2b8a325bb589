//! Before anything comes of the count of a case, its entries in the log are replayed and compared with the tables. A row that somebody
//! has changed, put in or taken away leads to nothing then.

use std::collections::BTreeMap;

use super::{error::Error, here::Here};
use crate::{
    activity::{case::CaseReplay, chain::check_personal, personal::MAIL},
    hash::Hash,
    recovery::{case::Case, policy::BallotWay},
    store::{
        activity::{self, Line, Personal},
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
    Ok(())
}

/// Compares what the tables have of a case, and of what proves its ballots, with what the log tells; where they differ, says how.
///
/// # Errors
/// When the database fails.
pub async fn compare(tx: &mut Tx, stored: &Case) -> Result<Result<(), String>, DbError> {
    let filter = Filter { case: Some(stored.id()), ..Filter::default() };
    let lines = entries::list(tx, stored.terms.account, &filter, i64::MAX).await?;
    let mut mails = BTreeMap::new();
    if stored.ballots_of(BallotWay::PlainMail).next().is_some() {
        let cast: Vec<i64> = lines.iter().filter(|line| line.kind == "case.ballot_cast").map(|line| line.seq).collect();
        for seq in cast {
            if let Some(mail) = activity::mail(tx, stored.terms.account, seq).await? {
                mails.insert(seq, mail);
            }
        }
    }
    let signed = stored.ballots_of(BallotWay::Passkey).next().is_some();
    let signatures = if signed { signatures::of_case(tx, stored.id()).await? } else { BTreeMap::new() };
    let told = replay(&lines, &mails, stored);
    Ok(told.and_then(|told| told.compare(stored, &signatures).map_err(|wrong| wrong.to_string())))
}

fn replay(lines: &[Line], mails: &BTreeMap<i64, Personal>, stored: &Case) -> Result<CaseReplay, String> {
    let told = |error: &dyn ToString| error.to_string();
    let mut replay: Option<CaseReplay> = None;
    for line in lines {
        if line.hash().map_err(|error| told(&error))? != Hash::of(&line.body) {
            return Err(format!("entry {} was changed", line.seq));
        }
        let entry = line.entry().map_err(|error| told(&error))?;
        let mail = mails.get(&line.seq);
        if let Some(mail) = mail {
            let salt = mail.salt().map_err(|error| told(&error))?;
            check_personal(&entry, MAIL, &salt, &mail.value).map_err(|error| told(&error))?;
        }
        let mail = mail.map(|mail| mail.value.as_str());
        match &mut replay {
            None => replay = Some(CaseReplay::of(stored, &entry).map_err(|error| told(&error))?),
            Some(replay) => replay.next_with(&entry, mail).map_err(|error| told(&error))?,
        }
    }
    replay.ok_or_else(|| "there are no entries".to_owned())
}
