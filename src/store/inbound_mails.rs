//! Mails that came in to vote, and what became of each. What they said is not kept.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    hash::Hash,
    id::{AccountId, CaseId, InboundMailId, UserId},
    moment::Moment,
    ownership::address::Email,
};

/// A mail that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundMail {
    /// Its id.
    pub id: InboundMailId,
    /// When it came.
    pub received_at: Moment,
    /// Whose it says it is, as far as that could be read.
    pub sender: Option<String>,
    /// Its name, as far as that could be read.
    pub message_id: Option<String>,
    /// What makes it this mail, where its sender is proven and it was not here before.
    pub fingerprint: Option<Hash>,
    /// The account that it is about, as far as that is known.
    pub account: Option<AccountId>,
    /// The case that it is about, as far as that is known.
    pub case: Option<CaseId>,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is a ballot.
    Counted,
    /// It is none.
    Refused {
        /// The stable code of the reason.
        reason: String,
        /// Its sentence.
        detail: String,
        /// When its sender was told.
        answered_at: Option<Moment>,
    },
}

#[derive(FromRow)]
struct MailRow {
    id: InboundMailId,
    received_at: Moment,
    sender: Option<String>,
    message_id: Option<String>,
    fingerprint: Option<Vec<u8>>,
    verdict: String,
    reason: Option<String>,
    detail: Option<String>,
    account_id: Option<AccountId>,
    case_id: Option<CaseId>,
    answered_at: Option<Moment>,
}

impl MailRow {
    fn decode(self) -> Result<InboundMail, DbError> {
        let corrupt = || DbError::corrupt("inbound_mails", self.id);
        let fingerprint = self.fingerprint.map(|bytes| bytes.try_into().map(Hash::from_bytes).map_err(|_| corrupt()));
        let verdict = match (self.verdict.as_str(), self.reason, self.detail) {
            ("counted", None, None) => Verdict::Counted,
            ("refused", Some(reason), Some(detail)) => {
                Verdict::Refused { reason, detail, answered_at: self.answered_at }
            }
            _ => return Err(corrupt()),
        };
        Ok(InboundMail {
            id: self.id,
            received_at: self.received_at,
            sender: self.sender,
            message_id: self.message_id,
            fingerprint: fingerprint.transpose()?,
            account: self.account_id,
            case: self.case_id,
            verdict,
        })
    }
}

/// Keeps what became of a mail.
///
/// # Errors
/// When the database fails, also because the mail was judged before.
pub async fn insert(tx: &mut Tx, mail: &InboundMail) -> Result<(), DbError> {
    let (verdict, reason, detail, answered_at) = match &mail.verdict {
        Verdict::Counted => ("counted", None, None, None),
        Verdict::Refused { reason, detail, answered_at } => {
            ("refused", Some(reason.as_str()), Some(detail.as_str()), *answered_at)
        }
    };
    tx.sql(
        "insert into inbound_mails (id, received_at, sender, message_id, fingerprint, verdict, reason, detail,
             account_id, case_id, answered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(mail.id)
    .bind(mail.received_at)
    .bind(mail.sender.as_deref())
    .bind(mail.message_id.as_deref())
    .bind(mail.fingerprint.map(|hash| hash.as_bytes().to_vec()))
    .bind(verdict)
    .bind(reason)
    .bind(detail)
    .bind(mail.account)
    .bind(mail.case)
    .bind(answered_at)
    .run()
    .await?;
    Ok(())
}

/// Whether a mail of a proven sender was judged before: the mail itself, or another that has its name.
///
/// # Errors
/// When the database fails.
pub async fn is_known(
    tx: &mut Tx,
    fingerprint: Hash,
    sender: &Email,
    message_id: Option<&str>,
) -> Result<bool, DbError> {
    let found: i64 = tx
        .sql(
            "select count(*) from inbound_mails where fingerprint is not null
             and (fingerprint = $1 or (sender = $2 and message_id = $3))",
        )
        .bind(fingerprint.as_bytes().to_vec())
        .bind(sender.as_str().to_owned())
        .bind(message_id)
        .scalar()
        .await?;
    Ok(found > 0)
}

/// How often somebody was told since then that a mail of theirs was refused.
///
/// # Errors
/// When the database fails.
pub async fn answers_since(tx: &mut Tx, sender: &Email, since: Moment) -> Result<i64, DbError> {
    tx.sql("select count(*) from inbound_mails where sender = $1 and answered_at > $2")
        .bind(sender.as_str().to_owned())
        .bind(since)
        .scalar()
        .await
}

/// The accounts whose one owner has that address, and which this person administers, or in which they have standing though
/// others took their access.
///
/// # Errors
/// When the database fails.
pub async fn accounts_between(tx: &mut Tx, person: UserId, owner: &Email) -> Result<Vec<AccountId>, DbError> {
    tx.sql(
        "select o.account_id from users u join members o on o.user_id = u.id and o.owner
         where u.email = $2
             and (select count(*) from members m where m.account_id = o.account_id and m.owner) = 1
             and (exists (select 1 from members m
                     where m.account_id = o.account_id and m.user_id = $1 and m.administrator)
                 or exists (select 1 from roster r where r.account_id = o.account_id and r.user_id = $1))
         order by o.account_id",
    )
    .bind(person)
    .bind(owner.as_str().to_owned())
    .scalars()
    .await
}

/// The newest, before that one.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, before: Option<InboundMailId>, limit: i64) -> Result<Vec<InboundMail>, DbError> {
    let rows: Vec<MailRow> = tx
        .sql(
            "select id, received_at, sender, message_id, fingerprint, verdict, reason, detail, account_id, case_id,
                 answered_at
             from inbound_mails where id < $1 order by id desc limit $2",
        )
        .bind(before.unwrap_or(InboundMailId::HIGHEST))
        .bind(limit)
        .all()
        .await?;
    rows.into_iter().map(MailRow::decode).collect()
}

/// Deletes those that were refused and came before a moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from inbound_mails where verdict = 'refused' and received_at < $1").bind(before).run().await
}
