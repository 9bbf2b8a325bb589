//! Action links: what each stands for, and whether it still works. Their tokens stand nowhere.
//!
//! A unit of work that acts on a link locks the account first, then reads the link, then kills it.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, ChangeId, LinkId, TransferId, UserId},
    moment::Moment,
};

/// A link as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id, from which the token is derived.
    pub id: LinkId,
    /// The act that it stands for.
    pub purpose: Purpose,
    /// The person who got it.
    pub user: UserId,
    /// The account that it is about.
    pub account: AccountId,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// The change of the roster that it contests.
    pub change: Option<ChangeId>,
    /// The offer of ownership that it answers.
    pub transfer: Option<TransferId>,
    /// Since when.
    pub created_at: Moment,
    /// When it stopped working: it was used up, replaced, or its occasion has passed.
    pub dead_at: Option<Moment>,
}

/// The act that a link stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Cast a ballot in a case.
    Ballot,
    /// Pause a case.
    Pause,
    /// Contest a change of the roster.
    Contest,
    /// Accept an invitation.
    Accept,
    /// Say that a ballot was somebody else's.
    Disown,
    /// Answer an offer of ownership.
    Transfer,
    /// Say whether one would become owner, where paper keys name one.
    Nomination,
    /// Have a device make the first passkey, as somebody who came to own the account by paper keys.
    Enrol,
}

impl Purpose {
    const ALL: [Self; 8] = [
        Self::Ballot,
        Self::Pause,
        Self::Contest,
        Self::Accept,
        Self::Disown,
        Self::Transfer,
        Self::Nomination,
        Self::Enrol,
    ];

    /// Its word, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ballot => "ballot",
            Self::Pause => "pause",
            Self::Contest => "contest",
            Self::Accept => "accept",
            Self::Disown => "disown",
            Self::Transfer => "transfer",
            Self::Nomination => "nomination",
            Self::Enrol => "enrol",
        }
    }

    /// Whether a new link of this kind replaces the earlier ones of the same occasion. A receipt's link does not: each
    /// ballot has its own receipt, and whoever casts another one must not silence the first.
    const fn replaces(self) -> bool {
        match self {
            Self::Ballot
            | Self::Pause
            | Self::Contest
            | Self::Accept
            | Self::Transfer
            | Self::Nomination
            | Self::Enrol => true,
            Self::Disown => false,
        }
    }
}

#[derive(FromRow)]
struct LinkRow {
    id: LinkId,
    purpose: String,
    user_id: UserId,
    account_id: AccountId,
    case_id: Option<CaseId>,
    change_id: Option<ChangeId>,
    transfer_id: Option<TransferId>,
    created_at: Moment,
    dead_at: Option<Moment>,
}

impl LinkRow {
    fn decode(self) -> Result<Link, DbError> {
        let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.word() == self.purpose);
        Ok(Link {
            id: self.id,
            purpose: purpose.ok_or_else(|| DbError::corrupt("links", self.id))?,
            user: self.user_id,
            account: self.account_id,
            case: self.case_id,
            change: self.change_id,
            transfer: self.transfer_id,
            created_at: self.created_at,
            dead_at: self.dead_at,
        })
    }
}

/// Stores a new link, and kills the earlier ones that it replaces.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, link: &Link) -> Result<(), DbError> {
    if link.purpose.replaces() {
        tx.sql(
            "update links set dead_at = $6 where user_id = $1 and account_id = $2 and purpose = $3
                 and case_id is not distinct from $4 and change_id is not distinct from $5
                 and transfer_id is not distinct from $7 and dead_at is null",
        )
        .bind(link.user)
        .bind(link.account)
        .bind(link.purpose.word())
        .bind(link.case)
        .bind(link.change)
        .bind(link.created_at)
        .bind(link.transfer)
        .run()
        .await?;
    }
    tx.sql(
        "insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at, transfer_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(link.id)
    .bind(link.purpose.word())
    .bind(link.user)
    .bind(link.account)
    .bind(link.case)
    .bind(link.change)
    .bind(link.created_at)
    .bind(link.dead_at)
    .bind(link.transfer)
    .run()
    .await?;
    Ok(())
}

/// The link with that id, dead or alive.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, link: LinkId) -> Result<Option<Link>, DbError> {
    let row = tx
        .sql(
            "select id, purpose, user_id, account_id, case_id, change_id, transfer_id, created_at, dead_at from links
             where id = $1",
        )
        .bind(link)
        .maybe::<LinkRow>()
        .await?;
    row.map(LinkRow::decode).transpose()
}

/// Kills a link. Says whether it was alive; of several units of work that try, one is told so.
///
/// # Errors
/// When the database fails.
pub async fn kill(tx: &mut Tx, link: LinkId, now: Moment) -> Result<bool, DbError> {
    let written =
        tx.sql("update links set dead_at = $2 where id = $1 and dead_at is null").bind(link).bind(now).run().await?;
    Ok(written == 1)
}

/// Kills every link about a case.
///
/// # Errors
/// When the database fails.
pub async fn kill_of_case(tx: &mut Tx, case: CaseId, now: Moment) -> Result<u64, DbError> {
    tx.sql("update links set dead_at = $2 where case_id = $1 and dead_at is null").bind(case).bind(now).run().await
}

/// Kills the links for one act about a case, for when only that act's occasion has passed.
///
/// # Errors
/// When the database fails.
pub async fn kill_of_case_for(tx: &mut Tx, case: CaseId, purpose: Purpose, now: Moment) -> Result<u64, DbError> {
    tx.sql("update links set dead_at = $3 where case_id = $1 and purpose = $2 and dead_at is null")
        .bind(case)
        .bind(purpose.word())
        .bind(now)
        .run()
        .await
}

/// Kills every link that contests a change of the roster.
///
/// # Errors
/// When the database fails.
pub async fn kill_of_change(tx: &mut Tx, account: AccountId, change: ChangeId, now: Moment) -> Result<u64, DbError> {
    tx.sql("update links set dead_at = $3 where account_id = $1 and change_id = $2 and dead_at is null")
        .bind(account)
        .bind(change)
        .bind(now)
        .run()
        .await
}

/// Kills every link that answers an offer of ownership.
///
/// # Errors
/// When the database fails.
pub async fn kill_of_transfer(tx: &mut Tx, transfer: TransferId, now: Moment) -> Result<u64, DbError> {
    tx.sql("update links set dead_at = $2 where transfer_id = $1 and dead_at is null")
        .bind(transfer)
        .bind(now)
        .run()
        .await
}

/// Kills every link of a person about an account.
///
/// # Errors
/// When the database fails.
pub async fn kill_of_user_in_account(
    tx: &mut Tx,
    user: UserId,
    account: AccountId,
    now: Moment,
) -> Result<u64, DbError> {
    tx.sql("update links set dead_at = $3 where user_id = $1 and account_id = $2 and dead_at is null")
        .bind(user)
        .bind(account)
        .bind(now)
        .run()
        .await
}

/// Kills every link of a person, as a change of their address does.
///
/// # Errors
/// When the database fails.
pub async fn kill_of_user(tx: &mut Tx, user: UserId, now: Moment) -> Result<u64, DbError> {
    tx.sql("update links set dead_at = $2 where user_id = $1 and dead_at is null").bind(user).bind(now).run().await
}

/// Kills the ballot link of one elector in one case.
///
/// # Errors
/// When the database fails.
pub async fn kill_ballot_of(tx: &mut Tx, case: CaseId, user: UserId, now: Moment) -> Result<u64, DbError> {
    tx.sql(
        "update links set dead_at = $3 where case_id = $1 and user_id = $2 and purpose = 'ballot' and dead_at is null",
    )
    .bind(case)
    .bind(user)
    .bind(now)
    .run()
    .await
}

/// Whether an elector had a ballot link in a case and has none any more: they said that a ballot in their name was not theirs.
///
/// # Errors
/// When the database fails.
pub async fn ballot_is_dead(tx: &mut Tx, case: CaseId, user: UserId) -> Result<bool, DbError> {
    let (all, alive): (i64, i64) = tx
        .sql(
            "select count(*), count(case when dead_at is null then 1 end) from links
             where case_id = $1 and user_id = $2 and purpose = 'ballot'",
        )
        .bind(case)
        .bind(user)
        .one()
        .await?;
    Ok(all > 0 && alive == 0)
}
