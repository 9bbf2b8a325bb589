//! Changing a member's role or status, removing a member, leaving.

use super::{
    app::App,
    error::{Access, Error},
    here::Here,
    invite::role_of,
    principal::Principal,
    standing, transfers,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, CaseId, UserId},
    mail::facts::RosterEvent,
    ownership::{
        member::{self, Act, Member, Status},
        rights::Rights,
    },
    recovery::roster::Joined,
    store::{
        db::Unit,
        docket,
        members::{self, Stored},
        sessions, sign_ons,
        tx::Tx,
    },
};

/// What is asked about a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Give them this role.
    Role(String),
    /// Give them access, or take it away for now.
    Status(Status),
    /// Delete them from the account.
    Remove,
    /// Leave, by themselves.
    Leave,
}

/// Changing a member.
pub struct ChangeMember {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Whom.
    pub user: UserId,
    /// What is asked.
    pub asked: Asked,
    /// The version that the caller has read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for ChangeMember {
    type Out = Option<Stored>;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Stored>, Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        change(&mut here, self).await?;
        Ok(members::find(here.tx, here.account.id, self.user).await?)
    }
}

async fn change(here: &mut Here<'_>, asked: &ChangeMember) -> Result<(), Error> {
    let account = here.account.id;
    let rights = here.rights(&asked.principal).await?;
    let stored = members::find(here.tx, account, asked.user).await?.ok_or(Error::NotFound)?;
    if asked.version.is_some_and(|version| version != stored.version) {
        return Err(Access::Changed.into());
    }
    let preset = here.preset()?;
    let act = match &asked.asked {
        Asked::Role(role) => {
            rights.may_manage()?;
            Act::ChangeRole(role_of(preset, "/role", role)?)
        }
        Asked::Status(Status::Suspended) => Act::Suspend,
        Asked::Status(Status::Active) => Act::Resume,
        Asked::Status(Status::Invited) => return Err(Error::invalid("/status", "choose `active` or `suspended`")),
        Asked::Remove => Act::Remove,
        // Whoever leaves gives up what recovery rests on.
        Asked::Leave if asked.principal.within().is_some() => return Err(Access::SignedOn.into()),
        Asked::Leave => Act::Leave,
    };
    let person = match &asked.principal {
        Principal::Person { user, .. } => Some(*user),
        Principal::Operator { .. } | Principal::Platform { .. } => None,
    };
    let nominated = docket::nominated(here.tx, account, asked.user).await?;
    let (target, status) = (&stored.member, here.account.status);
    member::decide(member::Asked { rights: &rights, actor: person, target, account: status, nominated }, act)?;
    let change = Change { before: &stored.member, act, nominated };
    // Before anything is written, and also where the roster is not concerned: whoever takes their place from the nominee of
    // a case with a quorum ends the case.
    if person.is_some_and(|person| takes_proof(&rights, person, change)) {
        here.fresh_proof(&asked.principal).await?;
    }
    let Change { before, .. } = change;
    let remains = change.after();
    if remains.as_ref() == Some(before) {
        return Ok(());
    }
    let effect = effect(before, remains.as_ref(), act);
    let (gone, after) = (remains.is_none(), remains.unwrap_or_else(|| before.clone()));
    // Before anything is written: whoever changes the set of administrators as an owner proves that it is them.
    let authority = match effect {
        Effect::None => None,
        Effect::Added | Effect::Removed(_) => {
            Some(standing::authority(here, &asked.principal, &rights, asked.user).await?)
        }
    };
    if gone {
        members::delete(here.tx, account, asked.user).await?;
    } else {
        members::save(here.tx, account, &after).await?;
    }
    if gone || after.status != Status::Active {
        sessions::end_within(here.tx, account, asked.user, here.now).await?;
    }
    if gone {
        // Whoever comes back with that address is not taken for whoever has left.
        sign_ons::unpin(here.tx, account, asked.user).await?;
    }
    here.record(entry(asked, act, &after)).await?;
    // Whoever loses their place is told together with those who keep theirs, so the list is the one from before.
    match (effect, authority) {
        (Effect::Added, Some(by)) => {
            here.look_again().await?;
            let joined = if after.status == Status::Invited { Joined::NotYet } else { Joined::Yes };
            standing::added(here, asked.user, joined, by, &asked.principal).await?;
        }
        (Effect::Removed(event), Some(by)) => {
            standing::removed(here, asked.user, by, event, &asked.principal).await?;
            here.look_again().await?;
        }
        (Effect::None, _) | (Effect::Added | Effect::Removed(_), None) => {}
    }
    if gone { transfers::member_gone(here, asked.user, asked.principal.actor()).await } else { Ok(()) }
}

/// A change of a member, before it is made.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The member as they are.
    pub before: &'a Member,
    /// What is done to them.
    pub act: Act<'a>,
    /// The case with a quorum that would make them owner.
    pub nominated: Option<CaseId>,
}

impl Change<'_> {
    /// The member afterwards; none when they are gone.
    fn after(&self) -> Option<Member> {
        let before = self.before;
        match self.act {
            Act::ChangeRole(role) => {
                Some(Member { role: role.name.clone(), administrator: role.administrator, ..before.clone() })
            }
            Act::Suspend => Some(Member { status: Status::Suspended, ..before.clone() }),
            Act::Resume => Some(Member { status: Status::Active, ..before.clone() }),
            Act::Remove | Act::Leave => None,
        }
    }
}

/// Whether a person must prove that it is them before a change: an owner before one that concerns an administrator, or that
/// takes their place from the nominee of a case with a quorum, which ends the case as a veto does.
#[must_use]
pub fn takes_proof(rights: &Rights, actor: UserId, change: Change<'_>) -> bool {
    let Change { before, act, nominated } = change;
    let after = change.after();
    if *rights != Rights::Owner || actor == before.user || after.as_ref() == Some(before) {
        return false;
    }
    let ends_case = nominated.is_some() && matches!(act, Act::Suspend | Act::Remove);
    let administrators = match effect(before, after.as_ref(), act) {
        Effect::None => false,
        Effect::Added | Effect::Removed(_) => true,
    };
    ends_case || administrators
}

#[derive(Clone, Copy)]
enum Effect {
    None,
    Added,
    Removed(RosterEvent),
}

/// What a change means for the set of administrators.
fn effect(before: &Member, after: Option<&Member>, act: Act<'_>) -> Effect {
    // Somebody who is invited, or active, holds their role; somebody suspended does not.
    let holds = |member: &Member| member.administrator && member.status != Status::Suspended;
    let event = match act {
        Act::ChangeRole(_) => RosterEvent::RoleTaken,
        Act::Suspend => RosterEvent::Suspended,
        Act::Leave => RosterEvent::Left,
        Act::Remove | Act::Resume => RosterEvent::Removed,
    };
    match (before.administrator, holds(before), after.is_some_and(holds)) {
        (_, false, true) => Effect::Added,
        (_, true, false) => Effect::Removed(event),
        // Suspended first and then deleted: an owner, or they themselves, end what is left of their standing.
        (true, false, false) if after.is_none_or(|after| !after.administrator) => Effect::Removed(event),
        (_, true, true) | (_, false, false) => Effect::None,
    }
}

fn entry(asked: &ChangeMember, act: Act<'_>, after: &Member) -> Draft {
    let kind = match act {
        Act::ChangeRole(_) => "member.role_changed",
        Act::Suspend => "member.suspended",
        Act::Resume => "member.resumed",
        Act::Leave => "member.left",
        Act::Remove => "member.removed",
    };
    let draft = Draft::new(kind, asked.principal.actor()).user(asked.user);
    match act {
        Act::ChangeRole(_) => draft.with("role", after.role.clone()),
        Act::Suspend | Act::Resume | Act::Leave | Act::Remove => draft,
    }
}
