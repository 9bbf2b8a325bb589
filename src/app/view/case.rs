//! A recovery case, as everybody who may read it sees it: live, with who has voted.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::activity::{self, EntryView};
use crate::{
    app::{
        act::Acted,
        app::App,
        error::Error,
        principal::Principal,
        rights::{self, KeyHolders},
    },
    id::{AccountId, CaseId, RecoveryUserId, UserId},
    moment::Moment,
    recovery::{
        ballot::{Choice, Elector},
        case::{Case, Opener, Rejection, State},
        policy::BallotWay,
        terms::{Kind, Route},
    },
    store::{
        accounts, docket,
        entries::Filter,
        mails::Contact,
        scene::{self, Scene},
        tx::Tx,
    },
};

/// A recovery case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseView {
    /// Its id.
    pub id: CaseId,
    /// The account whose ownership would change.
    pub account: AccountId,
    /// `collecting`, `waiting`, `paused`, `completed`, `vetoed`, `rejected`, `expired` or `withdrawn`.
    pub state: &'static str,
    /// Why it was rejected.
    #[schema(value_type = Option<String>)]
    pub rejection: Option<Rejection>,
    /// `replace` or `add`.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// `vote` or `keys`: how agreement is shown.
    #[schema(value_type = String)]
    pub route: Route,
    /// Who opened it.
    pub opener: OpenerView,
    /// Exactly what it would do, and under which policy.
    #[schema(value_type = Object)]
    pub terms: serde_json::Value,
    /// SHA-256 of the terms in RFC 8785 canonical JSON: what a ballot approves.
    pub terms_hash: String,
    /// How many may vote.
    pub electorate: usize,
    /// How many counted approvals make the quorum.
    pub required: u32,
    /// How many approvals count now.
    pub approvals: u32,
    /// How many recovery users must redeem a paper key.
    pub keys_required: u32,
    /// How many of them have, and count.
    pub keys: u32,
    /// When the nominee said that they would become owner. Only asked where paper keys name them.
    pub accepted_at: Option<Moment>,
    /// How many have rejected.
    pub rejections: u32,
    /// How many who have not voted could still add an approval that counts.
    pub not_yet_cast: u32,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it expires, unless the quorum is reached before.
    pub closes_at: Moment,
    /// When ownership changes, once the quorum is reached.
    pub due_at: Option<Moment>,
    /// Until when it is paused.
    pub paused_until: Option<Moment>,
    /// How often owners have paused it.
    pub pauses: u32,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// Everybody who may vote, and what they made of it.
    pub electors: Vec<ElectorView>,
    /// What happened, in order. Left out of the answer to an act, which tells how the case stands and not how it came
    /// to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Vec<EntryView>>,
}

/// A person, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonView {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
}

/// Who opened a case: an administrator, or a recovery user.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenerView {
    /// The administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The recovery user, by the first of its paper keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_user: Option<RecoveryUserId>,
    /// Their name.
    pub name: String,
}

/// Somebody who may vote in a case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ElectorView {
    /// Who.
    #[serde(flatten)]
    pub person: PersonView,
    /// `approve` or `reject`; null while they have not voted.
    #[schema(value_type = Option<String>)]
    pub choice: Option<Choice>,
    /// When they voted.
    pub cast_at: Option<Moment>,
    /// How their ballot arrived.
    #[schema(value_type = Option<String>)]
    pub way: Option<BallotWay>,
    /// When an owner's act or their own took their ballot away.
    pub lost_at: Option<Moment>,
}

/// One case, for whoever may read it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn case(app: &App, principal: &Principal, id: CaseId) -> Result<CaseView, Error> {
    let mut tx = app.db.read().await?;
    let tx = &mut tx;
    let scene = scene::load(tx, id, None).await?.ok_or(Error::NotFound)?;
    rights::may_read_case(tx, principal, scene.account.id, &scene.case).await?;
    view(tx, &scene).await
}

/// The cases of an account by id, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn cases(
    app: &App,
    principal: &Principal,
    account: AccountId,
    after: Option<CaseId>,
    limit: u16,
) -> Result<Vec<CaseView>, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, account).await?;
    let mut views = Vec::new();
    for id in docket::list(tx, account, after, i64::from(limit)).await? {
        views.push(opened(tx, id).await?);
    }
    Ok(views)
}

/// A case, read again for somebody who has just acted on it through a link.
///
/// # Errors
/// When the database fails.
pub async fn reread(app: &App, id: CaseId) -> Result<CaseView, Error> {
    opened(&mut app.db.read().await?, id).await
}

/// A case that this unit of work has just opened.
///
/// # Errors
/// When the database fails.
pub async fn opened(tx: &mut Tx, id: CaseId) -> Result<CaseView, Error> {
    let scene = scene::load(tx, id, None).await?.ok_or(Error::NotFound)?;
    view(tx, &scene).await
}

/// The timeline ends where the log ended when the case was read, and entries never change: so both tell of one moment,
/// although they are read one after the other.
async fn view(tx: &mut Tx, scene: &Scene) -> Result<CaseView, Error> {
    let case = &scene.case.case;
    let until = i64::try_from(scene.account.head.seq).unwrap_or(i64::MAX);
    let filter = Filter { until, case: Some(case.id()), ..Filter::default() };
    let timeline = activity::entries(tx, case.terms.account, KeyHolders::Unnamed, &filter, 200).await?;
    Ok(CaseView { timeline: Some(timeline), ..CaseView::of(case, &scene.people, &scene.redeemers) })
}

impl CaseView {
    /// A case among the people whom it concerns, without its timeline.
    #[must_use]
    pub fn of(case: &Case, people: &BTreeMap<UserId, Contact>, redeemers: &BTreeMap<RecoveryUserId, String>) -> Self {
        let person = |user: UserId| {
            let name = people.get(&user).map(|person| person.name.clone());
            PersonView { user, name: name.unwrap_or_default() }
        };
        let elector = |(user, elector): (&UserId, &Elector)| {
            let ballot = elector.ballot.as_ref();
            ElectorView {
                person: person(*user),
                choice: ballot.map(|ballot| ballot.choice),
                cast_at: ballot.map(|ballot| ballot.cast_at),
                way: ballot.map(|ballot| ballot.way),
                lost_at: elector.lost_at,
            }
        };
        let count = case.count();
        let (rejection, paused_until) = particulars(case);
        Self {
            id: case.id(),
            account: case.terms.account,
            state: case.state.word(),
            rejection,
            kind: case.terms.kind,
            route: case.terms.route,
            opener: match case.opener {
                Opener::Administrator(user) => {
                    OpenerView { user: Some(user), recovery_user: None, name: person(user).name }
                }
                Opener::RecoveryUser(user) => OpenerView {
                    user: None,
                    recovery_user: Some(user),
                    name: redeemers.get(&user).cloned().unwrap_or_default(),
                },
            },
            terms: serde_json::to_value(&case.terms).unwrap_or_default(),
            terms_hash: case.terms_hash.to_string(),
            electorate: case.electors.len(),
            required: case.terms.required,
            approvals: count.approvals,
            keys_required: case.terms.keys_required(),
            keys: count.keys,
            accepted_at: case.accepted_at,
            rejections: count.rejections,
            not_yet_cast: count.open,
            opened_at: case.terms.opened_at,
            closes_at: case.terms.closes_at(),
            due_at: case.state.due_at(),
            paused_until,
            pauses: case.pauses,
            ended_at: case.state.ended_at(),
            electors: case.electors.iter().map(elector).collect(),
            timeline: None,
        }
    }
}

impl From<Acted> for CaseView {
    fn from(acted: Acted) -> Self {
        Self::of(&acted.case, &acted.people, &acted.redeemers)
    }
}

const fn particulars(case: &Case) -> (Option<Rejection>, Option<Moment>) {
    match case.state {
        State::Rejected { reason, .. } => (Some(reason), None),
        State::Paused { until, .. } => (None, Some(until)),
        State::Collecting
        | State::Waiting { .. }
        | State::Completed { .. }
        | State::Vetoed { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => (None, None),
    }
}
