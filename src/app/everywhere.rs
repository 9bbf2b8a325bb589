//! A person with everything that knows them, under lock: what they change about themselves shows in every account of
//! theirs, and is recorded in each.

use super::{app::App, error::Error, here::Here};
use crate::{
    id::UserId,
    mail::plain_text,
    moment::Moment,
    ownership::identity::Ties,
    store::{
        accounts::{self, Account},
        error::DbError,
        members, ties,
        tx::Tx,
        users::{self, User},
    },
};

/// A person, and the accounts in which they count for something.
pub(super) struct Everywhere<'t> {
    /// The unit of work.
    pub(super) tx: &'t mut Tx,
    /// The person.
    pub(super) user: User,
    /// When everything was locked.
    pub(super) now: Moment,
    app: &'t App,
    accounts: Vec<Account>,
}

impl<'t> Everywhere<'t> {
    /// Locks the accounts of a person by their ids, and then the person, so that nobody makes them a member or an elector
    /// meanwhile.
    pub(super) async fn enter(tx: &'t mut Tx, app: &'t App, user: UserId) -> Result<Self, Error> {
        let mut accounts = Vec::new();
        lock_more(tx, &mut accounts, user).await?;
        users::lock_whole(tx, user).await?;
        // Accounts that came to it while this waited. They may be locked by somebody who waits for the person: such a
        // deadlock PostgreSQL ends, and the unit is run again.
        lock_more(tx, &mut accounts, user).await?;
        let person = users::by_id(tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
        Ok(Self { tx, user: person, now: app.now(), app, accounts })
    }

    /// What holds the person to their address.
    pub(super) async fn ties(&mut self) -> Result<Ties, Error> {
        ties_of(self.tx, self.user.id).await
    }

    /// The accounts in which the person is a member, one after the other.
    pub(super) async fn next(&mut self) -> Result<Option<(Here<'_>, members::Stored)>, Error> {
        while let Some(account) = self.accounts.pop() {
            if let Some(member) = members::find(self.tx, account.id, self.user.id).await? {
                let key_people = members::key_people(self.tx, account.id).await?;
                let here = Here { tx: &mut *self.tx, app: self.app, account, now: self.now, key_people };
                return Ok(Some((here, member)));
            }
        }
        Ok(None)
    }
}

async fn lock_more(tx: &mut Tx, accounts: &mut Vec<Account>, user: UserId) -> Result<(), Error> {
    for id in ties::accounts_of(tx, user).await? {
        if accounts.iter().all(|account| account.id != id) {
            accounts.extend(accounts::lock(tx, id).await?);
        }
    }
    Ok(())
}

/// What holds a person to their address, fit to be told.
pub(super) async fn ties_of(tx: &mut Tx, user: UserId) -> Result<Ties, Error> {
    let ties = ties::of(tx, user).await?;
    Ok(Ties { owned: ties.owned.iter().map(|name| plain_text::name(name)).collect(), ..ties })
}
