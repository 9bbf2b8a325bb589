//! Everything on the page of an account, read at one moment.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    account::{self, AccountDetail},
    activity::{self, EntryView},
    case::{self, CaseView},
    children::{self, Below},
    member::MemberView,
    readiness::{self, ReadinessView},
    roster::{self, RosterView},
};
use crate::{
    activity::entry::Entry,
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, UserId},
    ownership::actor::Actor,
    store::{
        accounts,
        entries::{Filter, Order},
        members,
        tx::Tx,
        users,
    },
};

/// How many of the latest entries of the log are shown.
const RECENT: i64 = 8;
/// How many members are shown.
const MEMBERS: usize = 50;

/// Everything on the page of an account.
#[derive(Debug, Clone)]
pub struct AccountHome {
    /// The account, its key people and its policy.
    pub detail: AccountDetail,
    /// Who counts for recovery by vote.
    pub roster: RosterView,
    /// How well it is prepared for the loss of its people.
    pub readiness: ReadinessView,
    /// The open cases, the oldest first.
    pub cases: Vec<CaseView>,
    /// What stands below the account; none where nothing can.
    pub below: Option<Below>,
    /// The members, the first to join first.
    pub members: Vec<MemberView>,
    /// Whether there are more.
    pub more_members: bool,
    /// The latest entries of the log, the latest first.
    pub recent: Vec<EntryView>,
    /// The names of the people in them.
    pub names: BTreeMap<UserId, String>,
}

/// The page of an account, for whoever may read it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn account_home(app: &App, principal: &Principal, id: AccountId) -> Result<AccountHome, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let mut detail = account::detail(tx, app, principal, id).await?;
    detail.administrators.sort_by(|one, other| one.name.cmp(&other.name));
    let roster = roster::read(tx, principal, id, app.now()).await?;
    let stored = accounts::find(tx, id).await?.ok_or(Error::NotFound)?;
    let below = children::below(tx, app, principal, &stored).await?;
    let mut cases = Vec::new();
    for case in &detail.open_cases {
        cases.push(case::opened(tx, *case).await?);
    }
    let rows = members::list(tx, id, None, i64::try_from(MEMBERS + 1).unwrap_or(i64::MAX)).await?;
    let members: Vec<MemberView> = rows.iter().take(MEMBERS).map(MemberView::from).collect();
    let readiness = readiness::read(tx, app, &stored).await?;
    let filter = Filter { order: Order::NewestFirst, ..Filter::default() };
    let told = rights::key_holders(tx, principal, id).await?;
    let recent = activity::entries(tx, id, told, &filter, RECENT).await?;
    let names = names(tx, &recent).await?;
    let more_members = rows.len() > members.len();
    Ok(AccountHome { detail, roster, readiness, cases, below, members, more_members, recent, names })
}

/// The person whom a value of an entry names.
#[must_use]
pub fn named(entry: &Entry, name: &str) -> Option<UserId> {
    entry.data.get(name)?.as_str()?.parse().ok()
}

/// The person who did it, or for whom a token did.
fn doer(entry: &Entry) -> Option<UserId> {
    match entry.actor {
        Actor::User { user } => Some(user),
        Actor::Platform { on_behalf_of, .. } => on_behalf_of,
        Actor::Operator { .. } | Actor::RecoveryUser { .. } | Actor::Service => None,
    }
}

/// The names of everybody who did something in these entries, is their subject, or is named by a value of theirs.
///
/// # Errors
/// When the database fails.
pub async fn names<'e>(
    tx: &mut Tx,
    entries: impl IntoIterator<Item = &'e EntryView>,
) -> Result<BTreeMap<UserId, String>, Error> {
    let people = entries.into_iter().map(|view| &view.entry).flat_map(|entry| {
        let named = ["from", "primary"].map(|name| named(entry, name));
        [doer(entry), entry.user].into_iter().chain(named)
    });
    let people: BTreeSet<UserId> = people.flatten().collect();
    Ok(users::names(tx, &people).await?)
}
