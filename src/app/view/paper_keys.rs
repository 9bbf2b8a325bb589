//! The paper keys of an account, for its owners.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, PaperKeyId, RecoveryUserId},
    moment::Moment,
    ownership::paper_key::{Key, State},
    store::{accounts, paper_keys, recovery_users},
};

/// A paper key, without what makes it one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaperKeyView {
    /// Which.
    pub id: PaperKeyId,
    /// Its number, as on its sheet.
    pub number: String,
    /// `in_force`, `expired`, `revoked`, `superseded`, or `recovered`: ended by a recovery of the account.
    pub state: &'static str,
    /// When it was issued.
    pub issued_at: Moment,
    /// From when it works no more; null when it does not expire.
    pub expires_at: Option<Moment>,
    /// When it was last shown to work; null if never.
    pub drilled_at: Option<Moment>,
    /// When it was ended; null until then.
    pub ended_at: Option<Moment>,
}

impl PaperKeyView {
    /// Whether it works.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.state == State::InForce.word()
    }

    /// What is shown of it.
    #[must_use]
    pub fn of(key: &Key, now: Moment) -> Self {
        Self {
            id: key.id,
            number: key.number.to_string(),
            state: key.state(now).word(),
            issued_at: key.issued_at,
            expires_at: key.expires_at,
            drilled_at: key.drilled_at,
            ended_at: key.ended.map(|ended| ended.at),
        }
    }
}

/// The keys that a recovery user has or had, the first issued first, for an owner.
///
/// # Errors
/// [`Error::NotFound`] for whoever may not know of the account, and where it has no such recovery user; that only owners see
/// them for its other people.
pub async fn paper_keys(
    app: &App,
    principal: &Principal,
    account: AccountId,
    user: RecoveryUserId,
) -> Result<Vec<PaperKeyView>, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::rights(tx, principal, account.id, app.preset_of(&account)?).await?.require_owner()?;
    let stored = recovery_users::find(tx, user).await?;
    stored.filter(|stored| stored.account == account.id).ok_or(Error::NotFound)?;
    let now = app.now();
    Ok(paper_keys::of_user(tx, user).await?.iter().map(|key| PaperKeyView::of(key, now)).collect())
}

/// One key, with whose it is.
#[derive(Debug, Clone)]
pub struct KeyHome {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// Who holds the key.
    pub user: RecoveryUserId,
    /// Their name.
    pub holder: String,
    /// The key.
    pub key: PaperKeyView,
}

/// One key, for an owner of its account.
///
/// # Errors
/// As [`paper_keys()`].
pub async fn paper_key(app: &App, principal: &Principal, key: PaperKeyId) -> Result<KeyHome, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let stored = paper_keys::find(tx, key).await?.ok_or(Error::NotFound)?;
    let account = accounts::find(tx, stored.account).await?.ok_or(Error::NotFound)?;
    rights::rights(tx, principal, account.id, app.preset_of(&account)?).await?.require_owner()?;
    let holder = recovery_users::find(tx, stored.user).await?.ok_or(Error::NotFound)?.user.name;
    let key = PaperKeyView::of(&stored.key, app.now());
    Ok(KeyHome { account: account.id, account_name: account.name, user: stored.user, holder, key })
}
