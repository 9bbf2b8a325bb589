//! The roster of an account: who has standing, and what is about to change and when.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, ChangeId, UserId},
    moment::Moment,
    recovery::{
        policy::Majority,
        roster::{Circumstances, Entry, Joined, Standing},
        standing::NoStanding,
    },
    store::{
        accounts::{self, Account},
        members, roster,
        tx::Tx,
        users,
    },
};

/// Who counts for recovery by vote.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RosterView {
    /// How many people have standing now.
    pub standing: usize,
    /// How many of them have to confirm an addition or a contested removal.
    pub confirmations_needed: u32,
    /// Everybody who has standing, will have it, or is about to lose it.
    pub people: Vec<PlaceView>,
}

/// One person's place on the roster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlaceView {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Whether they have standing now.
    pub has_standing: bool,
    /// Why not, if they have none.
    #[schema(value_type = Option<Object>)]
    pub reason: Option<NoStanding>,
    /// `proposed`, `stands`, `ending` or `contested`.
    pub state: &'static str,
    /// From when they have standing, if that is known.
    pub from: Option<Moment>,
    /// When their standing ends, unless the removal is contested before.
    pub until: Option<Moment>,
    /// The change to contest or confirm, if one is under way.
    pub change: Option<ChangeId>,
    /// Who contested the removal.
    pub contested_by: Option<UserId>,
    /// Roster members who have confirmed the change.
    pub confirmed_by: Vec<UserId>,
    /// Whether the caller may contest the change.
    pub may_contest: bool,
    /// Whether the caller may confirm the change, and has not yet.
    pub may_confirm: bool,
}

/// The roster, for whoever may read the account or has standing in it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn roster(app: &App, principal: &Principal, account: AccountId) -> Result<RosterView, Error> {
    let mut tx = app.db.snapshot().await?;
    read(&mut tx, principal, account, app.now()).await
}

pub(super) async fn read(
    tx: &mut Tx,
    principal: &Principal,
    account: AccountId,
    now: Moment,
) -> Result<RosterView, Error> {
    principal.reaches(account)?;
    let Account { id: account, policy, .. } = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    let roster = roster::load(tx, account).await?;
    let owners = members::owners(tx, account).await?;
    let on_it = matches!(principal, Principal::Person { user, .. } if roster.entries.contains_key(user));
    if !on_it {
        rights::may_read(tx, principal, account).await?;
    }
    let standing = roster.standing_at(now, &owners).len();
    let mut people = Vec::new();
    for (user, entry) in &roster.entries {
        let name = users::contact(tx, *user).await?.name;
        let reason = roster.why_not(*user, now, &owners);
        let mut place = place(*user, name, entry, reason);
        if let (Some(change), Ok(reader)) = (place.change, principal.person_everywhere()) {
            // Tried on copies: who may say what is decided in one place.
            let at = Circumstances { now, seasoning: policy.seasoning, owners: &owners };
            let open = !matches!(entry.standing, Standing::Contested { .. });
            place.may_contest = open && roster.clone().contest(change, reader, at).is_ok();
            let said = place.confirmed_by.contains(&reader);
            place.may_confirm = !said && roster.clone().confirm(change, reader, at).is_ok();
        }
        people.push(place);
    }
    let needed = Majority::HALF.exceeded_at(u32::try_from(standing).unwrap_or(u32::MAX));
    Ok(RosterView { standing, confirmations_needed: needed, people })
}

fn place(user: UserId, name: String, entry: &Entry, reason: Option<NoStanding>) -> PlaceView {
    let listed = |confirmed_by: &BTreeSet<UserId>| confirmed_by.iter().copied().collect();
    let blank = PlaceView {
        user,
        name,
        has_standing: reason.is_none(),
        reason,
        state: "stands",
        from: None,
        until: None,
        change: None,
        contested_by: None,
        confirmed_by: Vec::new(),
        may_contest: false,
        may_confirm: false,
    };
    match &entry.standing {
        Standing::Proposed { change, confirmed_by } => {
            PlaceView { state: "proposed", change: Some(*change), confirmed_by: listed(confirmed_by), ..blank }
        }
        Standing::Stands { from } => {
            PlaceView { state: "stands", from: (entry.joined == Joined::Yes).then_some(*from), ..blank }
        }
        Standing::Ending { from, until, change, confirmed_by } => PlaceView {
            state: "ending",
            from: Some(*from),
            until: Some(*until),
            change: Some(*change),
            confirmed_by: listed(confirmed_by),
            ..blank
        },
        Standing::Contested { from, change, by, confirmed_by } => PlaceView {
            state: "contested",
            from: Some(*from),
            change: Some(*change),
            contested_by: Some(*by),
            confirmed_by: listed(confirmed_by),
            ..blank
        },
    }
}
