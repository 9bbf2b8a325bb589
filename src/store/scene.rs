//! A recovery case with everything around it that a decision on it needs, in one read.
//!
//! INVARIANT: whatever of an account a decision looks at changes only together with the end of the account's activity
//! chain, which is read with it. Whoever writes under the account's lock, or only while that end still stands, has
//! therefore decided on how things were when they wrote. Except: whether a person has confirmed their address belongs to
//! no account. It is confirmed once and for all, and only a completion asks for it, under the lock.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Error, FromRow, Row};

use super::{
    accounts::{Account, AccountRow},
    cases::{self, CaseRow, ElectorRow, RedeemedRow, Stored},
    error::DbError,
    mails::Contact,
    sessions::ProofRow,
    tx::Tx,
};
use crate::{
    id::{CaseId, RecoveryUserId, UserId},
    moment::Moment,
    ownership::{credential::Proof, member::Status},
    recovery::{
        action::{Fitness, Place, Surroundings},
        terms::Route,
    },
    secret::TokenHash,
};

/// A case, its account, and what a decision looks at in both.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The account, with the end of its activity chain.
    pub account: Account,
    /// The case.
    pub case: Stored,
    /// Who owns the account now.
    pub owners: BTreeSet<UserId>,
    /// Whether the nominee could become owner now.
    pub nominee: Fitness,
    /// The account's one place for a case with a quorum.
    pub place: Place,
    /// Another open case of the account in which whoever acts has a live approval.
    pub approval_elsewhere: Option<CaseId>,
    /// Who the electors, the opener and the owners are; where paper keys opened the case, the nominee too.
    pub people: BTreeMap<UserId, Contact>,
    /// The names of those who redeemed paper keys.
    pub redeemers: BTreeMap<RecoveryUserId, String>,
}

impl Scene {
    /// What a decision on the case needs to know of the account around it, as far as one can tell without asking who
    /// acts, and before the case is due.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        Surroundings {
            owners: self.owners.clone(),
            place: self.place,
            nominee: self.nominee,
            approval_elsewhere: self.approval_elsewhere,
            redeemed_elsewhere: None,
            redeemer: None,
            notice: None,
            actor_standing: None,
        }
    }
}

/// The read answers with four kinds of rows, and each fills its own columns.
enum SceneRow {
    /// The case and its account, with the opener. There is one.
    Case(Box<HeadRow>, ContactRow),
    /// Somebody who may vote.
    Elector(ElectorRow, ContactRow),
    /// Somebody who owns the account.
    Owner(ContactRow),
    /// Somebody who redeemed a paper key.
    Redeemer(RedeemedRow),
}

impl<'r, R: Row> FromRow<'r, R> for SceneRow
where
    &'static str: sqlx::ColumnIndex<R>,
    String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    HeadRow: FromRow<'r, R>,
    ElectorRow: FromRow<'r, R>,
    ContactRow: FromRow<'r, R>,
    RedeemedRow: FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> Result<Self, Error> {
        let person = || ContactRow::from_row(row);
        match row.try_get::<String, _>("part")?.as_str() {
            "case" => Ok(Self::Case(Box::new(HeadRow::from_row(row)?), person()?)),
            "elector" => Ok(Self::Elector(ElectorRow::from_row(row)?, person()?)),
            "redeemer" => Ok(Self::Redeemer(RedeemedRow::from_row(row)?)),
            _ => Ok(Self::Owner(person()?)),
        }
    }
}

#[derive(FromRow)]
struct HeadRow {
    #[sqlx(flatten)]
    account: AccountRow,
    #[sqlx(flatten)]
    case: CaseRow,
    signed_in: Option<UserId>,
    #[sqlx(flatten)]
    proof: ProofRow,
    place_taken: bool,
    approval_elsewhere: Option<CaseId>,
    nominee_status: Option<String>,
    nominee_confirmed_at: Option<Moment>,
}

/// Whether a nominee with that status in the account could become owner.
fn fitness(status: Option<&str>, confirmed_at: Option<Moment>, route: Route) -> Fitness {
    let may = match route {
        Route::Vote => status == Some(Status::Active.word()),
        // Whom a paper key names joins the account by it. Whose access was taken is not let in again so.
        Route::Keys => status != Some(Status::Suspended.word()),
    };
    if may && confirmed_at.is_some() { Fitness::Fit } else { Fitness::Unfit }
}

#[derive(FromRow)]
struct ContactRow {
    user_id: UserId,
    person_name: String,
    email: String,
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Self {
        Self { user: Some(row.user_id), name: row.person_name, email: row.email }
    }
}

/// Who has signed in, and what they have shown.
type SignedIn = (UserId, Option<Proof>);

/// Reads a case with what is around it, as it concerns `actor`.
///
/// # Errors
/// When the database fails, or the rows say what they never can.
pub async fn load(tx: &mut Tx, case: CaseId, actor: Option<UserId>) -> Result<Option<Scene>, DbError> {
    let query = tx.sql(LOAD).bind(case).bind(actor).bind(None::<Vec<u8>>).bind(None::<Moment>);
    Ok(assemble(case, query.all().await?)?.map(|(_, scene)| scene))
}

/// Reads a case with what is around it, as it concerns whoever has signed in with that token, and says who that is, and
/// what they have shown.
/// Nothing is found if the session has ended, or is for one account only: from there nobody votes.
///
/// # Errors
/// As [`load`].
pub async fn load_signed_in(
    tx: &mut Tx,
    case: CaseId,
    token: &TokenHash,
    now: Moment,
) -> Result<Option<(UserId, Option<Proof>, Scene)>, DbError> {
    let query = tx.sql(LOAD).bind(case).bind(None::<UserId>).bind(token.as_bytes().to_vec()).bind(now);
    Ok(assemble(case, query.all().await?)?
        .and_then(|(signed_in, scene)| signed_in.map(|(user, proof)| (user, proof, scene))))
}

fn assemble(case: CaseId, rows: Vec<SceneRow>) -> Result<Option<(Option<SignedIn>, Scene)>, DbError> {
    let mut found = None;
    let mut electors = Vec::new();
    let mut redeemed = Vec::new();
    let mut owners = BTreeSet::new();
    let mut people = BTreeMap::new();
    for row in rows {
        let person = match row {
            SceneRow::Case(head, opener) => {
                found = Some(head);
                opener
            }
            SceneRow::Elector(row, person) => {
                electors.push((person.user_id, row));
                person
            }
            SceneRow::Owner(person) => {
                owners.insert(person.user_id);
                person
            }
            SceneRow::Redeemer(row) => {
                redeemed.push(row);
                continue;
            }
        };
        people.insert(person.user_id, person.into());
    }
    let Some(head) = found else { return Ok(None) };
    let signed_in = match head.signed_in {
        Some(user) => Some((user, head.proof.decode(user)?)),
        None => None,
    };
    let redeemers = redeemed.iter().map(|row| (row.user_id, row.person_name.clone())).collect();
    let decoded = cases::decode(head.case, electors, redeemed).ok_or_else(|| DbError::corrupt("cases", case))?;
    let scene = Scene {
        owners,
        nominee: fitness(head.nominee_status.as_deref(), head.nominee_confirmed_at, decoded.case.terms.route),
        place: if head.place_taken { Place::Taken } else { Place::Free },
        approval_elsewhere: head.approval_elsewhere,
        account: head.account.decode()?,
        case: decoded,
        people,
        redeemers,
    };
    Ok(Some((signed_in, scene)))
}

/// The word `approve` stands in the text, so that a plan made once for all values can use the index of live approvals.
const LOAD: &str = "select 'case' as part, w.id as user_id, w.name as person_name, w.email,
         a.id, a.name, a.preset, a.policy, a.status, a.closing_until, a.parent_id, a.depth, a.reference, a.primary_owner,
         a.created_at, a.version, a.head_seq, a.head_hash,
         c.id as case_id, c.opener, c.terms, c.terms_hash, c.state, c.since_at, c.until_at, c.due_at, c.ended_at,
         c.ended_by, c.rejection, c.pauses, c.extended, c.reminders, c.warned, c.accepted_at, c.version as case_version,
         s.user_id as signed_in, s.proven_at, s.proven_by, k.mail_since,
         exists (
             select 1 from cases o
             where o.account_id = c.account_id and o.id <> c.id and o.state in ('waiting', 'paused')
         ) as place_taken,
         (
             select b.case_id from ballots b
             where b.account_id = c.account_id and b.user_id = coalesce($2, s.user_id) and b.case_id <> c.id
                 and b.choice = 'approve' and b.live
         ) as approval_elsewhere,
         n.status as nominee_status, v.confirmed_at as nominee_confirmed_at,
         null as lost_at, null as choice, null as way, null as ballot_hash, null as cast_at,
         cast(null as uuid) as key_id, cast(null as uuid) as member_id
     from cases c join accounts a on a.id = c.account_id
         join users w on w.id = c.opener join users v on v.id = c.nominee
         left join members n on n.account_id = c.account_id and n.user_id = c.nominee
         left join sessions s on s.token_hash = $3 and s.account_id is null and s.ended_at is null and s.expires_at > $4
         left join credentials k on k.id = s.proven_by
     where c.id = $1
 union all
     select 'elector', u.id, u.name, u.email, null, null, null, null, null, null, null, null, null, null, null, null, null,
         null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
         null, null, null, null, null, null, null,
         e.lost_at, b.choice, b.way, b.terms_hash, b.cast_at, null, null
     from electors e join users u on u.id = e.user_id
         left join ballots b on b.case_id = e.case_id and b.user_id = e.user_id
     where e.case_id = $1
 union all
     select 'owner', u.id, u.name, u.email, null, null, null, null, null, null, null, null, null, null, null, null, null,
         null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
         null, null, null, null, null, null, null,
         null, null, null, null, null, null, null
     from cases c join members m on m.account_id = c.account_id and m.owner join users u on u.id = m.user_id
     where c.id = $1
 union all
     select 'redeemer', r.recovery_user_id, r.name, '', null, null, null, null, null, null, null, null, null, null, null, null,
         null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
         null, null, null, null, null, null, null,
         r.lost_at, null, null, null, r.redeemed_at, r.key_id, r.member_id
     from redemptions r
     where r.case_id = $1";
