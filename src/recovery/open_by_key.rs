//! Opening a case with a paper key: the first redemption fixes what the case would do.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    action::Fitness,
    ballot::Elector,
    case::{Case, Extension, Opener, Redeemed, State},
    electorate::{count, recently_moved},
    open::LONGEST_STATEMENT,
    policy::{Policy, Switch},
    redeem::KeyAndMailbox,
    refusal::{NomineeUnfit, Refusal},
    roster::Roster,
    terms::{Kind, Person, Route, Terms, TermsHash},
};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// What a recovery user asks for.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The new case's id.
    pub case: CaseId,
    /// What it would do to the incumbents.
    pub kind: Kind,
    /// Who would become owner: a member, or somebody who is invited by this.
    pub nominee: Person,
    /// Why, in the recovery user's words: at most 2000 characters.
    pub statement: String,
    /// What they have shown.
    pub shown: KeyAndMailbox,
    /// The member who has one of their addresses, if there is one.
    pub member: Option<UserId>,
}

/// What the account looks like when a case is to be opened. Read in the transaction that saves the case.
#[derive(Debug, Clone)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// Its owners, effective or not.
    pub owners: Vec<Person>,
    /// Its policy in force.
    pub policy: Policy,
    /// Who has standing.
    pub roster: Roster,
    /// When those on the roster last changed their address, if they ever did.
    pub address_changed: BTreeMap<UserId, Moment>,
    /// Whether the nominee could become owner: unfit is a member whose access was taken.
    pub nominee: Fitness,
    /// Recovery users with a key in force, with the one who redeems theirs.
    pub key_holders: u32,
    /// An open case for which that recovery user has redeemed another key.
    pub redeemed_elsewhere: Option<CaseId>,
    /// When an owner last vetoed a case for this nominee.
    pub nominee_vetoed_at: Option<Moment>,
}

/// Opens a case with its first paper key, or says why not.
///
/// # Errors
/// The reason for the refusal; nothing was opened, and the key is not spent.
pub fn open_by_key(account: &Account, proposal: Proposal, now: Moment) -> Result<Case, Refusal> {
    let owners: BTreeSet<UserId> = account.owners.iter().map(|owner| owner.id).collect();
    let policy = &account.policy;
    if policy.paper_key_route == Switch::Off {
        return Err(Refusal::KeyRouteOff);
    }
    if owners.is_empty() {
        return Err(Refusal::NoOwnerYet);
    }
    if proposal.member.is_some_and(|member| owners.contains(&member)) {
        return Err(Refusal::RedeemerIsOwner);
    }
    if let Some(case) = account.redeemed_elsewhere {
        return Err(Refusal::RedeemedElsewhere { case });
    }
    if let Some(until) = account.nominee_vetoed_at.map(|at| at.after(policy.veto_cooldown)).filter(|until| now < *until)
    {
        return Err(Refusal::NomineeVetoed { until });
    }
    if !policy.key_kinds.contains(&proposal.kind) {
        return Err(Refusal::KindNotByKey);
    }
    if owners.contains(&proposal.nominee.id) {
        return Err(Refusal::NomineeUnfit(NomineeUnfit::AlreadyOwner));
    }
    if account.nominee == Fitness::Unfit {
        return Err(Refusal::NomineeUnfit(NomineeUnfit::AccessTaken));
    }
    if proposal.statement.trim().is_empty() || proposal.statement.chars().count() > LONGEST_STATEMENT {
        return Err(Refusal::StatementLength { most: LONGEST_STATEMENT });
    }
    if account.key_holders < policy.keys_required {
        return Err(Refusal::TooFewKeyHolders { have: account.key_holders, need: policy.keys_required });
    }
    let electorate = match policy.keys_need_approvals {
        0 => BTreeSet::new(),
        _ => account.roster.standing_at(now, &owners),
    };
    let apart = |user: &UserId| *user == proposal.nominee.id || Some(*user) == proposal.member;
    let countable = count(electorate.iter().filter(|user| !apart(user)).count());
    if countable < policy.keys_need_approvals {
        return Err(Refusal::OutOfReach { countable, required: policy.keys_need_approvals, from: None });
    }
    let terms = Terms {
        case: proposal.case,
        account: account.id,
        kind: proposal.kind,
        route: Route::Keys,
        owners: account.owners.clone(),
        nominee: proposal.nominee,
        policy: policy.clone(),
        signed_in_only: recently_moved(&electorate, now, policy.seasoning, &account.address_changed),
        electorate,
        required: policy.keys_need_approvals,
        opened_at: now,
        statement: proposal.statement,
    };
    let canonical = terms.canonical().map_err(|_| Refusal::StatementLength { most: LONGEST_STATEMENT })?;
    let by = proposal.shown.by();
    let redeemed = Redeemed { key: proposal.shown.key(), at: now, member: proposal.member, lost_at: None };
    Ok(Case {
        terms_hash: TermsHash::of(&canonical),
        opener: Opener::RecoveryUser(by),
        electors: terms.electorate.iter().map(|member| (*member, Elector::default())).collect(),
        redeemed: BTreeMap::from([(by, redeemed)]),
        accepted_at: None,
        state: State::Collecting,
        pauses: 0,
        extension: Extension::Unused,
        reminders: 0,
        warned: 0,
        terms,
    })
}
