//! At which provider the people of an account sign in, and by what subject it knows them.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, UserId},
    moment::Moment,
    ownership::sign_on::{Issuer, Networks},
    sealed::Sealed,
};

/// How people sign in at an account's provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOn {
    /// The provider.
    pub issuer: Issuer,
    /// By what it knows the account.
    pub client_id: String,
    /// By what the account shows that it is the one; none for a public client.
    pub client_secret: Option<Sealed>,
    /// Which owner last set it.
    pub set_by: UserId,
    /// When.
    pub set_at: Moment,
}

#[derive(FromRow)]
struct SignOnRow {
    issuer: String,
    client_id: String,
    client_secret: Option<Vec<u8>>,
    set_by: UserId,
    set_at: Moment,
}

/// How people sign in at an account's provider, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, account: AccountId) -> Result<Option<SignOn>, DbError> {
    let row = tx
        .sql("select issuer, client_id, client_secret, set_by, set_at from sign_ons where account_id = $1")
        .bind(account)
        .maybe::<SignOnRow>()
        .await?;
    let Some(SignOnRow { issuer, client_id, client_secret, set_by, set_at }) = row else { return Ok(None) };
    // Where it may be is asked again when it is called.
    let issuer = Issuer::read(&issuer, Networks::Private).map_err(|_| DbError::corrupt("sign_ons", account))?;
    Ok(Some(SignOn { issuer, client_id, client_secret: client_secret.map(Sealed::from_bytes), set_by, set_at }))
}

/// Has people sign in at a provider. Where it is another one, forget first whom the one before knew.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, account: AccountId, set: &SignOn) -> Result<(), DbError> {
    tx.sql(
        "insert into sign_ons (account_id, issuer, client_id, client_secret, set_by, set_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (account_id) do update set issuer = excluded.issuer, client_id = excluded.client_id,
             client_secret = excluded.client_secret, set_by = excluded.set_by, set_at = excluded.set_at",
    )
    .bind(account)
    .bind(set.issuer.as_str().to_owned())
    .bind(set.client_id.clone())
    .bind(set.client_secret.as_ref().map(|secret| secret.as_bytes().to_vec()))
    .bind(set.set_by)
    .bind(set.set_at)
    .run()
    .await?;
    Ok(())
}

/// Has nobody sign in at a provider any more, and forgets whom it knew.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    tx.sql("delete from sign_ons where account_id = $1").bind(account).run().await?;
    Ok(())
}

/// Who has signed in as that subject before.
///
/// # Errors
/// When the database fails.
pub async fn whose(tx: &mut Tx, account: AccountId, subject: &str) -> Result<Option<UserId>, DbError> {
    tx.sql("select user_id from sign_on_subjects where account_id = $1 and subject = $2")
        .bind(account)
        .bind(subject.to_owned())
        .maybe_scalar()
        .await
}

/// As which subject somebody has signed in before.
///
/// # Errors
/// When the database fails.
pub async fn subject_of(tx: &mut Tx, account: AccountId, user: UserId) -> Result<Option<String>, DbError> {
    tx.sql("select subject from sign_on_subjects where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .maybe_scalar()
        .await
}

/// Keeps as which subject somebody signs in.
///
/// # Errors
/// When the database fails, also where the subject is somebody else's or the person has another.
pub async fn pin(tx: &mut Tx, account: AccountId, user: UserId, subject: &str, now: Moment) -> Result<(), DbError> {
    tx.sql("insert into sign_on_subjects (account_id, user_id, subject, pinned_at) values ($1, $2, $3, $4)")
        .bind(account)
        .bind(user)
        .bind(subject.to_owned())
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Forgets as which subject somebody has signed in.
///
/// # Errors
/// When the database fails.
pub async fn unpin(tx: &mut Tx, account: AccountId, user: UserId) -> Result<(), DbError> {
    tx.sql("delete from sign_on_subjects where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .run()
        .await?;
    Ok(())
}

/// Forgets of everybody as which subject they have signed in.
///
/// # Errors
/// When the database fails.
pub async fn unpin_all(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    tx.sql("delete from sign_on_subjects where account_id = $1").bind(account).run().await?;
    Ok(())
}

/// The accounts whose provider vouches for addresses in a domain, with the names for people: those whose record was found
/// after that moment. Nobody is asked for but the domain.
///
/// # Errors
/// When the database fails.
pub async fn of_domain(
    tx: &mut Tx,
    domain: &str,
    found_after: Moment,
    limit: i64,
) -> Result<Vec<(AccountId, String)>, DbError> {
    tx.sql(
        "select a.id, coalesce(t.brand_name, a.name) from join_domains d
             join sign_ons o on o.account_id = d.account_id join accounts a on a.id = d.account_id
             left join account_settings t on t.account_id = a.id
         where d.domain = $1 and d.proven_at > $2 and a.status <> 'closed'
         order by a.id limit $3",
    )
    .bind(domain.to_owned())
    .bind(found_after)
    .bind(limit)
    .all()
    .await
}
