//! Recovery cases: decoded from their rows, and saved by compare-and-set. [`super::scene`] reads them.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{error::DbError, redemptions, tx::Tx};
use crate::{
    hash::Hash,
    id::{CaseId, PaperKeyId, RecoveryUserId, UserId},
    moment::Moment,
    recovery::{
        ballot::{Ballot, Choice, Elector},
        case::{Case, Extension, Opener, Redeemed, Rejection, State},
        policy::BallotWay,
        terms::{Kind, Route, Terms, TermsHash},
    },
};

/// A case as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The case.
    pub case: Case,
    /// Counts its saves, for compare-and-set.
    pub version: i64,
}

/// A case's own columns. The id and the version are named so that an account's can stand in the same row.
#[derive(FromRow)]
pub(super) struct CaseRow {
    case_id: CaseId,
    opener: UserId,
    terms: String,
    terms_hash: Vec<u8>,
    state: String,
    since_at: Option<Moment>,
    until_at: Option<Moment>,
    due_at: Option<Moment>,
    ended_at: Option<Moment>,
    ended_by: Option<UserId>,
    rejection: Option<String>,
    pauses: i64,
    extended: bool,
    reminders: i64,
    warned: i64,
    accepted_at: Option<Moment>,
    case_version: i64,
}

impl CaseRow {
    /// Its id.
    pub(super) const fn id(&self) -> CaseId {
        self.case_id
    }

    /// Who is said to have opened it.
    pub(super) const fn opener(&self) -> UserId {
        self.opener
    }
}

/// What stands in the rows of an elector and of their ballot, if they have cast one.
#[derive(FromRow)]
pub(super) struct ElectorRow {
    lost_at: Option<Moment>,
    choice: Option<String>,
    way: Option<String>,
    ballot_hash: Option<Vec<u8>>,
    cast_at: Option<Moment>,
}

impl ElectorRow {
    /// As it stands in a value that has all electors of a case.
    pub(super) fn new(
        lost_at: Option<Moment>,
        choice: Option<String>,
        way: Option<String>,
        ballot_hash: Option<&Hash>,
        cast_at: Option<Moment>,
    ) -> Self {
        Self { lost_at, choice, way, ballot_hash: ballot_hash.map(|hash| hash.as_bytes().to_vec()), cast_at }
    }
}

/// A paper key that was redeemed, and by whom.
#[derive(FromRow)]
pub(super) struct RedeemedRow {
    pub(super) user_id: RecoveryUserId,
    pub(super) person_name: String,
    key_id: PaperKeyId,
    member_id: Option<UserId>,
    cast_at: Moment,
    lost_at: Option<Moment>,
}

/// Puts a case together; `None` when the rows say what they never can.
pub(super) fn decode(row: CaseRow, electors: Vec<(UserId, ElectorRow)>, redeemed: Vec<RedeemedRow>) -> Option<Stored> {
    let state = state(&row)?;
    let terms_hash = TermsHash::from_bytes(row.terms_hash.try_into().ok()?);
    // INVARIANT 6, 8: the stored text is the one that was hashed, and the electorate is the one in it.
    let genuine = TermsHash::of(&row.terms) == terms_hash;
    let terms: Terms = serde_json::from_str(&row.terms).ok()?;
    let electors =
        electors.into_iter().map(|(user, row)| Some((user, elector(row)?))).collect::<Option<BTreeMap<_, _>>>()?;
    let complete = electors.keys().eq(terms.electorate.iter()) && terms.case == row.case_id;
    let redeemed: BTreeMap<_, _> = redeemed.into_iter().map(RedeemedRow::decode).collect();
    let opener = match terms.route {
        Route::Vote if redeemed.is_empty() => Opener::Administrator(row.opener),
        Route::Vote => return None,
        Route::Keys => Opener::RecoveryUser(*redeemed.iter().min_by_key(|(_, redeemed)| redeemed.at)?.0),
    };
    (genuine && complete).then_some(Stored {
        case: Case {
            terms,
            terms_hash,
            opener,
            electors,
            redeemed,
            accepted_at: row.accepted_at,
            state,
            pauses: u32::try_from(row.pauses).ok()?,
            extension: if row.extended { Extension::Used } else { Extension::Unused },
            reminders: u32::try_from(row.reminders).ok()?,
            warned: u32::try_from(row.warned).ok()?,
        },
        version: row.case_version,
    })
}

impl RedeemedRow {
    fn decode(self) -> (RecoveryUserId, Redeemed) {
        let redeemed = Redeemed { key: self.key_id, at: self.cast_at, member: self.member_id, lost_at: self.lost_at };
        (self.user_id, redeemed)
    }
}

fn state(row: &CaseRow) -> Option<State> {
    let at = row.ended_at;
    Some(match row.state.as_str() {
        "collecting" => State::Collecting,
        "waiting" => State::Waiting { since: row.since_at?, due_at: row.due_at? },
        "paused" => State::Paused { since: row.since_at?, until: row.until_at?, due_at: row.due_at? },
        "completed" => State::Completed { at: at? },
        "vetoed" => State::Vetoed { at: at?, by: row.ended_by? },
        "rejected" => State::Rejected { at: at?, reason: rejection(row.rejection.as_deref()?)? },
        "expired" => State::Expired { at: at? },
        "withdrawn" => State::Withdrawn { at: at? },
        _ => return None,
    })
}

const REJECTIONS: [(Rejection, &str); 6] = [
    (Rejection::OutOfReach, "out_of_reach"),
    (Rejection::FellShort, "fell_short"),
    (Rejection::NomineeUnfit, "nominee_unfit"),
    (Rejection::OwnersChanged, "owners_changed"),
    (Rejection::Superseded, "superseded"),
    (Rejection::Declined, "declined"),
];

fn rejection(word: &str) -> Option<Rejection> {
    REJECTIONS.iter().find(|(_, known)| *known == word).map(|(reason, _)| *reason)
}

fn rejection_word(reason: Rejection) -> Option<&'static str> {
    REJECTIONS.iter().find(|(known, _)| *known == reason).map(|(_, word)| *word)
}

fn elector(row: ElectorRow) -> Option<Elector> {
    let ballot = match (row.choice, row.way, row.ballot_hash, row.cast_at) {
        (None, None, None, None) => None,
        (Some(choice), Some(way), Some(hash), Some(cast_at)) => Some(Ballot {
            choice: choice_of(&choice)?,
            way: way_of(&way)?,
            terms_hash: TermsHash::from_bytes(hash.try_into().ok()?),
            cast_at,
        }),
        _ => return None,
    };
    Some(Elector { ballot, lost_at: row.lost_at })
}

pub(super) const fn choice_word(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "approve",
        Choice::Reject => "reject",
    }
}

fn choice_of(word: &str) -> Option<Choice> {
    [Choice::Approve, Choice::Reject].into_iter().find(|choice| choice_word(*choice) == word)
}

pub(super) const fn way_word(way: BallotWay) -> &'static str {
    match way {
        BallotWay::SignedIn => "signed_in",
        BallotWay::Passkey => "passkey",
        BallotWay::MailLink => "mail_link",
        BallotWay::PlainMail => "plain_mail",
    }
}

fn way_of(word: &str) -> Option<BallotWay> {
    [BallotWay::SignedIn, BallotWay::Passkey, BallotWay::MailLink, BallotWay::PlainMail]
        .into_iter()
        .find(|way| way_word(*way) == word)
}

pub(super) const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Replace => "replace",
        Kind::Add => "add",
    }
}

pub(super) const fn route_word(route: Route) -> &'static str {
    match route {
        Route::Vote => "vote",
        Route::Keys => "keys",
    }
}

/// Stores a case that was just opened.
///
/// # Errors
/// When the database fails.
pub async fn insert_case(tx: &mut Tx, case: &Case, now: Moment) -> Result<(), DbError> {
    let terms = case.terms.canonical().map_err(|_| DbError::corrupt("cases", case.id()))?;
    tx.sql(
        "insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at,
             state, pauses, extended, reminders, wake_at, version, route)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'collecting', 0, $11, 0, $12, 1, $13)",
    )
    .bind(case.id())
    .bind(case.terms.account)
    .bind(case.opener.administrator().unwrap_or(case.terms.nominee.id))
    .bind(case.terms.nominee.id)
    .bind(kind_word(case.terms.kind))
    .bind(terms)
    .bind(case.terms_hash.as_bytes().to_vec())
    .bind(i64::from(case.terms.required + case.terms.keys_required()))
    .bind(case.terms.opened_at)
    .bind(case.terms.closes_at())
    .bind(false)
    .bind(case.wake_at(now))
    .bind(route_word(case.terms.route))
    .run()
    .await?;
    for elector in case.electors.keys() {
        tx.sql("insert into electors (case_id, user_id, signed_in_only) values ($1, $2, $3)")
            .bind(case.id())
            .bind(*elector)
            .bind(case.terms.signed_in_only.contains_key(elector))
            .run()
            .await?;
    }
    Ok(())
}

/// Saves what a decision made of a case: only what differs. A paper key that was redeemed is kept beside it, see
/// [`redemptions::keep`]: without, it does not count.
///
/// # Errors
/// When the database fails, or somebody else has saved the case since it was read.
pub async fn save_case(tx: &mut Tx, before: &Stored, after: &Case, now: Moment) -> Result<(), DbError> {
    for (user, elector) in &after.electors {
        let old = before.case.electors.get(user).cloned().unwrap_or_default();
        if old != *elector {
            save_elector(tx, after, *user, elector, &old).await?;
        }
    }
    for (of, redeemed) in &after.redeemed {
        if before.case.redeemed.get(of).is_some_and(|old| old.lost_at != redeemed.lost_at) {
            redemptions::lose(tx, after.id(), *of, redeemed.lost_at).await?;
        }
    }
    let (since, until) = match after.state {
        State::Waiting { since, .. } => (Some(since), None),
        State::Paused { since, until, .. } => (Some(since), Some(until)),
        State::Collecting
        | State::Completed { .. }
        | State::Vetoed { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => (None, None),
    };
    let (ended_by, rejection) = match after.state {
        State::Vetoed { by, .. } => (Some(by), None),
        State::Rejected { reason, .. } => (None, rejection_word(reason)),
        State::Collecting
        | State::Waiting { .. }
        | State::Paused { .. }
        | State::Completed { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => (None, None),
    };
    let written = tx
        .sql(
            "update cases set state = $3, since_at = $4, until_at = $5, due_at = $6, ended_at = $7, ended_by = $8,
                 rejection = $9, pauses = $10, extended = $11, reminders = $12, wake_at = $13, accepted_at = $14,
                 warned = $15, version = version + 1
             where id = $1 and version = $2",
        )
        .bind(after.id())
        .bind(before.version)
        .bind(after.state.word())
        .bind(since)
        .bind(until)
        .bind(after.state.due_at())
        .bind(after.state.ended_at())
        .bind(ended_by)
        .bind(rejection)
        .bind(i64::from(after.pauses))
        .bind(after.extension == Extension::Used)
        .bind(i64::from(after.reminders))
        .bind(after.wake_at(now))
        .bind(after.accepted_at)
        .bind(i64::from(after.warned))
        .run()
        .await?;
    if written != 1 {
        return Err(DbError::corrupt("cases", after.id()));
    }
    if after.state.is_final() {
        tx.sql("update ballots set live = $2 where case_id = $1").bind(after.id()).bind(false).run().await?;
    }
    Ok(())
}

async fn save_elector(tx: &mut Tx, case: &Case, user: UserId, new: &Elector, old: &Elector) -> Result<(), DbError> {
    if new.lost_at != old.lost_at {
        tx.sql("update electors set lost_at = $3 where case_id = $1 and user_id = $2")
            .bind(case.id())
            .bind(user)
            .bind(new.lost_at)
            .run()
            .await?;
    }
    match &new.ballot {
        None => {
            tx.sql("delete from ballots where case_id = $1 and user_id = $2").bind(case.id()).bind(user).run().await?;
        }
        Some(ballot) => {
            tx.sql(
                "insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict (case_id, user_id) do update set choice = excluded.choice, way = excluded.way,
                     terms_hash = excluded.terms_hash, cast_at = excluded.cast_at, live = excluded.live",
            )
            .bind(case.id())
            .bind(user)
            .bind(case.terms.account)
            .bind(choice_word(ballot.choice))
            .bind(way_word(ballot.way))
            .bind(ballot.terms_hash.as_bytes().to_vec())
            .bind(ballot.cast_at)
            .bind(new.lost_at.is_none())
            .run()
            .await?;
        }
    }
    Ok(())
}
