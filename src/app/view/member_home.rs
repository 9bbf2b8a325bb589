//! A member, and what each act on them would come to for one reader: a dry run of the same decisions that the acts ask,
//! so that a page offers what will be accepted and says why something is not.
//!
//! Nothing is decided here. The act itself asks again, under the account's lock.

use super::member::MemberView;
use crate::{
    app::{
        app::App,
        change_member::{self, Change},
        error::Error,
        fresh_proof::{shown, supposed},
        here::around,
        principal::Principal,
        rights,
    },
    id::{AccountId, TransferId, UserId},
    moment::Moment,
    ownership::{
        member::{self, Act, Member},
        owner::{self, Around, Outcome},
        preset::Role,
        refusal::Refusal,
        rights::Rights,
        transfer::{self, Offer},
    },
    recovery::{self, policy::Policy, proof::FreshProof},
    store::{
        accounts::{self, Account},
        docket, members, transfers,
    },
};

/// A role that somebody could be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChoice {
    /// Its name, as in the API.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Whether it makes an administrator.
    pub administrator: bool,
}

impl From<&Role> for RoleChoice {
    fn from(role: &Role) -> Self {
        Self { name: role.name.clone(), title: role.title.clone(), administrator: role.administrator }
    }
}

/// What an act would come to.
pub type Prospect = Result<Asks, Refusal>;

/// What an act would ask of the reader first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// To prove that it is them.
    Proof,
}

/// Who reads the page of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Whether it is the member themselves.
    pub themselves: bool,
    /// Whether they own the account.
    pub owns: bool,
    /// What they have shown, as it counts here.
    pub proof: Result<FreshProof, recovery::refusal::Refusal>,
}

/// Everything on the page of a member.
#[derive(Debug, Clone)]
pub struct MemberHome {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// Its policy.
    pub policy: Policy,
    /// The member.
    pub member: MemberView,
    /// What people call their role.
    pub role: String,
    /// Whether they are the primary owner.
    pub primary: bool,
    /// Who reads.
    pub reader: Reader,
    /// The other roles, each with what giving it would come to.
    pub roles: Vec<(RoleChoice, Prospect)>,
    /// Suspending them.
    pub suspend: Prospect,
    /// Giving them access again.
    pub resume: Prospect,
    /// Deleting them from the account.
    pub remove: Prospect,
    /// Leaving.
    pub leave: Prospect,
    /// Making them an owner.
    pub grant: Prospect,
    /// Ending their ownership.
    pub revoke: Prospect,
    /// Making them the primary owner; none where there is no such thing.
    pub make_primary: Option<Prospect>,
    /// Offering them the reader's ownership.
    pub offer: Prospect,
}

/// The page of a member, for a person who may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn member_home(app: &App, principal: &Principal, id: AccountId, user: UserId) -> Result<MemberHome, Error> {
    let reader = principal.person_in(id)?;
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, id).await?.ok_or(Error::NotFound)?;
    let preset = app.preset_of(&account)?;
    let rights = rights::rights(tx, principal, id, preset).await?;
    let stored = members::find(tx, id, user).await?.ok_or(Error::NotFound)?;
    let now = app.now();
    let target = &stored.member;
    let on_member = OnMember {
        rights: &rights,
        reader,
        target,
        account: &account,
        nominated: docket::nominated(tx, id, user).await?,
    };
    let key_people = members::key_people(tx, id).await?;
    let owners: Vec<Member> =
        key_people.into_iter().map(|person| person.member).filter(|member| member.owner).collect();
    let on_owners = OnOwners {
        rights: &rights,
        reader,
        target,
        role: preset.role(&target.role),
        around: around(tx, &account, &owners).await?,
        // Where only proof is wanting, the page leads to it.
        proof: supposed(now)?,
    };
    let pending = transfers::pending(tx, id).await?;
    let other = |role: &&Role| role.name != target.role;
    Ok(MemberHome {
        roles: preset
            .roles
            .iter()
            .filter(other)
            .map(|role| (RoleChoice::from(role), on_member.would(Act::ChangeRole(role))))
            .collect(),
        suspend: on_member.would(Act::Suspend),
        resume: on_member.would(Act::Resume),
        remove: on_member.would(Act::Remove),
        leave: on_member.would(Act::Leave),
        grant: on_owners.grant(),
        revoke: on_owners.revoke(),
        make_primary: account.primary_owner.map(|primary| on_owners.make_primary(primary)),
        offer: on_owners.offer(app, pending.as_ref(), &account.policy, now),
        primary: account.primary_owner == Some(user),
        reader: Reader {
            themselves: reader == user,
            owns: rights == Rights::Owner,
            proof: shown(tx, id, principal, now).await?,
        },
        role: app.role_title(&account.preset, &target.role),
        member: MemberView::from(&stored),
        account: id,
        account_name: account.name,
        policy: account.policy,
    })
}

struct OnMember<'a> {
    rights: &'a Rights,
    reader: UserId,
    target: &'a Member,
    account: &'a Account,
    nominated: Option<crate::id::CaseId>,
}

impl OnMember<'_> {
    fn would(&self, act: Act<'_>) -> Prospect {
        let Self { rights, target, nominated, .. } = *self;
        let account = self.account.status;
        member::decide(member::Asked { rights, actor: Some(self.reader), target, account, nominated }, act)?;
        let change = Change { before: target, act, nominated };
        Ok(if change_member::takes_proof(rights, self.reader, change) { Asks::Proof } else { Asks::Nothing })
    }
}

struct OnOwners<'a> {
    rights: &'a Rights,
    reader: UserId,
    target: &'a Member,
    role: Option<&'a Role>,
    around: Around<'a>,
    proof: FreshProof,
}

impl OnOwners<'_> {
    fn grant(&self) -> Prospect {
        let role = self.role.ok_or(Refusal::OwnerNeedsAccess)?;
        new(owner::grant(self.rights, self.proof, self.target, role, self.around)?, Refusal::AlreadyOwner)
    }

    fn revoke(&self) -> Prospect {
        new(owner::revoke(self.rights, self.proof, self.target.user, self.around)?, Refusal::NotAnOwner)
    }

    fn make_primary(&self, primary: UserId) -> Prospect {
        let Self { rights, reader, target, around, proof, .. } = *self;
        let passed = owner::pass_primary(rights, proof, reader, Some(primary), target.user, around)?;
        new(passed, Refusal::AlreadyOwner)
    }

    fn offer(&self, app: &App, latest: Option<&transfer::Transfer>, policy: &Policy, now: Moment) -> Prospect {
        let Self { rights, reader: from, target: to, around, proof, .. } = *self;
        let role = self.role.ok_or(Refusal::OwnerNeedsAccess)?;
        // The id of an offer that is never made.
        let id: TransferId = app.id();
        let asked = Offer { id, from, rights, to, role };
        transfer::offer(asked, proof, latest, around, policy.transfer_window, now).map(|_| Asks::Proof)
    }
}

/// An act that would change nothing is none.
fn new(outcome: Outcome, already: Refusal) -> Prospect {
    match outcome {
        Outcome::Changed => Ok(Asks::Proof),
        Outcome::AlreadySo => Err(already),
    }
}
