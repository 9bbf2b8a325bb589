//! The page of an account's activity log: some entries, the newest first, with the names of the people in them.

use std::collections::BTreeMap;

use super::{
    account_home::names,
    activity::{self, EntryFilter, EntryView},
};
use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, UserId},
    ownership::address::Email,
    store::{
        accounts,
        entries::{self, Order},
        members,
        tx::Tx,
        users,
    },
    zone::Zone,
};

/// What the page has whatever is looked for.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The account's name.
    pub account_name: String,
    /// The zone in which the reader reads moments.
    pub zone: Zone,
    /// People whom the reader may look for, with name and address: the owners and administrators.
    pub people: Vec<(String, String)>,
}

/// Whose entries are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Somebody {
    /// A person's, by their id.
    Id(UserId),
    /// A person's, by their address.
    Address(Email),
}

/// Where in the list the page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// With the newest entry.
    #[default]
    Newest,
    /// With the newest before that number.
    Before(i64),
    /// It ends with the oldest after that number.
    After(i64),
}

/// Some entries of the log.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// The entries, the newest first.
    pub entries: Vec<EntryView>,
    /// What people are called who are named in them.
    pub names: BTreeMap<UserId, String>,
    /// The number after which newer entries stand, if there are any.
    pub newer: Option<i64>,
    /// The number before which older ones stand, if there are any.
    pub older: Option<i64>,
    /// What the person is called who was looked for.
    pub person: Option<String>,
}

/// How many entries stand on a page.
const SHOWN: usize = 50;

/// What the page has whatever is looked for, for a person who may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn frame(app: &App, principal: &Principal, account: AccountId) -> Result<Frame, Error> {
    let (user, _) = principal.person_and_reach()?;
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account_name = accounts::find(tx, account).await?.ok_or(Error::NotFound)?.name;
    rights::may_read(tx, principal, account).await?;
    let people = members::key_people(tx, account).await?;
    let zone = Zone::known(users::time_zone(tx, user).await?.as_deref());
    Ok(Frame { account_name, zone, people: people.into_iter().map(|person| (person.name, person.email)).collect() })
}

/// Entries that a filter finds, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else; [`Error::Invalid`] when the log does not tell of the person who is looked for.
pub async fn stretch(
    app: &App,
    principal: &Principal,
    account: AccountId,
    mut filter: EntryFilter,
    place: Place,
    somebody: Option<Somebody>,
) -> Result<Stretch, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let head = accounts::find(tx, account).await?.ok_or(Error::NotFound)?.head.seq;
    rights::may_read(tx, principal, account).await?;
    let told = rights::key_holders(tx, principal, account).await?;
    let found = match somebody {
        Some(somebody) => Some(person(tx, account, somebody).await?),
        None => None,
    };
    let (user, person) = found.unzip();
    filter.person = user;
    entries::narrow(tx, account, head, &mut filter).await?;
    let whole = filter.clone();
    match place {
        Place::Newest => filter.order = Order::NewestFirst,
        Place::Before(seq) => {
            filter.order = Order::NewestFirst;
            filter.until = filter.until.min(seq.saturating_sub(1));
        }
        Place::After(seq) => filter.after = filter.after.max(seq),
    }
    let mut entries = activity::entries(tx, account, told, &filter, limit(SHOWN + 1)).await?;
    entries.truncate(SHOWN);
    if filter.order == Order::OldestFirst {
        entries.reverse();
    }
    let number = |view: Option<&EntryView>| view.and_then(|view| i64::try_from(view.entry.seq).ok());
    let (newest, oldest) = (number(entries.first()), number(entries.last()));
    let newer = match newest {
        Some(newest) => any(tx, account, EntryFilter { after: whole.after.max(newest), ..whole.clone() }).await?,
        None => false,
    };
    let older = match oldest {
        Some(oldest) => any(tx, account, EntryFilter { until: whole.until.min(oldest - 1), ..whole }).await?,
        None => false,
    };
    let names = names(tx, &entries).await?;
    Ok(Stretch { entries, names, newer: newest.filter(|_| newer), older: oldest.filter(|_| older), person })
}

/// The person whose entries are looked for, for whoever may read the account.
///
/// # Errors
/// As [`stretch`].
pub async fn look(app: &App, principal: &Principal, account: AccountId, somebody: Somebody) -> Result<UserId, Error> {
    let mut tx = app.db.snapshot().await?;
    accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account).await?;
    Ok(person(&mut tx, account, somebody).await?.0)
}

/// The person who is looked for, and what they are called. Who has nothing to do with the account is not told of: people here
/// could find out by it who uses the service.
async fn person(tx: &mut Tx, account: AccountId, somebody: Somebody) -> Result<(UserId, String), Error> {
    let found = match somebody {
        Somebody::Id(user) => users::by_id(tx, user).await?,
        Somebody::Address(email) => users::by_email(tx, &email).await?,
    };
    let nobody = "nobody with this address or id has done anything here, or had anything done: check how it is spelled";
    let found = found.ok_or_else(|| Error::invalid("/person", nobody))?;
    if entries::tells_of(tx, account, found.id).await? {
        Ok((found.id, found.name))
    } else {
        Err(Error::invalid("/person", nobody))
    }
}

async fn any(tx: &mut Tx, account: AccountId, filter: EntryFilter) -> Result<bool, Error> {
    Ok(!entries::list(tx, account, &filter, 1).await?.is_empty())
}

fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
