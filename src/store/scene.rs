//! A recovery case with everything around it that a decision on it needs, in two reads.
//!
//! INVARIANT: whatever of an account a decision looks at changes only together with the end of the account's activity
//! chain, which the first of the two reads brings. Whoever writes under the account's lock, or only while that end still
//! stands, has therefore decided on one moment, although the reads were two.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{
    accounts::{Account, AccountRow},
    cases::{self, CaseRow, ElectorRow, Stored},
    error::DbError,
    mails::Contact,
    members::{self, MemberRow},
    tx::Tx,
};
use crate::{
    id::{CaseId, UserId},
    moment::Moment,
    ownership::member::Status,
    recovery::action::{Fitness, Place, Surroundings},
};

/// A case, its account, and the people of both.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The account, with the end of its activity chain.
    pub account: Account,
    /// The case.
    pub case: Stored,
    /// The account's one place for a case with a quorum.
    pub place: Place,
    /// Another open case of the account in which whoever acts has a live approval.
    pub approval_elsewhere: Option<CaseId>,
    /// Owners, administrators, electors, the opener, the nominee, and whoever acts.
    pub people: BTreeMap<UserId, Someone>,
}

/// A person whom a case concerns.
#[derive(Debug, Clone)]
pub struct Someone {
    /// Their name and address.
    pub contact: Contact,
    /// Their membership in the account, if they have one.
    pub member: Option<members::Stored>,
}

impl Scene {
    /// The account's owners and administrators.
    #[must_use]
    pub fn key_people(&self) -> Vec<members::Stored> {
        let members = self.people.values().filter_map(|someone| someone.member.as_ref());
        members.filter(|person| person.member.owner || person.member.administrator).cloned().collect()
    }

    /// What a decision on the case needs to know of the account around it, as far as one can tell without asking who
    /// acts, and before the case is due.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        let members = self.people.values().filter_map(|someone| someone.member.as_ref());
        Surroundings {
            owners: members.filter(|person| person.member.owner).map(|person| person.member.user).collect(),
            place: self.place,
            nominee: self.nominee(),
            approval_elsewhere: self.approval_elsewhere,
            notice: None,
            actor_standing: None,
        }
    }

    fn nominee(&self) -> Fitness {
        let nominee = self.people.get(&self.case.case.terms.nominee.id).and_then(|someone| someone.member.as_ref());
        match nominee {
            Some(nominee) if nominee.member.status == Status::Active && nominee.member.confirmed => Fitness::Fit,
            Some(_) | None => Fitness::Unfit,
        }
    }
}

#[derive(FromRow)]
struct SceneRow {
    #[sqlx(flatten)]
    account: AccountRow,
    #[sqlx(flatten)]
    case: CaseRow,
    nominee: UserId,
    place_taken: bool,
    approval_elsewhere: Option<CaseId>,
}

#[derive(FromRow)]
struct PersonRow {
    user_id: UserId,
    name: String,
    email: String,
    confirmed_at: Option<Moment>,
    role: Option<String>,
    administrator: Option<bool>,
    status: Option<String>,
    owner: Option<bool>,
    created_at: Option<Moment>,
    version: Option<i64>,
    elector: bool,
    #[sqlx(flatten)]
    ballot: ElectorRow,
}

impl PersonRow {
    fn member(&self) -> Option<MemberRow> {
        Some(MemberRow {
            user_id: self.user_id,
            name: self.name.clone(),
            email: self.email.clone(),
            confirmed_at: self.confirmed_at,
            role: self.role.clone()?,
            administrator: self.administrator?,
            status: self.status.clone()?,
            owner: self.owner?,
            created_at: self.created_at?,
            version: self.version?,
        })
    }
}

/// Reads a case with what is around it, as it concerns `actor`.
///
/// # Errors
/// When the database fails, or the rows say what they never can.
pub async fn load(tx: &mut Tx, case: CaseId, actor: Option<UserId>) -> Result<Option<Scene>, DbError> {
    // The word stands in the text, so that a plan made once for all values can use the index of live approvals.
    let found = tx
        .sql(
            "select a.id, a.name, a.preset, a.policy, a.status, a.created_at, a.version, a.head_seq, a.head_hash,
                 c.id as case_id, c.opener, c.nominee, c.terms, c.terms_hash, c.state, c.since_at, c.until_at, c.due_at,
                 c.ended_at, c.ended_by, c.rejection, c.pauses, c.extended, c.reminders, c.version as case_version,
                 exists (select 1 from cases o where o.account_id = c.account_id and o.id <> c.id
                     and o.state in ('waiting', 'paused')) as place_taken,
                 (select b.case_id from ballots b where b.account_id = c.account_id and b.user_id = $2
                     and b.case_id <> c.id and b.choice = 'approve' and b.live) as approval_elsewhere
             from cases c join accounts a on a.id = c.account_id where c.id = $1",
        )
        .bind(case)
        .bind(actor)
        .maybe::<SceneRow>()
        .await?;
    let Some(row) = found else { return Ok(None) };
    let account = row.account.decode()?;
    let people = tx
        .sql(
            "select u.id as user_id, u.name, u.email, u.confirmed_at,
                 m.role, m.administrator, m.status, m.owner, m.created_at, m.version,
                 e.user_id is not null as elector, e.lost_at, b.choice, b.way, b.terms_hash, b.cast_at
             from (select user_id from electors where case_id = $1
                 union select user_id from members where account_id = $2 and (owner or administrator)
                 union select id from users where id in ($3, $4, $5)) p
             join users u on u.id = p.user_id
             left join members m on m.account_id = $2 and m.user_id = p.user_id
             left join electors e on e.case_id = $1 and e.user_id = p.user_id
             left join ballots b on b.case_id = $1 and b.user_id = p.user_id",
        )
        .bind(case)
        .bind(account.id)
        .bind(row.case.opener)
        .bind(row.nominee)
        .bind(actor)
        .all::<PersonRow>()
        .await?;
    let mut electors = Vec::new();
    let mut around = BTreeMap::new();
    for person in people {
        let contact = Contact { user: person.user_id, name: person.name.clone(), email: person.email.clone() };
        let member = person.member().map(MemberRow::decode).transpose()?;
        if person.elector {
            electors.push((person.user_id, person.ballot));
        }
        around.insert(person.user_id, Someone { contact, member });
    }
    Ok(Some(Scene {
        account,
        case: cases::decode(row.case, electors).ok_or_else(|| DbError::corrupt("cases", case))?,
        place: if row.place_taken { Place::Taken } else { Place::Free },
        approval_elsewhere: row.approval_elsewhere,
        people: around,
    }))
}
