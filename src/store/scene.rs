//! A recovery case with everything around it that a decision on it needs, in one read.
//!
//! INVARIANT: whatever of an account a decision looks at changes only together with the end of the account's activity
//! chain, which is read with it. Whoever writes under the account's lock, or only while that end still stands, has
//! therefore decided on how things were when they wrote. Except: whether a person has confirmed their address belongs to
//! no account. It is confirmed once and for all, and only a completion asks for it, under the lock.

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

/// A person beside the case and its account. What is long, or takes a look elsewhere, stands on the opener's row alone.
#[derive(FromRow)]
struct SceneRow {
    #[sqlx(flatten)]
    account: AccountRow,
    #[sqlx(flatten)]
    case: CaseRow,
    place_taken: Option<bool>,
    approval_elsewhere: Option<CaseId>,
    #[sqlx(flatten)]
    person: PersonRow,
}

#[derive(FromRow)]
struct PersonRow {
    user_id: UserId,
    person_name: String,
    email: String,
    confirmed_at: Option<Moment>,
    role: Option<String>,
    administrator: Option<bool>,
    member_status: Option<String>,
    owner: Option<bool>,
    joined_at: Option<Moment>,
    member_version: Option<i64>,
    elector: bool,
    #[sqlx(flatten)]
    ballot: ElectorRow,
}

impl PersonRow {
    fn member(&self) -> Option<MemberRow> {
        Some(MemberRow {
            user_id: self.user_id,
            name: self.person_name.clone(),
            email: self.email.clone(),
            confirmed_at: self.confirmed_at,
            role: self.role.clone()?,
            administrator: self.administrator?,
            status: self.member_status.clone()?,
            owner: self.owner?,
            created_at: self.joined_at?,
            version: self.member_version?,
        })
    }
}

/// Reads a case with what is around it, as it concerns `actor`.
///
/// # Errors
/// When the database fails, or the rows say what they never can.
pub async fn load(tx: &mut Tx, case: CaseId, actor: Option<UserId>) -> Result<Option<Scene>, DbError> {
    // The word `approve` stands in the text, so that a plan made once for all values can use the index of live approvals.
    let rows = tx
        .sql(
            "select a.id, a.name, case when u.id = c.opener then a.policy else '' end as policy, a.preset, a.status,
                 a.created_at, a.version, a.head_seq, a.head_hash,
                 c.id as case_id, c.opener, case when u.id = c.opener then c.terms else '' end as terms, c.terms_hash,
                 c.state, c.since_at, c.until_at, c.due_at, c.ended_at, c.ended_by, c.rejection, c.pauses, c.extended,
                 c.reminders, c.version as case_version,
                 case when u.id = c.opener then exists (
                     select 1 from cases o
                     where o.account_id = c.account_id and o.id <> c.id and o.state in ('waiting', 'paused')
                 ) end as place_taken,
                 case when u.id = c.opener then (
                     select b.case_id from ballots b
                     where b.account_id = c.account_id and b.user_id = $2 and b.case_id <> c.id
                         and b.choice = 'approve' and b.live
                 ) end as approval_elsewhere,
                 u.id as user_id, u.name as person_name, u.email, u.confirmed_at, m.role, m.administrator,
                 m.status as member_status, m.owner, m.created_at as joined_at, m.version as member_version,
                 e.user_id is not null as elector, e.lost_at, b.choice, b.way, b.terms_hash as ballot_hash, b.cast_at
             from cases c
             join accounts a on a.id = c.account_id
             join users u on u.id in (
                 select user_id from electors where case_id = $1
                 union select opener from cases where id = $1
                 union select nominee from cases where id = $1
                 union select id from users where id = $2
                 union select k.user_id from cases o join members k on k.account_id = o.account_id
                 where o.id = $1 and (k.owner or k.administrator)
             )
             left join members m on m.account_id = c.account_id and m.user_id = u.id
             left join electors e on e.case_id = c.id and e.user_id = u.id
             left join ballots b on b.case_id = c.id and b.user_id = u.id
             where c.id = $1",
        )
        .bind(case)
        .bind(actor)
        .all::<SceneRow>()
        .await?;
    let mut opener = None;
    let mut electors = Vec::new();
    let mut people = BTreeMap::new();
    for row in rows {
        let person = row.person;
        let contact = Contact { user: person.user_id, name: person.person_name.clone(), email: person.email.clone() };
        let member = person.member().map(MemberRow::decode).transpose()?;
        people.insert(person.user_id, Someone { contact, member });
        if person.elector {
            electors.push((person.user_id, person.ballot));
        }
        if let Some(place_taken) = row.place_taken {
            opener = Some((row.account, row.case, place_taken, row.approval_elsewhere));
        }
    }
    let Some((account, row, place_taken, approval_elsewhere)) = opener else { return Ok(None) };
    Ok(Some(Scene {
        account: account.decode()?,
        case: cases::decode(row, electors).ok_or_else(|| DbError::corrupt("cases", case))?,
        place: if place_taken { Place::Taken } else { Place::Free },
        approval_elsewhere,
        people,
    }))
}
