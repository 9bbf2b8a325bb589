//! Reads all cases of many accounts, a few statements for all of them, for whoever compares them with the log.

use std::collections::BTreeMap;

use serde::Deserialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    audit::Range,
    cases::{self, CaseRow, ElectorRow, RedeemedRow},
    error::DbError,
    sql::Pair,
    tx::Tx,
};
use crate::{
    activity::cases::{Cases, StoredCase},
    hash::Hash,
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    passkey::ballot::Signature,
    recovery::case::Case,
};

/// A case, and what its columns repeat of its terms and of its ballots, so that it can be searched.
#[derive(FromRow)]
struct Row {
    account_id: AccountId,
    #[sqlx(flatten)]
    case: CaseRow,
    nominee: UserId,
    kind: String,
    required: i64,
    opened_at: Moment,
    closes_at: Moment,
    route: String,
    /// How many ballots there are, of electors or not.
    ballots: i64,
    /// Whether its opener and its nominee are people who are there.
    people: bool,
    /// Who may vote, as JSON: one value, because rows cost more to hand over than to read.
    electors: Option<String>,
}

/// Somebody who may vote, with their ballot, in the order in which they stand in the value.
#[derive(Deserialize)]
struct Elector {
    user: Uuid,
    /// Whether they are a person who is there.
    person: u8,
    signed_in_only: u8,
    lost_at: Option<i64>,
    choice: Option<String>,
    way: Option<String>,
    terms_hash: Option<Hash>,
    cast_at: Option<i64>,
    live: Option<u8>,
    /// Whether the ballot says that it is of the account of its case.
    here: Option<u8>,
}

#[derive(FromRow)]
struct Redeemer {
    case_id: CaseId,
    #[sqlx(flatten)]
    row: RedeemedRow,
    here: bool,
}

/// What stands around one case.
#[derive(Default)]
struct Around {
    redeemers: Vec<Redeemer>,
    signatures: Vec<(UserId, String)>,
}

/// The cases of the accounts in that range.
///
/// # Errors
/// When the database fails.
pub async fn cases(tx: &mut Tx, range: Range) -> Result<BTreeMap<AccountId, Cases>, DbError> {
    let rows: Vec<Row> = tx.sql(CASES).bind(range.from).bind(range.to).all().await?;
    let mut around: BTreeMap<CaseId, Around> = BTreeMap::new();
    for redeemer in in_range::<Redeemer>(tx, REDEEMERS, range).await? {
        around.entry(redeemer.case_id).or_default().redeemers.push(redeemer);
    }
    for (case, user, signature) in in_range::<(CaseId, UserId, String)>(tx, SIGNATURES, range).await? {
        around.entry(case).or_default().signatures.push((user, signature));
    }
    let mut found: BTreeMap<AccountId, BTreeMap<CaseId, _>> = BTreeMap::new();
    for row in rows {
        let (account, case) = (row.account_id, row.case.id());
        let around = around.remove(&case).unwrap_or_default();
        found.entry(account).or_default().insert(case, row.decode(around));
    }
    Ok(found.into_iter().map(|(account, cases)| (account, Cases::new(cases))).collect())
}

async fn in_range<R: super::sql::Row>(tx: &mut Tx, text: &'static str, range: Range) -> Result<Vec<R>, DbError> {
    tx.sql(text).bind(range.from).bind(range.to).all().await
}

impl Row {
    fn decode(self, around: Around) -> Result<StoredCase, String> {
        let id = self.case.id();
        let corrupt = |table| DbError::corrupt(table, id).to_string();
        let electors: Vec<Elector> = match self.electors.as_deref() {
            Some(electors) => serde_json::from_str(electors).map_err(|_| corrupt("electors"))?,
            None => Vec::new(),
        };
        if !self.people || electors.iter().any(|elector| elector.person == 0) {
            return Err("somebody in its columns is not there".to_owned());
        }
        let columns = Columns::of(&self, &electors, &around);
        let Around { redeemers, signatures } = around;
        let signature = |(user, text): (UserId, String)| -> Option<(UserId, Signature)> {
            Some((user, serde_json::from_str(&text).ok()?))
        };
        let signatures: Option<BTreeMap<UserId, Signature>> = signatures.into_iter().map(signature).collect();
        let signatures = signatures.ok_or_else(|| corrupt("ballot_signatures"))?;
        let electors = electors.into_iter().map(Elector::row).collect();
        let redeemed = redeemers.into_iter().map(|redeemer| redeemer.row).collect();
        let case = cases::decode(self.case, electors, redeemed).ok_or_else(|| corrupt("cases"))?.case;
        Ok(StoredCase { repeated: columns.are_of(&case), case, signatures })
    }
}

impl Elector {
    fn row(self) -> (UserId, ElectorRow) {
        let at = |micros: Option<i64>| micros.map(Moment::from_micros);
        let Self { user, lost_at, choice, way, terms_hash, cast_at, .. } = self;
        (UserId::from_uuid(user), ElectorRow::new(at(lost_at), choice, way, terms_hash.as_ref(), at(cast_at)))
    }
}

/// What columns repeat.
struct Columns {
    account: AccountId,
    opener: UserId,
    nominee: UserId,
    kind: String,
    route: String,
    required: i64,
    opened_at: Moment,
    closes_at: Moment,
    signed_in_only: usize,
    live: usize,
    /// Whether every ballot is of an elector, and says the account of its case, as every paper key does.
    at_home: bool,
}

impl Columns {
    fn of(row: &Row, electors: &[Elector], around: &Around) -> Self {
        let ballots = || electors.iter().filter_map(|elector| Some((elector.live? != 0, elector.here? != 0)));
        Self {
            account: row.account_id,
            opener: row.case.opener(),
            nominee: row.nominee,
            kind: row.kind.clone(),
            route: row.route.clone(),
            required: row.required,
            opened_at: row.opened_at,
            closes_at: row.closes_at,
            signed_in_only: electors.iter().filter(|elector| elector.signed_in_only != 0).count(),
            live: ballots().filter(|(live, _)| *live).count(),
            at_home: i64::try_from(ballots().count()) == Ok(row.ballots)
                && ballots().all(|(_, here)| here)
                && around.redeemers.iter().all(|redeemer| redeemer.here),
        }
    }

    /// Whether they are those of that case.
    fn are_of(&self, case: &Case) -> bool {
        let terms = &case.terms;
        let held = case.electors.values().filter(|elector| elector.ballot.is_some() && elector.lost_at.is_none());
        let live = if case.state.is_final() { 0 } else { held.count() };
        let marked = terms.signed_in_only.keys().filter(|user| terms.electorate.contains(user)).count();
        self.account == terms.account
            && self.opener == case.opener.administrator().unwrap_or(terms.nominee.id)
            && self.nominee == terms.nominee.id
            && self.kind == cases::kind_word(terms.kind)
            && self.route == cases::route_word(terms.route)
            && self.required == i64::from(terms.required + terms.keys_required())
            && (self.opened_at, self.closes_at) == (terms.opened_at, terms.closes_at())
            && (self.signed_in_only, self.live, self.at_home) == (marked, live, true)
    }
}

macro_rules! cases {
    ($electors:literal) => {
        concat!(
            "select c.account_id, c.id as case_id, c.opener, c.terms, c.terms_hash, c.state, c.since_at, c.until_at, c.due_at,
                 c.ended_at, c.ended_by, c.rejection, c.pauses, c.extended, c.reminders, c.warned, c.accepted_at,
                 c.version as case_version, c.nominee, c.kind, c.required, c.opened_at, c.closes_at, c.route,
                 (select count(*) from ballots b where b.case_id = c.id) as ballots,
                 exists (select 1 from users u where u.id = c.opener)
                     and exists (select 1 from users u where u.id = c.nominee) as people,
                 (select ",
            $electors,
            " from electors e
                     left join ballots b on b.case_id = e.case_id and b.user_id = e.user_id
                     left join users u on u.id = e.user_id
                 where e.case_id = c.id) as electors
             from cases c
             where c.account_id between $1 and $2"
        )
    };
}

const CASES: Pair = Pair {
    sqlite: cases!(
        "json_group_array(json_array(lower(hex(e.user_id)), u.id is not null, e.signed_in_only, e.lost_at, b.choice, b.way,
             nullif(lower(hex(b.terms_hash)), ''), b.cast_at, b.live, b.account_id = c.account_id))"
    ),
    postgres: cases!(
        "json_agg(json_build_array(e.user_id, (u.id is not null)::int, e.signed_in_only::int,
             (extract(epoch from e.lost_at) * 1000000)::bigint, b.choice, b.way, encode(b.terms_hash, 'hex'),
             (extract(epoch from b.cast_at) * 1000000)::bigint, b.live::int, (b.account_id = c.account_id)::int))::text"
    ),
};

const REDEEMERS: &str = "select r.case_id, r.recovery_user_id as user_id, r.name as person_name, r.key_id, r.member_id,
         r.redeemed_at as cast_at, r.lost_at, r.account_id = c.account_id as here
     from cases c join redemptions r on r.case_id = c.id
     where c.account_id between $1 and $2";

const SIGNATURES: &str = "select s.case_id, s.user_id, s.signature
     from cases c join ballot_signatures s on s.case_id = c.id
     where c.account_id between $1 and $2";
