//! What the readiness of an account rests on: its people, whether mail reaches them, what they hold, and who has standing.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{
    error::DbError,
    members::{MemberRow, Stored},
    recovery_users, roster,
    tx::Tx,
};
use crate::{
    id::{AccountId, RecoveryUserId, UserId},
    moment::Moment,
    ownership::{
        preset::OwnershipRules,
        readiness::{Backup, Mailbox, Person, Prepared, RecoveryUser, Signs},
    },
    recovery::{policy::Policy, proof::Holds, roster::Roster},
};

/// The people of an account, as far as its readiness rests on them.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The owners, the administrators, and some of the other members.
    pub people: BTreeMap<UserId, Reached>,
    /// Who has standing.
    pub roster: Roster,
    /// Who was chosen to hold paper keys.
    pub recovery_users: BTreeMap<RecoveryUserId, RecoveryUser>,
}

/// A member, whether mail reaches them, and by what they could show that it is them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The member, with their name and address.
    pub stored: Stored,
    /// Whether mail reaches their address.
    pub mailbox: Mailbox,
    /// What they could show.
    pub holds: Holds,
    /// Whether they could sign a ballot.
    pub signs: Signs,
    /// Whether they could still show who they are when one of their credentials is lost.
    pub backup: Backup,
}

impl Ground {
    /// The account as the pure core looks at it.
    #[must_use]
    pub fn prepared<'a>(&self, rules: &'a OwnershipRules, policy: &'a Policy) -> Prepared<'a> {
        let person = |reached: &Reached| {
            let Reached { stored, mailbox, holds, signs, backup } = reached;
            let member = stored.member.clone();
            Person { member, mailbox: *mailbox, holds: *holds, signs: *signs, backup: *backup }
        };
        let members = self.people.iter().map(|(user, reached)| (*user, person(reached))).collect();
        Prepared { rules, policy, members, roster: self.roster.clone(), recovery_users: self.recovery_users.clone() }
    }
}

#[derive(FromRow)]
struct ReachedRow {
    #[sqlx(flatten)]
    member: MemberRow,
    bounces: bool,
    held: i64,
    signs: bool,
}

/// Reads them in a snapshot, or under the account's lock. `leavers` are so many that it is asked how things were without:
/// so many more of the other members are read, of whom one who stays is needed.
///
/// # Errors
/// When the database fails.
pub async fn load(tx: &mut Tx, account: AccountId, leavers: usize, now: Moment) -> Result<Ground, DbError> {
    let roster = roster::load(tx, account).await?;
    let key_people = tx
        .sql(
            "select m.user_id, u.name, u.email, u.confirmed_at, m.role, m.administrator, m.status, m.owner, m.created_at, m.version,
                 coalesce((
                     select e.status from mails e
                     where e.user_id = m.user_id and e.address = u.email and e.status in ('accepted', 'bounced', 'undeliverable')
                     order by e.id desc limit 1
                 ), 'accepted') <> 'accepted' as bounces,
                 (
                     select count(*) from credentials c
                     where c.user_id = m.user_id and (c.ends_at is null or c.ends_at > $2)
                 ) as held,
                 exists (
                     select 1 from credentials c
                     where c.user_id = m.user_id and c.kind = 'passkey' and (c.ends_at is null or c.ends_at > $2)
                 ) as signs
             from members m join users u on u.id = m.user_id
             where m.account_id = $1 and (m.owner or m.administrator)",
        )
        .bind(account)
        .bind(now)
        .all::<ReachedRow>()
        .await?;
    let enough = i64::try_from(leavers.saturating_add(roster.entries.len()).saturating_add(1)).unwrap_or(i64::MAX);
    let others = tx
        .sql(
            "select m.user_id, u.name, u.email, u.confirmed_at, m.role, m.administrator, m.status, m.owner, m.created_at, m.version
             from members m join users u on u.id = m.user_id
             where m.account_id = $1 and not m.owner and not m.administrator and m.status = 'active'
                 and u.confirmed_at is not null
             order by m.user_id limit $2",
        )
        .bind(account)
        .bind(enough)
        .all::<MemberRow>()
        .await?;
    let others = others.into_iter().map(|member| ReachedRow { member, bounces: false, held: 0, signs: false });
    let mut people = BTreeMap::new();
    for row in key_people.into_iter().chain(others) {
        let mailbox = if row.bounces { Mailbox::Bounces } else { Mailbox::Fine };
        let holds = if row.held > 0 { Holds::Credential } else { Holds::MailboxOnly };
        let signs = if row.signs { Signs::Can } else { Signs::Cannot };
        let backup = if row.held > 1 { Backup::Has } else { Backup::Lacks };
        let stored = row.member.decode()?;
        people.insert(stored.member.user, Reached { stored, mailbox, holds, signs, backup });
    }
    Ok(Ground { people, roster, recovery_users: recovery_users::prepared(tx, account, now).await? })
}
