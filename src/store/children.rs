//! The accounts that stand directly below another.

use sqlx::FromRow;

use super::{
    accounts::{Account, AccountRow},
    error::DbError,
    tx::Tx,
};
use crate::{
    id::{AccountId, UserId},
    ownership::member::Status,
};

/// A child account, with the place that somebody has in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// The account.
    pub account: Account,
    /// Their place in it.
    pub place: Option<Place>,
}

/// Somebody's place in a child account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of their role.
    pub role: String,
    /// Whether they have access.
    pub status: Status,
}

/// Which children are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those in which the person is a member.
    Theirs,
}

#[derive(FromRow)]
struct ChildRow {
    #[sqlx(flatten)]
    account: AccountRow,
    member_role: Option<String>,
    member_status: Option<String>,
}

impl ChildRow {
    fn decode(self) -> Result<Child, DbError> {
        let account = self.account.decode()?;
        let place = match (self.member_role, self.member_status) {
            (Some(role), Some(word)) => {
                let status = Status::named(&word).ok_or_else(|| DbError::corrupt("members", account.id))?;
                Some(Place { role, status })
            }
            (None, _) | (_, None) => None,
        };
        Ok(Child { account, place })
    }
}

/// Children of an account by id, after a given one, each with the place of that person in it.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tx: &mut Tx,
    parent: AccountId,
    user: Option<UserId>,
    which: Which,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Child>, DbError> {
    let rows = tx
        .sql(
            "select a.id, a.name, a.preset, a.policy, a.status, a.closing_until, a.parent_id, a.depth, a.reference,
                 a.primary_owner, a.created_at, a.version, a.head_seq, a.head_hash,
                 m.role as member_role, m.status as member_status
             from accounts a left join members m on m.account_id = a.id and m.user_id = $2
             where a.parent_id = $1 and ($3 or m.user_id is not null) and a.id > $4
             order by a.id limit $5",
        )
        .bind(parent)
        .bind(user)
        .bind(which == Which::All)
        .bind(after.unwrap_or(AccountId::LOWEST))
        .bind(limit)
        .all::<ChildRow>()
        .await?;
    rows.into_iter().map(ChildRow::decode).collect()
}
