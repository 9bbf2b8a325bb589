//! Checks a certificate, in the order of `docs/certificate.md`: what comes later rests on what comes before.

use std::collections::BTreeMap;

use super::{
    form::{Certificate, Certified, FORMAT, Opening},
    proofs::proofs,
    strict::Strict,
    told::{BallotTold, Proof, Told},
};
use crate::{
    activity::{
        case::CaseReplay,
        case_broken::CaseBroken,
        chain::commitment,
        entry::Entry,
        log::{
            checkpoint::Checkpoint,
            note::{Note, Verifier},
            tree::includes,
        },
    },
    hash::Hash,
    id::UserId,
    moment::Moment,
    passkey::ballot::Signature,
    recovery::{
        ballot::Ballot,
        case::{Case, State},
        policy::BallotWay,
        quorum::Quorum,
    },
};

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It does not have the form.
    #[error("this is no recovery certificate: {0}")]
    Malformed(String),
    /// The checkpoint is none, or not signed.
    #[error("the checkpoint is not signed by the key in the certificate, or is none")]
    Checkpoint,
    /// It was signed by another key than the one that was given.
    #[error("the certificate is signed by another key than the one that was given: `{0}`")]
    OtherKey(String),
    /// An entry cannot be read, or is not written in the one way in which it is hashed.
    #[error("entry {0} of the certificate is not an entry in canonical form")]
    Entry(usize),
    /// The entries do not follow each other.
    #[error("entry {0} of the certificate does not follow from the entry before it")]
    Chain(usize),
    /// An entry is not in the log.
    #[error("entry {0} of the certificate is not in the log of the checkpoint")]
    NotSealed(usize),
    /// A personal value is not the one that was recorded.
    #[error("entry {0} of the certificate: `{1}` is not what was recorded")]
    Personal(usize, String),
    /// The story of the case does not hold.
    #[error("the case: {0}")]
    Case(#[from] CaseBroken),
    /// The case did not complete.
    #[error("the last entry of the certificate does not complete the case")]
    NotCompleted,
    /// The owners had not been told in time, though the last entry says so.
    #[error("the owner `{0}` had not been told in time, though the last entry says so")]
    Notice(UserId),
    /// A ballot that was signed has no signature that is right.
    #[error("the ballot of `{0}` is not what its elector signed")]
    Signature(UserId),
    /// A mail does not prove the ballot beside which it stands.
    #[error("the mail in entry {0} of the certificate does not prove a ballot")]
    Mail(usize),
}

impl Wrong {
    /// The stable word for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Checkpoint => "checkpoint",
            Self::OtherKey(_) => "key",
            Self::Entry(_) => "entry",
            Self::Chain(_) => "chain",
            Self::NotSealed(_) => "sealed",
            Self::Personal(..) => "personal",
            Self::Case(_) | Self::NotCompleted | Self::Notice(_) => "case",
            Self::Signature(_) => "signature",
            Self::Mail(_) => "mail",
        }
    }
}

/// Reads a certificate and checks it. With `key`, the checkpoint has to be signed by that one.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(text: &str, key: Option<&Verifier>) -> Result<Told, Wrong> {
    let malformed = |problem: serde_json::Error| Wrong::Malformed(problem.to_string());
    serde_json::from_str::<Strict>(text).map_err(malformed)?;
    let certificate: Certificate = serde_json::from_str(text).map_err(malformed)?;
    if certificate.format != FORMAT {
        return Err(Wrong::Malformed(format!("its format is `{}`, and not `{FORMAT}`", certificate.format)));
    }
    let checkpoint = checkpoint(&certificate, key)?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut leaf = None;
    for (number, certified) in (1..).zip(&certificate.entries) {
        let entry = entry(number, certified, entries.last(), &checkpoint)?;
        if leaf.is_some_and(|before| before >= certified.leaf) {
            return Err(Wrong::NotSealed(number));
        }
        leaf = Some(certified.leaf);
        entries.push(entry);
    }
    let replay = replay(&certificate.terms, &entries)?;
    let last = entries.last().ok_or(Wrong::NotCompleted)?;
    let waiting = last_waiting(&entries).ok_or(Wrong::NotCompleted)?;
    let alerts = alerts(last, replay.case())?;
    signatures(&certificate, &replay)?;
    let proofs = proofs(&certificate, &entries, replay.case())?;
    told(&checkpoint, &replay, proofs, (last, waiting, alerts)).ok_or(Wrong::NotCompleted)
}

fn checkpoint(certificate: &Certificate, pinned: Option<&Verifier>) -> Result<Checkpoint, Wrong> {
    let key: Verifier = certificate.log.key.parse().map_err(|_| Wrong::Checkpoint)?;
    let note: Note = certificate.log.checkpoint.parse().map_err(|_| Wrong::Checkpoint)?;
    let checkpoint: Checkpoint = note.text().parse().map_err(|_| Wrong::Checkpoint)?;
    // One signature, so that nothing stands in a certificate that nobody checks.
    if checkpoint.origin != *key.name() || note.signatures().len() != 1 || !key.vouches_for(&note) {
        return Err(Wrong::Checkpoint);
    }
    match pinned {
        Some(pinned) if *pinned != key => Err(Wrong::OtherKey(certificate.log.key.clone())),
        Some(_) | None => Ok(checkpoint),
    }
}

/// One entry: what it says, that it follows the one before, that it is in the log, and what its personal values are.
fn entry(
    number: usize,
    certified: &Certified,
    before: Option<&Entry>,
    checkpoint: &Checkpoint,
) -> Result<Entry, Wrong> {
    let entry: Entry = serde_json::from_str(&certified.body).map_err(|_| Wrong::Entry(number))?;
    if serde_json_canonicalizer::to_string(&entry).ok().as_deref() != Some(certified.body.as_str()) {
        return Err(Wrong::Entry(number));
    }
    if let Some(before) = before {
        let hash = serde_json_canonicalizer::to_string(before).map(|body| Hash::of(&body));
        let follows = entry.account == before.account
            && before.seq.checked_add(1) == Some(entry.seq)
            && hash.is_ok_and(|hash| entry.prev == hash);
        if !follows {
            return Err(Wrong::Chain(number));
        }
    }
    if !includes(&Hash::of(&certified.body), certified.leaf, checkpoint.size, &certified.path, &checkpoint.root) {
        return Err(Wrong::NotSealed(number));
    }
    for (name, opening) in &certified.personal {
        if entry.personal.get(name) != commits(opening).as_ref() {
            return Err(Wrong::Personal(number, name.clone()));
        }
    }
    Ok(entry)
}

fn commits(opening: &Opening) -> Option<Hash> {
    let salt = data_encoding::HEXLOWER.decode(opening.salt.as_bytes()).ok()?;
    Some(commitment(&salt.try_into().ok()?, &opening.value))
}

fn replay(terms: &str, entries: &[Entry]) -> Result<CaseReplay, Wrong> {
    let (opened, rest) = entries.split_first().ok_or(Wrong::NotCompleted)?;
    let mut replay = CaseReplay::open(terms, opened)?;
    let case = replay.case().terms.case;
    for entry in rest.iter().filter(|entry| entry.case == Some(case)) {
        replay.next(entry)?;
    }
    let last = entries.last().is_some_and(|last| last.kind == "case.completed" && last.case == Some(case));
    if last { Ok(replay) } else { Err(Wrong::NotCompleted) }
}

/// The last waiting period: when it began, and when it ended.
fn last_waiting(entries: &[Entry]) -> Option<(Moment, Moment)> {
    let case = entries.first()?.case;
    let of_case = || entries.iter().filter(|entry| entry.case == case);
    let began = of_case().rfind(|entry| entry.kind == "case.quorum_reached")?;
    let due = of_case().rfind(|entry| entry.data.contains_key("due_at"))?;
    Some((began.at, serde_json::from_value(due.data.get("due_at")?.clone()).ok()?))
}

/// When owners had been told; each of them in time, where the entry says so.
fn alerts(completed: &Entry, case: &Case) -> Result<BTreeMap<UserId, Moment>, Wrong> {
    let read = |found: &serde_json::Value| serde_json::from_value(found.clone()).ok();
    let alerts: Option<BTreeMap<UserId, Moment>> = completed.data.get("alerts").and_then(read);
    let Some(alerts) = alerts else { return Ok(BTreeMap::new()) };
    let by = completed.at.before(case.terms.policy.min_notice);
    let late = |owner: &UserId| alerts.get(owner).is_none_or(|at| *at > by);
    match case.terms.owner_ids().into_iter().find(late) {
        Some(owner) if completed.data.get("notice").is_some_and(|word| word == "in_time") => Err(Wrong::Notice(owner)),
        Some(_) | None => Ok(alerts),
    }
}

/// Each ballot that was signed has the signature whose hash is in the log, for these terms and this choice; and there are no others.
fn signatures(certificate: &Certificate, replay: &CaseReplay) -> Result<(), Wrong> {
    let case = replay.case();
    let signed = |user: &UserId| {
        case.electors
            .get(user)
            .and_then(|elector| elector.ballot.as_ref())
            .filter(|ballot| ballot.way == BallotWay::Passkey)
    };
    for (user, ballot) in case.electors.keys().filter_map(|user| Some((user, signed(user)?))) {
        let wrong = || Wrong::Signature(*user);
        let text = certificate.signatures.get(user).ok_or_else(wrong)?;
        let signature: Signature = serde_json::from_str(text).map_err(|_| wrong())?;
        let found = signature.verify(case.terms_hash, ballot.choice).map_err(|_| wrong())?;
        if Some(found.evidence()) != replay.evidence(*user) || Hash::of(text) != found.evidence() {
            return Err(wrong());
        }
    }
    match certificate.signatures.keys().find(|user| signed(user).is_none()) {
        Some(user) => Err(Wrong::Signature(*user)),
        None => Ok(()),
    }
}

fn told(
    checkpoint: &Checkpoint,
    replay: &CaseReplay,
    mut proofs: BTreeMap<UserId, Proof>,
    (last, waiting, alerts): (&Entry, (Moment, Moment), BTreeMap<UserId, Moment>),
) -> Option<Told> {
    let case = replay.case();
    let State::Completed { at } = case.state else { return None };
    let quorum = Quorum::reached(case)?;
    let ballots =
        case.electors.iter().filter(|(_, elector)| elector.lost_at.is_none()).filter_map(|(user, elector)| {
            let Ballot { choice, way, cast_at, .. } = elector.ballot.clone()?;
            Some((*user, BallotTold { choice, way, cast_at, proof: proofs.remove(user)? }))
        });
    let ballots = ballots.collect();
    let terms = case.terms.clone();
    Some(Told {
        account: terms.account,
        case: terms.case,
        kind: terms.kind,
        route: terms.route,
        owners: terms.owners,
        nominee: terms.nominee,
        statement: terms.statement,
        opened_at: terms.opened_at,
        electorate: terms.electorate,
        required: terms.required,
        approvals: quorum.approvals(),
        ballots,
        keys: case.redeemed.iter().filter(|(_, key)| key.lost_at.is_none()).map(|(user, _)| *user).collect(),
        waiting_since: waiting.0,
        due_at: waiting.1,
        completed_at: at,
        pauses: case.pauses,
        notice: last.data.get("notice").and_then(|word| word.as_str()).unwrap_or_default().to_owned(),
        alerts,
        log: checkpoint.origin.to_string(),
        size: checkpoint.size,
    })
}
