//! The recovery users of an account, for its owners. Nobody else needs to know whom to rob.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, RecoveryUserId},
    moment::Moment,
    ownership::{
        paper_key::State,
        recovery_user::{Address, RecoveryUser},
    },
    recovery::policy::Switch,
    store::{accounts, paper_keys, recovery_users},
};

/// Somebody whom an owner chose to hold paper keys.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecoveryUserView {
    /// Who.
    pub id: RecoveryUserId,
    /// Their name.
    pub name: String,
    /// Their recovery addresses: one or two.
    pub addresses: Vec<RecoveryAddressView>,
    /// Whether each of their addresses is confirmed.
    pub confirmed: bool,
    /// When they were chosen.
    pub added_at: Moment,
    /// How many paper keys of theirs work.
    pub keys_in_force: usize,
}

/// A recovery address.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecoveryAddressView {
    /// The address.
    pub email: String,
    /// When somebody showed that they read it; null until then.
    pub confirmed_at: Option<Moment>,
}

/// Everything on the page of them.
#[derive(Debug, Clone)]
pub struct RecoveryUsersHome {
    /// The account's name.
    pub account_name: String,
    /// Whether the policy has recovery by paper key.
    pub route: Switch,
    /// How many different people’s keys it takes.
    pub keys_required: u32,
    /// All of them, the first chosen first.
    pub users: Vec<RecoveryUserView>,
}

impl RecoveryUsersHome {
    /// Whether an address is still to be confirmed.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.users.iter().any(|user| !user.confirmed)
    }
}

impl RecoveryUserView {
    /// Somebody, and how many keys of theirs work.
    #[must_use]
    pub fn of(user: &RecoveryUser, keys_in_force: usize) -> Self {
        let address = |address: &Address| RecoveryAddressView {
            email: address.email.as_str().to_owned(),
            confirmed_at: address.confirmed_at,
        };
        Self {
            id: user.id,
            name: user.name.clone(),
            addresses: user.addresses.iter().map(address).collect(),
            confirmed: user.is_confirmed(),
            added_at: user.added_at,
            keys_in_force,
        }
    }
}

/// The recovery users of an account, for one of its owners.
///
/// # Errors
/// [`Error::NotFound`] for whoever may not know of the account, and that only owners see it for its other people.
pub async fn recovery_users(app: &App, principal: &Principal, account: AccountId) -> Result<RecoveryUsersHome, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::rights(tx, principal, account.id, app.preset_of(&account)?).await?.require_owner()?;
    let (users, now) = (recovery_users::of_account(tx, account.id).await?, app.now());
    let keys = paper_keys::of_account(tx, account.id).await?;
    let in_force = |user: &RecoveryUser| {
        keys.iter().filter(|stored| stored.user == user.id && stored.key.state(now) == State::InForce).count()
    };
    Ok(RecoveryUsersHome {
        account_name: account.name,
        route: account.policy.paper_key_route,
        keys_required: account.policy.keys_required,
        users: users.iter().map(|user| RecoveryUserView::of(user, in_force(user))).collect(),
    })
}
