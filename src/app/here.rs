//! An account under its lock: what every use case that writes in one works on.

use std::collections::BTreeSet;

use super::{account_status, app::App, error::Error, principal::Principal, rights};
use crate::{
    activity::entry::Draft,
    id::{AccountId, CaseId, ChangeId, LinkId, TransferId, UserId},
    mail::message::Message,
    moment::Moment,
    ownership::{access::Place, member::Member, owner::Around, preset::Preset, rights::Rights},
    recovery::roster::Circumstances,
    store::{
        accounts::{self, Account},
        activity, docket,
        links::{self, Link, Purpose},
        mails::{self, Contact, Outgoing},
        members::{self, Stored},
        scene::{self, Scene},
        tx::Tx,
    },
};

/// An account that this unit of work has locked, at the moment at which it got the lock.
pub struct Here<'t> {
    /// The unit of work.
    pub tx: &'t mut Tx,
    /// The service.
    pub app: &'t App,
    /// The account.
    pub account: Account,
    /// When the lock was got. Everything in this unit happens at that moment.
    pub now: Moment,
    /// Its owners and administrators, as they were then.
    pub key_people: Vec<Stored>,
}

/// What an action link is bound to.
#[derive(Debug, Clone, Copy)]
pub enum Bound {
    /// The account alone.
    Account,
    /// One case.
    Case(CaseId),
    /// One change of the roster.
    Change(ChangeId),
    /// One offer of ownership.
    Transfer(TransferId),
}

impl<'t> Here<'t> {
    /// Locks the account, and writes down what time has made of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such account.
    pub async fn enter(tx: &'t mut Tx, app: &'t App, account: AccountId) -> Result<Self, Error> {
        let account = accounts::lock(tx, account).await?.ok_or(Error::NotFound)?;
        let key_people = members::key_people(tx, account.id).await?;
        let mut here = Self { tx, app, now: app.now(), account, key_people };
        account_status::settle(&mut here).await?;
        Ok(here)
    }

    /// Locks the account of a case, and reads the case with what is around it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such case.
    pub async fn enter_case(
        tx: &'t mut Tx,
        app: &'t App,
        case: CaseId,
        actor: Option<UserId>,
    ) -> Result<(Self, Scene), Error> {
        accounts::lock_of_case(tx, case).await?;
        let now = app.now();
        let scene = scene::load(tx, case, actor).await?.ok_or(Error::NotFound)?;
        let account = scene.account.clone();
        let key_people = members::key_people(tx, account.id).await?;
        Ok((Self { tx, app, account, now, key_people }, scene))
    }

    /// Reads the owners and administrators again, after this unit of work has changed them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_again(&mut self) -> Result<(), Error> {
        self.key_people = members::key_people(self.tx, self.account.id).await?;
        Ok(())
    }

    /// Writes an entry into the activity log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(&mut self, draft: Draft) -> Result<(), Error> {
        Ok(activity::append(self.tx, &mut self.account, self.now, draft, &self.app.chance).await?)
    }

    /// Queues a mail about the account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail(&mut self, to: &Contact, message: &Message) -> Result<(), Error> {
        self.mail_about(to, message, None, None).await
    }

    /// Queues a mail about a case; `event` marks the alerts on which completion relies.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_about(
        &mut self,
        to: &Contact,
        message: &Message,
        case: Option<CaseId>,
        event: Option<&'static str>,
    ) -> Result<(), Error> {
        let id = self.app.chance.id(self.now);
        let account = Some(self.account.id);
        let outgoing = Outgoing { id, account, case, to, event, message, at: self.now };
        Ok(mails::queue(self.tx, &outgoing).await?)
    }

    /// Makes an action link for one person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn link(&mut self, purpose: Purpose, user: UserId, bound: Bound) -> Result<LinkId, Error> {
        let (case, change, transfer) = match bound {
            Bound::Account => (None, None, None),
            Bound::Case(case) => (Some(case), None, None),
            Bound::Change(change) => (None, Some(change), None),
            Bound::Transfer(transfer) => (None, None, Some(transfer)),
        };
        let id = self.app.chance.id(self.now);
        let (account, created_at) = (self.account.id, self.now);
        let link = Link { id, purpose, user, account, case, change, transfer, created_at, dead_at: None };
        links::create(self.tx, &link).await?;
        Ok(id)
    }

    /// Everybody who holds ownership.
    #[must_use]
    pub fn owners(&self) -> BTreeSet<UserId> {
        self.key_people.iter().filter(|person| person.member.owner).map(|person| person.member.user).collect()
    }

    /// Everybody who holds ownership, with what decisions about them need.
    #[must_use]
    pub fn owner_members(&self) -> Vec<Member> {
        self.key_people.iter().filter(|person| person.member.owner).map(|person| person.member.clone()).collect()
    }

    /// What changes of owners depend on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn around<'a>(&mut self, owners: &'a [Member]) -> Result<Around<'a>, Error> {
        around(self.tx, &self.account, owners).await
    }

    /// What changes of the roster depend on.
    #[must_use]
    pub const fn circumstances<'a>(&self, owners: &'a BTreeSet<UserId>) -> Circumstances<'a> {
        Circumstances { now: self.now, seasoning: self.account.policy.seasoning, owners }
    }

    /// The preset that the account was made from.
    ///
    /// # Errors
    /// When there is none of that name any more.
    pub fn preset(&self) -> Result<&'t Preset, Error> {
        Ok(self.app.preset_of(&self.account)?)
    }

    /// The account, as decisions on permissions see it.
    ///
    /// # Errors
    /// As [`Self::preset`].
    pub fn place(&self) -> Result<Place<'t>, Error> {
        Ok(Place { preset: self.preset()?, status: self.account.status, depth: self.account.depth })
    }

    /// What somebody may do to the members here; see [`rights::rights`].
    ///
    /// # Errors
    /// As there.
    pub async fn rights(&mut self, principal: &Principal) -> Result<Rights, Error> {
        let preset = self.preset()?;
        rights::rights(self.tx, principal, self.account.id, preset).await
    }
}

/// What changes of owners depend on.
///
/// # Errors
/// When the database fails.
pub async fn around<'a>(tx: &mut Tx, account: &Account, owners: &'a [Member]) -> Result<Around<'a>, Error> {
    let open_case = docket::open_of(tx, account.id).await?.first().copied();
    Ok(Around { owners, allowed: account.policy.owners, open_case, status: account.status })
}
