//! Opening a case: who may, for whom, and with which electorate.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    action::Fitness,
    ballot::Elector,
    case::{Case, Extension, Opener, State},
    electorate::{Electorate, Source},
    policy::{OwnersAllowed, Policy, Switch},
    refusal::{NomineeUnfit, Refusal},
    roster::Roster,
    terms::{Kind, Person, Route, Terms, TermsHash},
};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// The longest statement, in characters.
pub const LONGEST_STATEMENT: usize = 2000;

/// What somebody asks for when they open a case.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The new case's id.
    pub case: CaseId,
    /// What it would do to the incumbents.
    pub kind: Kind,
    /// Who would become owner.
    pub nominee: Person,
    /// Why, in the opener's words: at most 2000 characters.
    pub statement: String,
    /// Who opens it.
    pub opener: UserId,
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
    /// Everybody whose access makes them an administrator right now.
    pub administrators: BTreeSet<UserId>,
    /// When those on the roster last changed their address, if they ever did.
    pub address_changed: BTreeMap<UserId, Moment>,
    /// Whether the nominee is a confirmed, active member.
    pub nominee: Fitness,
    /// Open cases of the account that the opener has opened.
    pub open_case_of_opener: Option<CaseId>,
    /// When the opener's last case that did not complete ended.
    pub opener_failed_at: Option<Moment>,
    /// When an owner last vetoed a case for this nominee.
    pub nominee_vetoed_at: Option<Moment>,
}

/// Opens a case, or says why not.
///
/// # Errors
/// The reason for the refusal; nothing was opened.
pub fn open(account: &Account, proposal: Proposal, now: Moment) -> Result<Case, Refusal> {
    let owners: BTreeSet<UserId> = account.owners.iter().map(|owner| owner.id).collect();
    let policy = &account.policy;
    if policy.vote_route == Switch::Off {
        return Err(Refusal::VoteRouteOff);
    }
    if let Some(reason) = account.roster.why_not(proposal.opener, now, &owners) {
        return Err(Refusal::OpenerHasNoStanding(reason));
    }
    if owners.is_empty() {
        return Err(Refusal::NoOwnerYet);
    }
    if let Some(case) = account.open_case_of_opener {
        return Err(Refusal::OneOpenCaseEach { case });
    }
    let wait = |since: Option<Moment>, length| since.map(|at| at.after(length)).filter(|until| now < *until);
    if let Some(until) = wait(account.opener_failed_at, policy.reopen_after) {
        return Err(Refusal::ReopenAfter { until });
    }
    if let Some(until) = wait(account.nominee_vetoed_at, policy.veto_cooldown) {
        return Err(Refusal::NomineeVetoed { until });
    }
    if proposal.kind == Kind::Add && policy.owners == OwnersAllowed::One {
        return Err(Refusal::OneOwnerOnly);
    }
    if owners.contains(&proposal.nominee.id) {
        return Err(Refusal::NomineeUnfit(NomineeUnfit::AlreadyOwner));
    }
    if account.nominee == Fitness::Unfit {
        return Err(Refusal::NomineeUnfit(NomineeUnfit::NotActiveMember));
    }
    if proposal.statement.trim().is_empty() || proposal.statement.chars().count() > LONGEST_STATEMENT {
        return Err(Refusal::StatementLength { most: LONGEST_STATEMENT });
    }
    let source = Source { roster: &account.roster, administrators: &account.administrators, owners: &owners, policy };
    let electorate = Electorate::at(now, proposal.nominee.id, source);
    if !electorate.can_reach() {
        return Err(Refusal::OutOfReach {
            countable: electorate.countable,
            required: electorate.required,
            from: Electorate::reachable_from(now, proposal.nominee.id, source),
        });
    }
    let terms = Terms {
        case: proposal.case,
        account: account.id,
        kind: proposal.kind,
        route: Route::Vote,
        owners: account.owners.clone(),
        nominee: proposal.nominee,
        policy: policy.clone(),
        electorate: electorate.members.clone(),
        signed_in_only: electorate.signed_in_only(now, policy.seasoning, &account.address_changed),
        required: electorate.required,
        opened_at: now,
        statement: proposal.statement,
    };
    let canonical = terms.canonical().map_err(|_| Refusal::StatementLength { most: LONGEST_STATEMENT })?;
    Ok(Case {
        terms_hash: TermsHash::of(&canonical),
        opener: Opener::Administrator(proposal.opener),
        electors: electorate.members.into_iter().map(|member| (member, Elector::default())).collect(),
        redeemed: BTreeMap::new(),
        accepted_at: None,
        state: State::Collecting,
        pauses: 0,
        extension: Extension::Unused,
        reminders: 0,
        warned: 0,
        terms,
    })
}
