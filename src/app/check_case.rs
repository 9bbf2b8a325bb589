//! Before anything comes of the count of a case, its entries in the log are replayed and compared with the tables. A row that somebody
//! has changed, put in or taken away leads to nothing then.

use std::collections::{BTreeMap, BTreeSet};

use super::{error::Error, here::Here};
use crate::{
    activity::{
        case::CaseReplay,
        chain::check_personal,
        entry::Entry,
        mailed::{Behind, NotProven, behind},
        personal::MAIL,
    },
    hash::Hash,
    id::UserId,
    recovery::{
        ballot::{Choice, Elector},
        case::Case,
        policy::BallotWay,
    },
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
    if !proven_as_logged(here.tx, stored).await? {
        tracing::error!(case = %stored.id(), "a case was stopped: a ballot is not what its elector signed, or what their mail says");
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
            None => replay = Some(CaseReplay::open(&terms, &entry).map_err(|error| told(&error))?),
            Some(replay) => replay.next(&entry).map_err(|error| told(&error))?,
        }
    }
    replay.ok_or("there are no entries")?.compare(stored).map_err(|error| told(&error))
}

/// Whether every ballot that says it is signed has its signature, and every one that came in a mail the mail that was kept: for
/// these terms, for this choice, and the one that its elector gave. Nothing comes of their count otherwise.
///
/// # Errors
/// When the database fails.
pub async fn proven_as_logged(tx: &mut Tx, case: &Case) -> Result<bool, DbError> {
    let has = |way| ballots(case, way).next().is_some();
    if !has(BallotWay::Passkey) && !has(BallotWay::PlainMail) {
        return Ok(true);
    }
    let logged = activity::last_ballots(tx, case.terms.account, case.id()).await?;
    Ok(signed(tx, case, &logged).await? && mailed(tx, case, &logged).await?)
}

async fn signed(tx: &mut Tx, case: &Case, logged: &BTreeMap<UserId, Entry>) -> Result<bool, DbError> {
    let kept = signatures::of_case(tx, case.id()).await?;
    Ok(ballots(case, BallotWay::Passkey).all(|(user, choice)| {
        let checked = kept.get(&user).and_then(|signature| signature.verify(case.terms_hash, choice).ok());
        // The key that it is checked with stands beside it, so anybody's would pass; whose it is stands in the log.
        let evidence = logged.get(&user).and_then(|entry| entry.data.get("signature")?.as_str()?.parse().ok());
        checked.is_some_and(|signed| evidence == Some(signed.evidence()))
    }))
}

async fn mailed(tx: &mut Tx, case: &Case, logged: &BTreeMap<UserId, Entry>) -> Result<bool, DbError> {
    let mut senders = BTreeSet::new();
    for (user, _) in ballots(case, BallotWay::PlainMail) {
        let Some(entry) = logged.get(&user) else { return Ok(false) };
        let seq = i64::try_from(entry.seq).map_err(|_| DbError::corrupt("activity", entry.seq))?;
        let committed = entry.personal.contains_key(MAIL);
        let mail = if committed { activity::mail(tx, case.terms.account, seq).await? } else { None };
        if let Some(mail) = &mail
            && check_personal(entry, MAIL, &mail.salt()?, &mail.value).is_err()
        {
            return Ok(false);
        }
        let right = match behind(case, user, entry, mail.as_ref().map(|mail| mail.value.as_str())) {
            Ok(Behind::Word) => true,
            // It is erased when the case has ended, and not before.
            Ok(Behind::Gone) => case.state.is_final(),
            Ok(Behind::Mail(proven)) => senders.insert(proven.from),
            Err(NotProven) => false,
        };
        if !right {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Who cast a ballot of that way, and what they chose.
fn ballots(case: &Case, way: BallotWay) -> impl Iterator<Item = (UserId, Choice)> {
    let choice = move |elector: &Elector| elector.ballot.as_ref().filter(|it| it.way == way).map(|it| it.choice);
    case.electors.iter().filter_map(move |(user, elector)| Some((*user, choice(elector)?)))
}
