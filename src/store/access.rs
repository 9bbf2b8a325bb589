//! All that permission decisions look at, in one statement: who asks, and for each question the person, the account, and
//! the person's place in it. It is no snapshot and no transaction, because a statement alone agrees with itself.

use sqlx::FromRow;

use super::{accounts, error::DbError, members, sql::Pair, tokens::Power, tx::Tx};
use crate::{
    id::{AccountId, CaseId, Id, UserId},
    moment::Moment,
    ownership::{account, address::Email, member::Member},
    secret::{TokenHash, TokenKind},
};

/// A token as somebody shows it.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// What it claims to be.
    pub kind: TokenKind,
    /// What it is looked up by.
    pub hash: TokenHash,
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A person's, who has signed in.
    Person {
        /// Who.
        user: UserId,
        /// The one account that their session is for, if it is.
        within: Option<AccountId>,
    },
    /// An operator's or the vendor's product's.
    Token(Power),
}

/// Whom and what a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Who.
    pub subject: Subject,
    /// Where; nowhere if what was named can be no account.
    pub account: Option<AccountId>,
}

/// How a person is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// By their id.
    Id(UserId),
    /// By their address.
    Address(Email),
    /// By something that can be nobody.
    Nobody,
}

impl Subject {
    const fn id(&self) -> Option<UserId> {
        match self {
            Self::Id(user) => Some(*user),
            Self::Address(_) | Self::Nobody => None,
        }
    }

    fn address(&self) -> Option<&str> {
        match self {
            Self::Address(email) => Some(email.as_str()),
            Self::Id(_) | Self::Nobody => None,
        }
    }
}

/// What was found about a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The person, if there is one.
    pub subject: Option<UserId>,
    /// The account, if there is one.
    pub account: Option<Place>,
    /// The person's place in it.
    pub member: Option<Member>,
}

/// An account, as far as a decision looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of its preset.
    pub preset: String,
    /// Its status at that moment.
    pub status: account::Status,
    /// How many accounts stand above it.
    pub depth: u32,
}

#[derive(FromRow)]
struct FoundRow {
    n: i64,
    signed_in: Option<UserId>,
    within: Option<AccountId>,
    token_kind: Option<String>,
    token_scopes: Option<String>,
    subject: Option<UserId>,
    confirmed_at: Option<Moment>,
    account: Option<AccountId>,
    preset: Option<String>,
    account_status: Option<String>,
    closing_until: Option<Moment>,
    depth: Option<i64>,
    open_case: Option<CaseId>,
    role: Option<String>,
    administrator: Option<bool>,
    member_status: Option<String>,
    owner: Option<bool>,
}

impl FoundRow {
    fn caller(&self) -> Result<Option<Caller>, DbError> {
        match (self.signed_in, &self.token_kind, &self.token_scopes) {
            (Some(user), None, None) => Ok(Some(Caller::Person { user, within: self.within })),
            (None, Some(kind), Some(scopes)) => {
                let power = Power::of(kind, scopes).ok_or_else(|| DbError::corrupt("tokens", kind))?;
                Ok(Some(Caller::Token(power)))
            }
            _ => Ok(None),
        }
    }

    fn decode(self, now: Moment) -> Result<Found, DbError> {
        let member = self.member()?;
        let account = match (self.account, self.preset, self.account_status, self.depth) {
            (Some(id), Some(preset), Some(word), Some(depth)) => {
                let corrupt = || DbError::corrupt("accounts", id);
                let status = accounts::status(&word, self.closing_until).ok_or_else(corrupt)?;
                let depth = u32::try_from(depth).map_err(|_| corrupt())?;
                Some(Place { preset, status: status.at(self.open_case, now), depth })
            }
            _ => None,
        };
        Ok(Found { subject: self.subject, account, member })
    }

    fn member(&self) -> Result<Option<Member>, DbError> {
        let (Some(user), Some(role), Some(administrator), Some(status), Some(owner)) =
            (self.subject, &self.role, self.administrator, &self.member_status, self.owner)
        else {
            return Ok(None);
        };
        let status = members::status(status).ok_or_else(|| DbError::corrupt("members", user))?;
        let confirmed = self.confirmed_at.is_some();
        Ok(Some(Member { user, role: role.clone(), administrator, status, confirmed, owner }))
    }
}

/// Whose token it is, and what there is about each question, in the order of the questions. Nothing if the token is not
/// valid (any more).
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn look(
    tx: &mut Tx,
    shown: Shown,
    about: &[About],
    now: Moment,
) -> Result<Option<(Caller, Vec<Found>)>, DbError> {
    let hash = |kind| (shown.kind == kind).then(|| shown.hash.as_bytes().as_slice());
    let (session, token) = (hash(TokenKind::Session), hash(TokenKind::Access));
    let rows: Vec<FoundRow> = match about {
        [] | [_] => {
            let one = about.first();
            tx.sql(ONE)
                .bind(session)
                .bind(token)
                .bind(now)
                .bind(one.and_then(|one| one.subject.id()))
                .bind(one.and_then(|one| one.subject.address()))
                .bind(one.and_then(|one| one.account))
                .all()
                .await?
        }
        several => tx.sql(SEVERAL).bind(session).bind(token).bind(now).bind(listed(several)).all().await?,
    };
    let Some(caller) = rows.first().map(FoundRow::caller).transpose()?.flatten() else { return Ok(None) };
    let mut found = Vec::with_capacity(about.len());
    for (place, row) in (0_i64..).zip(rows).take(about.len()) {
        if row.n != place {
            return Err(DbError::corrupt("accounts", row.n));
        }
        found.push(row.decode(now)?);
    }
    Ok(Some((caller, found)))
}

/// The questions as JSON, which both databases can take apart. Ids are hexadecimal; a checked address needs no escape.
fn listed(about: &[About]) -> String {
    let hex = |uuid: Option<uuid::Uuid>| uuid.map(|uuid| uuid.simple().to_string());
    let one = |(n, about): (usize, &About)| {
        let (user, account) = (about.subject.id().map(Id::uuid), about.account.map(Id::uuid));
        serde_json::json!({ "n": n, "u": hex(user), "e": about.subject.address(), "a": hex(account) })
    };
    about.iter().enumerate().map(one).collect::<serde_json::Value>().to_string()
}

/// The read, once for one question and once for several. Questions are called `q`: their number, the person's id or
/// address, and the account. `$joins` finds the person, the account, and the person's place in it.
macro_rules! look {
    ($questions:literal, $joins:expr) => {
        concat!(
            "select q.n, s.user_id as signed_in, s.account_id as within, t.kind as token_kind, t.scopes as token_scopes,
                 u.id as subject, u.confirmed_at,
                 a.id as account, a.preset, a.status as account_status, a.closing_until, a.depth,
                 case when a.status = 'closing' then (
                     select c.id from cases c
                     where c.account_id = a.id and c.state in ('collecting', 'waiting', 'paused') limit 1
                 ) end as open_case,
                 m.role, m.administrator, m.status as member_status, m.owner
             from ",
            $questions,
            " left join sessions s on s.token_hash = $1 and s.ended_at is null and s.expires_at > $3
                 left join tokens t on t.token_hash = $2 and t.revoked_at is null ",
            $joins,
            " order by q.n"
        )
    };
}

macro_rules! plainly {
    () => {
        "left join users u on u.id = coalesce(q.u, (select x.id from users x where x.email = q.e))
         left join accounts a on a.id = q.a
         left join members m on m.account_id = a.id and m.user_id = u.id"
    };
}

const ONE: &str = look!("(select cast(0 as bigint) as n, $4 as u, $5 as e, $6 as a) q", plainly!());

// PostgreSQL does not see how few the questions are, and would read whole tables for them. `offset 0` keeps it to one
// look into an index for each.
const SEVERAL: Pair = Pair {
    sqlite: look!(
        "(
             select value ->> 'n' as n, unhex(value ->> 'u') as u, value ->> 'e' as e, unhex(value ->> 'a') as a
             from json_each($4)
         ) q",
        plainly!()
    ),
    postgres: look!(
        "json_to_recordset($4::json) as q (n bigint, u uuid, e text, a uuid)",
        "left join lateral (
             select x.id from users x where x.email = q.e offset 0
         ) e on true
         left join lateral (
             select x.id, x.confirmed_at from users x where x.id = coalesce(q.u, e.id) offset 0
         ) u on true
         left join lateral (
             select x.id, x.preset, x.status, x.closing_until, x.depth from accounts x where x.id = q.a offset 0
         ) a on true
         left join lateral (
             select x.role, x.administrator, x.status, x.owner from members x
             where x.account_id = a.id and x.user_id = u.id offset 0
         ) m on true"
    ),
};
