//! What a person finds when they have signed in: what waits for them, and their accounts.

use super::transfer::{TransferView, transfer_view};
use crate::{
    app::{app::App, error::Error, fresh_proof::holds, principal::Principal},
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::settings::PROVEN_FOR,
    recovery::proof::Holds,
    store::{
        accounts,
        docket::{self, Concern},
        domains,
        members::{self, Membership},
        transfers,
        tx::Tx,
        users,
    },
};

/// So many accounts to join are shown.
const MOST_OFFERED: i64 = 20;

/// What waits for a person, and where they are a member, as far as their session goes.
#[derive(Debug, Clone)]
pub struct HomeView {
    /// Open cases in which they have a say, those that wait for them first.
    pub matters: Vec<Matter>,
    /// Ownership that is offered to them.
    pub offers: Vec<TransferView>,
    /// Their accounts.
    pub accounts: Vec<Place>,
    /// Accounts that they may join by the domain of their address, id and name.
    pub open_to_join: Vec<(AccountId, String)>,
    /// What they could show when it is asked who they are.
    pub holds: Holds,
}

/// An open case in which a person has a say.
#[derive(Debug, Clone)]
pub struct Matter {
    /// The case.
    pub case: CaseId,
    /// Its account.
    pub account: AccountId,
    /// The account's name.
    pub account_name: String,
    /// The nominee's name.
    pub nominee_name: String,
    /// What they can do.
    pub say: Say,
    /// When ownership changes, once the quorum is reached.
    pub due_at: Option<Moment>,
    /// When the case expires, unless the quorum is reached before.
    pub closes_at: Moment,
}

/// What a person can do in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Say {
    /// They have not voted yet.
    Vote,
    /// As an owner, they can object.
    Object,
    /// They have voted, and can change it.
    Voted,
}

/// A person's place in an account.
#[derive(Debug, Clone)]
pub struct Place {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Their role's name for people.
    pub role: String,
    /// Whether they own it.
    pub owner: bool,
    /// `invited`, `active` or `suspended`.
    pub status: &'static str,
    /// How many of the matters are about this account.
    pub matters: usize,
}

/// What waits for the caller.
///
/// # Errors
/// [`Access::PeopleOnly`](crate::app::error::Access::PeopleOnly) for tokens.
pub async fn home(app: &App, principal: &Principal) -> Result<HomeView, Error> {
    let (user, within) = principal.person_and_reach()?;
    let here = |account: AccountId| within.is_none_or(|within| within == account);
    let mut tx = app.db.snapshot().await?;
    let votes = docket::of_elector(&mut tx, user).await?;
    let objections = docket::of_owner(&mut tx, user).await?;
    let to_vote = votes.into_iter().map(|concern| {
        let say = if concern.choice.is_some() { Say::Voted } else { Say::Vote };
        matter(concern, say)
    });
    let to_object = objections.into_iter().map(|concern| matter(concern, Say::Object));
    let mut matters: Vec<Matter> = to_vote.chain(to_object).collect();
    matters.retain(|matter| here(matter.account));
    matters.sort_by_key(|matter| matter.say);
    let mut memberships = members::memberships(&mut tx, user).await?;
    memberships.retain(|membership| here(membership.account));
    let accounts = memberships.into_iter().map(|membership| place(app, membership, &matters)).collect();
    let mut offers = Vec::new();
    let offered_to = transfers::offered_to(&mut tx, user, app.now()).await?;
    for offered in offered_to.into_iter().filter(|offered| here(offered.account)) {
        offers.push(transfer_view(&mut tx, offered.transfer.id, app.now()).await?);
    }
    offers.retain(|offer| offer.state == "pending");
    let open_to_join = match within {
        None => open_to_join(&mut tx, user, app.now()).await?,
        Some(_) => Vec::new(),
    };
    let holds = holds(&mut tx, user, app.now()).await?;
    Ok(HomeView { matters, offers, accounts, open_to_join, holds })
}

/// What the domain of somebody's address opens to them. Whether it does is decided again when they join.
async fn open_to_join(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<(AccountId, String)>, Error> {
    let person = users::by_id(tx, user).await?.filter(|person| person.confirmed_at.is_some());
    let Some(person) = person else { return Ok(Vec::new()) };
    let open = domains::open_to(tx, user, person.email.domain(), now.before(PROVEN_FOR), MOST_OFFERED).await?;
    let mut named = Vec::new();
    for account in open {
        named.extend(accounts::find(tx, account).await?.map(|found| (account, found.name)));
    }
    Ok(named)
}

fn matter(concern: Concern, say: Say) -> Matter {
    let Concern { case, account, account_name, nominee_name, closes_at, due_at, .. } = concern;
    Matter { case, account, account_name, nominee_name, say, due_at, closes_at }
}

fn place(app: &App, membership: Membership, matters: &[Matter]) -> Place {
    let Membership { account, name, preset, member } = membership;
    let role = app.role_title(&preset, &member.role);
    let matters = matters.iter().filter(|matter| matter.account == account).count();
    Place { account, name, role, owner: member.owner, status: member.status.word(), matters }
}
