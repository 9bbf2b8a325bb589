//! The domains by which people join accounts.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, UserId},
    moment::Moment,
    ownership::settings::{Domain, JoinDomain},
};

#[derive(FromRow)]
struct DomainRow {
    domain: String,
    role: String,
    proven_at: Option<Moment>,
}

impl DomainRow {
    fn decode(self, account: AccountId) -> Result<JoinDomain, DbError> {
        let domain = Domain::taken(&self.domain).map_err(|_| DbError::corrupt("join_domains", account))?;
        Ok(JoinDomain { domain, role: self.role, proven_at: self.proven_at })
    }
}

/// The domains by which people join an account, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, account: AccountId) -> Result<Vec<JoinDomain>, DbError> {
    let rows = tx
        .sql("select domain, role, proven_at from join_domains where account_id = $1 order by domain")
        .bind(account)
        .all::<DomainRow>()
        .await?;
    rows.into_iter().map(|row| row.decode(account)).collect()
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, account: AccountId, domain: &Domain) -> Result<Option<JoinDomain>, DbError> {
    let row = tx
        .sql("select domain, role, proven_at from join_domains where account_id = $1 and domain = $2")
        .bind(account)
        .bind(domain.as_str().to_owned())
        .maybe::<DomainRow>()
        .await?;
    row.map(|row| row.decode(account)).transpose()
}

/// Has people join by a domain, once it is proven.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    join: &JoinDomain,
    by: UserId,
    now: Moment,
) -> Result<(), DbError> {
    tx.sql("insert into join_domains (account_id, domain, role, added_by, added_at) values ($1, $2, $3, $4, $5)")
        .bind(account)
        .bind(join.domain.as_str().to_owned())
        .bind(join.role.clone())
        .bind(by)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Has people join by a domain in another role.
///
/// # Errors
/// When the database fails.
pub async fn save_role(tx: &mut Tx, account: AccountId, join: &JoinDomain) -> Result<(), DbError> {
    tx.sql("update join_domains set role = $3 where account_id = $1 and domain = $2")
        .bind(account)
        .bind(join.domain.as_str().to_owned())
        .bind(join.role.clone())
        .run()
        .await?;
    Ok(())
}

/// Has nobody join by a domain any more.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, account: AccountId, domain: &Domain) -> Result<(), DbError> {
    tx.sql("delete from join_domains where account_id = $1 and domain = $2")
        .bind(account)
        .bind(domain.as_str().to_owned())
        .run()
        .await?;
    Ok(())
}

/// Whether a domain is proven, and when to look for its record again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Its record was last found then.
    Found {
        /// When.
        at: Moment,
        /// When to look again.
        look_again: Moment,
    },
    /// It was not found, or not for too long.
    None,
}

/// Saves what is known of a domain's record.
///
/// # Errors
/// When the database fails.
pub async fn save_proof(tx: &mut Tx, account: AccountId, domain: &Domain, proof: Proof) -> Result<(), DbError> {
    let (proven_at, check_at) = match proof {
        Proof::Found { at, look_again } => (Some(at), Some(look_again)),
        Proof::None => (None, None),
    };
    tx.sql("update join_domains set proven_at = $3, check_at = $4 where account_id = $1 and domain = $2")
        .bind(account)
        .bind(domain.as_str().to_owned())
        .bind(proven_at)
        .bind(check_at)
        .run()
        .await?;
    Ok(())
}

/// Domains whose record is to be looked for again, the longest due first.
///
/// # Errors
/// When the database fails.
pub async fn due(tx: &mut Tx, now: Moment, limit: i64) -> Result<Vec<(AccountId, Domain)>, DbError> {
    let rows: Vec<(AccountId, String)> = tx
        .sql("select account_id, domain from join_domains where check_at <= $1 order by check_at, account_id limit $2")
        .bind(now)
        .bind(limit)
        .all()
        .await?;
    let decode = |(account, text): (AccountId, String)| {
        let domain = Domain::taken(&text).map_err(|_| DbError::corrupt("join_domains", account))?;
        Ok((account, domain))
    };
    rows.into_iter().map(decode).collect()
}

/// Accounts that people with an address in this domain join, and in which this person is no member: those whose record
/// was found after that moment.
///
/// # Errors
/// When the database fails.
pub async fn open_to(
    tx: &mut Tx,
    user: UserId,
    domain: &str,
    found_after: Moment,
    limit: i64,
) -> Result<Vec<AccountId>, DbError> {
    tx.sql(
        "select d.account_id from join_domains d join accounts a on a.id = d.account_id
         where d.domain = $2 and d.proven_at > $3 and a.status = 'active' and not exists (
             select 1 from members m where m.account_id = d.account_id and m.user_id = $1
         )
         order by d.account_id limit $4",
    )
    .bind(user)
    .bind(domain.to_owned())
    .bind(found_after)
    .bind(limit)
    .scalars()
    .await
}
