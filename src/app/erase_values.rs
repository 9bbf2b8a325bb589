//! Erasing personal values of an account's log: because a person asks for it, or because they have been kept long enough.
//!
//! An entry says how many, why, and by whom, and is written before they go. The audit adds these numbers up: nobody erases unseen.

use std::collections::BTreeMap;

use super::{
    app::App,
    error::{Access, Error},
    here::Here,
    principal::Principal,
};
use crate::{
    activity::{entry::Draft, personal::Whose},
    id::AccountId,
    moment::Moment,
    ownership::actor::Actor,
    store::{
        db::Unit,
        erasure::{self, Place},
        error::DbError,
        tx::Tx,
    },
};

/// Why values are erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The person whose they are asked for it.
    Asked {
        /// Them.
        by: Whose,
        /// Who does it.
        actor: Actor,
    },
    /// They have been kept as long as the operator keeps such values.
    Kept,
}

/// Erasing some values of one account.
pub struct EraseValues {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The values. Those of cases that are open stay.
    pub places: Vec<Place>,
    /// Why.
    pub why: Why,
}

impl Unit for EraseValues {
    type Out = u64;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<u64, Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        // Asked again under the lock: somebody may have been faster, or opened a case.
        let places = erasure::erasable(here.tx, self.account, &self.places).await?;
        let count = u64::try_from(places.len()).unwrap_or(u64::MAX);
        if count == 0 {
            return Ok(0);
        }
        here.record(entry(self.why, count)).await?;
        if erasure::erase(here.tx, self.account, &places).await? != count {
            return Err(DbError::corrupt("activity_personal", self.account).into());
        }
        Ok(count)
    }
}

fn entry(why: Why, count: u64) -> Draft {
    let draft = |actor, why: &str| Draft::new(KIND, actor).with("values", count).with("why", why);
    match why {
        Why::Kept => draft(Actor::Service, "kept"),
        Why::Asked { by: Whose::User(user), actor } => draft(actor, "asked").user(user),
        Why::Asked { by: Whose::RecoveryUser(user), actor } => {
            draft(actor, "asked").with("recovery_user", user.to_string())
        }
        Why::Asked { by: Whose::Nobody, actor } => draft(actor, "asked"),
    }
}

const KIND: &str = "personal_values.erased";

/// What was erased for a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// In so many accounts.
    pub accounts: u64,
    /// So many values.
    pub values: u64,
    /// So many stay, because a case is open in which they stand.
    pub stay: u64,
}

/// Counts what could be erased for a person, in one account or in all, and erases nothing.
///
/// # Errors
/// When the database fails.
pub async fn would_erase(app: &App, person: Whose, only: Option<AccountId>) -> Result<Erased, Error> {
    through(app, person, only, None).await
}

/// Erases what there is of a person, in one account or in all, for an operator.
///
/// # Errors
/// When the database fails. What was erased until then stays so.
pub async fn erase(app: &App, principal: &Principal, person: Whose, only: Option<AccountId>) -> Result<Erased, Error> {
    match principal {
        Principal::Operator { .. } => (),
        Principal::Person { .. } | Principal::Platform { .. } => return Err(Access::OperatorsOnly.into()),
    }
    through(app, person, only, Some(principal.actor())).await
}

async fn through(app: &App, person: Whose, only: Option<AccountId>, by: Option<Actor>) -> Result<Erased, Error> {
    let mut accounts = accounts(app, person).await?;
    accounts.retain(|account| only.is_none_or(|only| only == *account));
    let mut erased = Erased::default();
    for account in accounts {
        let (mut after, mut values) = (0, 0);
        loop {
            let mut tx = app.db.snapshot().await?;
            let found = erasure::of(&mut tx, account, person, after).await?;
            let free = erasure::erasable(&mut tx, account, &found.places).await?;
            drop(tx);
            let Some(last) = found.after else { break };
            after = last;
            erased.stay += amount(found.places.len() - free.len());
            if free.is_empty() {
                continue;
            }
            values += match by {
                None => amount(free.len()),
                Some(actor) => {
                    let why = Why::Asked { by: person, actor };
                    app.db.run(EraseValues { app: app.clone(), account, places: free, why }).await?
                }
            };
        }
        erased.values += values;
        erased.accounts += u64::from(values > 0);
    }
    Ok(erased)
}

async fn accounts(app: &App, person: Whose) -> Result<Vec<AccountId>, Error> {
    let mut tx = app.db.read().await?;
    Ok(match person {
        Whose::User(user) => erasure::accounts_of_user(&mut tx, user).await?.into_iter().collect(),
        Whose::RecoveryUser(user) => erasure::account_of_recovery_user(&mut tx, user).await?.into_iter().collect(),
        Whose::Nobody => Vec::new(),
    })
}

fn amount(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The values that were recorded before a moment, account by account; as many as are worked on at once.
///
/// # Errors
/// When the database fails.
pub async fn kept_since_before(app: &App, moment: Moment) -> Result<Vec<(AccountId, Vec<Place>)>, DbError> {
    let mut places: BTreeMap<AccountId, Vec<Place>> = BTreeMap::new();
    for (account, seq, name) in erasure::recorded_before(&mut app.db.read().await?, moment).await? {
        places.entry(account).or_default().push((seq, name));
    }
    Ok(places.into_iter().collect())
}
