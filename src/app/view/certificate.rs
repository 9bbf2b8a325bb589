//! The certificate of a completed case, put together for whoever may read it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    activity::{
        certificate::form::{Certificate, Certified, FORMAT, Log, Opening},
        log::note::{Note, Verifier},
        personal::MAIL,
    },
    app::{
        app::App,
        error::{Access, Error},
        principal::Principal,
        rights,
    },
    id::CaseId,
    recovery::{
        ballot::Elector,
        case::{Case, State},
        policy::BallotWay,
    },
    store::{
        activity::{self, Line},
        checkpoints::{self, StoredCheckpoint},
        entries::{self, Filter},
        error::DbError,
        log_tree, scene, signatures,
        tx::Tx,
    },
};

/// The certificate of a case.
///
/// # Errors
/// [`Error::NotFound`] for whoever may not read it, [`Access::NothingToCertify`] for a case that has not completed, and
/// [`Access::NotSealedYet`] for some seconds after it has.
pub async fn certificate(app: &App, principal: &Principal, case: CaseId) -> Result<Certificate, Error> {
    let mut tx = app.db.snapshot().await?;
    let scene = scene::load(&mut tx, case, None).await?.ok_or(Error::NotFound)?;
    let account = scene.account.id;
    rights::may_read_case(&mut tx, principal, account, &scene.case).await?;
    let found = &scene.case.case;
    if !matches!(found.state, State::Completed { .. }) {
        return Err(Access::NothingToCertify.into());
    }
    let of_case = Filter { case: Some(case), ..Filter::default() };
    let told = entries::list(&mut tx, account, &of_case, i64::MAX).await?;
    let at = |kind: &str| told.iter().find(|line| line.kind == kind).map(|line| line.seq);
    let corrupt = || DbError::corrupt("activity", case);
    let (first, last) = (at("case.opened").ok_or_else(corrupt)?, at("case.completed").ok_or_else(corrupt)?);
    let stretch = Filter { after: first - 1, until: last, ..Filter::default() };
    let lines = entries::list(&mut tx, account, &stretch, i64::MAX).await?;
    let checkpoint = checkpoints::latest(&mut tx).await?.ok_or(Access::NotSealedYet)?;
    // Entries of other matters that stand between name ids and no people.
    let mut personal: BTreeMap<i64, BTreeMap<String, Opening>> = BTreeMap::new();
    let proving = proving_mails(&told, found)?;
    for mut value in activity::personal(&mut tx, account, &told).await? {
        if value.name == MAIL {
            if !proving.contains(&value.seq) {
                continue;
            }
            let corrupt = || DbError::corrupt("activity_personal", value.seq);
            value = activity::mail(&mut tx, account, value.seq).await?.ok_or_else(corrupt)?;
        }
        let salt = data_encoding::HEXLOWER.encode(&value.salt()?);
        personal.entry(value.seq).or_default().insert(value.name, Opening { salt, value: value.value });
    }
    let mut entries = Vec::with_capacity(lines.len());
    for line in lines {
        let own = personal.remove(&line.seq).unwrap_or_default();
        entries.push(certified(&mut tx, &checkpoint, &scene.account.id, line, own).await?);
    }
    let terms = found.terms.canonical().map_err(|_| DbError::corrupt("cases", case))?;
    let mut signatures = BTreeMap::new();
    let is_signed = |elector: &Elector| elector.ballot.as_ref().is_some_and(|ballot| ballot.way == BallotWay::Passkey);
    for (user, signature) in signatures::of_case(&mut tx, case).await? {
        if found.electors.get(&user).is_some_and(is_signed) {
            let text = signature.to_text().map_err(|_| DbError::corrupt("ballot_signatures", case))?;
            signatures.insert(user, text);
        }
    }
    let key = key_of(&mut tx, &checkpoint).await?;
    let note: Note = checkpoint.note.parse().map_err(|_| DbError::corrupt("log_checkpoints", checkpoint.number))?;
    let log = Log { key: key.to_string(), checkpoint: note.only_by(&key).to_string() };
    Ok(Certificate { format: FORMAT.to_owned(), log, terms, entries, signatures })
}

/// The entries of the ballots by mail that stand at the end: their mails are proofs. Those of others concern nobody.
fn proving_mails(told: &[Line], case: &Case) -> Result<BTreeSet<i64>, Error> {
    let stands = |elector: &Elector| {
        elector.lost_at.is_none() && elector.ballot.as_ref().is_some_and(|it| it.way == BallotWay::PlainMail)
    };
    let mut last = BTreeMap::new();
    for line in told.iter().filter(|line| line.kind == "case.ballot_cast") {
        last.extend(line.entry()?.user.map(|user| (user, line.seq)));
    }
    last.retain(|user, _| case.electors.get(user).is_some_and(stands));
    Ok(last.into_values().collect())
}

async fn certified(
    tx: &mut Tx,
    checkpoint: &StoredCheckpoint,
    account: &crate::id::AccountId,
    line: Line,
    personal: BTreeMap<String, Opening>,
) -> Result<Certified, Error> {
    let seq = u64::try_from(line.seq).map_err(|_| DbError::corrupt("activity", line.seq))?;
    let leaf = log_tree::leaf_of(tx, *account, seq).await?.ok_or(Access::NotSealedYet)?;
    let path = log_tree::path(tx, leaf, checkpoint.size).await?.ok_or(Access::NotSealedYet)?;
    Ok(Certified { body: line.body, leaf, path, personal })
}

/// The key that was in force when the checkpoint was signed.
async fn key_of(tx: &mut Tx, checkpoint: &StoredCheckpoint) -> Result<Verifier, Error> {
    let keys = checkpoints::keys(tx).await?;
    let in_force = keys.iter().rfind(|key| key.first_checkpoint <= checkpoint.number);
    Ok(in_force.ok_or_else(|| DbError::corrupt("log_keys", checkpoint.number))?.verifier.clone())
}
