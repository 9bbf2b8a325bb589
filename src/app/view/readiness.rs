//! How well an account is prepared for the loss of its people, and how well it would be without some of them.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        error::{Error, Invalid},
        principal::Principal,
        rights,
    },
    id::{AccountId, RecoveryUserId, UserId},
    moment::Moment,
    ownership::{
        readiness::{Leavers, Person, Readiness, assess, what_if},
        readiness_reasons::{Mend, Reason},
    },
    recovery::{policy::Switch, reach::Reach},
    store::{
        accounts::{self, Account},
        digests, members,
        readiness::{self, Ground},
        tx::Tx,
    },
};

/// The most people of whom it is asked at once what if they left.
pub const MOST_LEAVERS: usize = 50;

/// How well an account is prepared.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadinessView {
    /// 0 to 100; 100 where nothing is wanting.
    pub score: u32,
    /// Whether it is so low that the owners are told by mail once a week.
    pub low: bool,
    /// Whether a new owner can be found when no owner can act.
    pub recoverable: bool,
    /// What is wanting, the weightiest first.
    pub reasons: Vec<ReasonView>,
    /// The route by vote.
    pub vote: RouteView,
    /// The route by paper key.
    pub keys: RouteView,
    /// On how many people it rests.
    pub counts: CountsView,
    /// Without whom: it is told how things would be if they had left.
    pub without: Vec<UserId>,
    /// The weekly mail.
    pub digest: DigestView,
}

/// Something that is wanting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReasonView {
    /// The stable code.
    pub code: &'static str,
    /// What is wanting.
    pub sentence: String,
    /// What to do about it.
    pub remedy: &'static str,
    /// Where to do it: `cases`, `owners`, `members`, `roster` or `recovery_users`.
    #[schema(value_type = String)]
    pub mend: Mend,
    /// How much it takes from the score.
    pub weight: u32,
    /// The members whom it is about, if it is about some in particular.
    pub people: Vec<NamedView>,
    /// The recovery users whom it is about.
    pub recovery_users: Vec<RecoveryUserId>,
}

/// A member by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedView {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
}

/// Whether a route leads to a new owner.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RouteView {
    /// `off`, `reachable` or `unreachable`.
    pub state: &'static str,
    /// How many more of the people on whom it rests can leave, where it is reachable.
    pub spare: Option<u32>,
    /// How many could agree, where it is unreachable.
    pub have: Option<u32>,
    /// How many would have to, where it is unreachable.
    pub need: Option<u32>,
}

/// On how many people recovery rests.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountsView {
    /// Owners who can act.
    pub effective_owners: usize,
    /// Administrators who are active and confirmed, owners among them.
    pub administrators: usize,
    /// Who would vote in a case opened now.
    pub voters: u32,
    /// Confirmed recovery users with a paper key that redeems.
    pub key_holders: u32,
}

/// The mail that tells owners once a week of a low score.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DigestView {
    /// `on` or `off`.
    #[schema(value_type = String)]
    pub state: Switch,
    /// When it is looked (again) whether the score is low; nothing while it is off.
    pub next_at: Option<Moment>,
}

/// Everything on the page of an account's readiness.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// The account's name.
    pub account_name: String,
    /// How things are.
    pub now: ReadinessView,
    /// How they would be without those who were named, if some were.
    pub without: Option<ReadinessView>,
    /// The owners and administrators, of whom it can be asked what if they left.
    pub people: Vec<Candidate>,
}

/// Somebody who could leave.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they own the account.
    pub owner: bool,
}

/// How well an account is prepared, or would be without some people, for whoever may read it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else; when somebody named is no member.
pub async fn readiness(
    app: &App,
    principal: &Principal,
    id: AccountId,
    leavers: &BTreeSet<UserId>,
) -> Result<ReadinessView, Error> {
    let Forecast { now, without, .. } = forecast(app, principal, id, leavers).await?;
    Ok(without.unwrap_or(now))
}

/// The same for the page, which shows both.
///
/// # Errors
/// As [`readiness()`].
pub async fn forecast(
    app: &App,
    principal: &Principal,
    id: AccountId,
    leavers: &BTreeSet<UserId>,
) -> Result<Forecast, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, id).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, id).await?;
    let now = app.now();
    let ground = readiness::load(tx, id, leavers.len(), now).await?;
    are_members(tx, id, &ground, leavers).await?;
    let plan = digests::plan(tx, id).await?;
    let view = Viewing { app, account: &account, ground: &ground, plan, now };
    let key = |person: &&readiness::Reached| person.stored.member.owner || person.stored.member.administrator;
    let candidate = |person: &readiness::Reached| Candidate {
        user: person.stored.member.user,
        name: person.stored.name.clone(),
        email: person.stored.email.clone(),
        owner: person.stored.member.owner,
    };
    let mut people: Vec<Candidate> = ground.people.values().filter(key).map(candidate).collect();
    people.sort_by_key(|person| (!person.owner, person.name.clone()));
    Ok(Forecast {
        now: view.without(&BTreeSet::new())?,
        without: if leavers.is_empty() { None } else { Some(view.without(leavers)?) },
        people,
        account_name: account.name.clone(),
    })
}

/// Reads it for a page that shows it among other things.
pub(super) async fn read(tx: &mut Tx, app: &App, account: &Account) -> Result<ReadinessView, Error> {
    let now = app.now();
    let ground = readiness::load(tx, account.id, 0, now).await?;
    let plan = digests::plan(tx, account.id).await?;
    Viewing { app, account, ground: &ground, plan, now }.without(&BTreeSet::new())
}

/// Somebody who is no member cannot leave, and an answer about them would say nothing without saying so.
async fn are_members(
    tx: &mut Tx,
    account: AccountId,
    ground: &Ground,
    leavers: &BTreeSet<UserId>,
) -> Result<(), Error> {
    if leavers.len() > MOST_LEAVERS {
        let detail = format!("more than {MOST_LEAVERS} people at once; name fewer");
        return Err(Error::invalid("/without", detail));
    }
    let mut strangers = Vec::new();
    for user in leavers {
        if !ground.people.contains_key(user) && members::find(tx, account, *user).await?.is_none() {
            let detail = format!("`{user}` is not a member of this account; leave them out");
            strangers.push(Invalid { pointer: "/without".to_owned(), detail });
        }
    }
    if strangers.is_empty() { Ok(()) } else { Err(Error::Invalid(strangers)) }
}

struct Viewing<'a> {
    app: &'a App,
    account: &'a Account,
    ground: &'a Ground,
    plan: digests::Plan,
    now: Moment,
}

impl Viewing<'_> {
    fn without(&self, leavers: &BTreeSet<UserId>) -> Result<ReadinessView, Error> {
        let rules = &self.app.preset_of(self.account)?.ownership;
        let mut prepared = self.ground.prepared(rules, &self.account.policy);
        let readiness = if leavers.is_empty() {
            assess(&prepared, self.now)
        } else {
            let gone = Leavers { members: leavers.clone(), recovery_users: BTreeSet::new() };
            let would = what_if(&prepared, &gone, self.now);
            prepared.members.retain(|user, _| !leavers.contains(user));
            prepared.roster.entries.retain(|user, _| !leavers.contains(user));
            would
        };
        let counts = prepared.counts(self.now);
        let active = |person: &&Person| person.member.is_active_administrator();
        let Readiness { score, reasons, vote, keys, effective_owners } = &readiness;
        Ok(ReadinessView {
            score: *score,
            low: readiness.is_low(),
            recoverable: readiness.is_recoverable(),
            reasons: reasons.iter().map(|reason| self.reason(reason)).collect(),
            vote: route(*vote),
            keys: route(*keys),
            counts: CountsView {
                effective_owners: effective_owners.len(),
                administrators: prepared.members.values().filter(active).count(),
                voters: counts.voters,
                key_holders: counts.key_holders,
            },
            without: leavers.iter().copied().collect(),
            digest: DigestView {
                state: self.plan.wanted,
                next_at: (self.plan.wanted == Switch::On).then_some(self.plan.next_at),
            },
        })
    }

    fn reason(&self, reason: &Reason) -> ReasonView {
        let named = |user: &UserId| {
            let name = self.ground.people.get(user).map(|person| person.stored.name.clone());
            NamedView { user: *user, name: name.unwrap_or_default() }
        };
        ReasonView {
            code: reason.code(),
            sentence: reason.sentence(),
            remedy: reason.remedy(),
            mend: reason.mend(),
            weight: reason.weight(),
            people: reason.people().into_iter().flatten().map(named).collect(),
            recovery_users: reason.recovery_users().into_iter().flatten().copied().collect(),
        }
    }
}

fn route(reach: Reach) -> RouteView {
    let none = RouteView { state: "off", spare: None, have: None, need: None };
    match reach {
        Reach::Off => none,
        Reach::Reachable { spare } => RouteView { state: "reachable", spare: Some(spare), ..none },
        Reach::Unreachable { have, need } => {
            RouteView { state: "unreachable", have: Some(have), need: Some(need), ..none }
        }
    }
}
