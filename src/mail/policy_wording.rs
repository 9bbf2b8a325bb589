//! A recovery policy in words, field by field: what each field is called, and what it says. Mails and pages say the same.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::wording::{count, length};
use crate::{
    ownership::policy_change::{Comparison, Way},
    recovery::{
        policy::{BallotWay, Majority, NomineeApproval, OwnersAllowed, Policy, Switch},
        terms::Kind,
    },
};

/// A field of the policy in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, as in the API.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it says.
    pub says: String,
}

/// A field that changes, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What people call the field.
    pub label: &'static str,
    /// What it says now.
    pub from: String,
    /// What it would say.
    pub to: String,
    /// Which way that goes.
    pub way: Way,
    /// Why that is so.
    pub why: &'static str,
}

/// Every field, in the policy's own order.
#[must_use]
pub fn fields(policy: &Policy) -> Vec<Field> {
    // A new field makes this fail to compile: say below what people call it.
    let Policy {
        owners,
        seasoning,
        vote_route,
        majority,
        min_approvals,
        nominee_approval,
        waiting_period,
        min_notice,
        ballots,
        voting_window,
        paper_key_route,
        keys_required,
        keys_need_approvals,
        key_waiting_period,
        key_kinds,
        pauses,
        veto_cooldown,
        reopen_after,
        transfer_window,
    } = policy;
    let field = |name, label, says| Field { name, label, says };
    vec![
        field("owners", "Owners", owners_allowed(*owners)),
        field("seasoning", "New administrators count after", length(*seasoning)),
        field("vote_route", "Recovery by vote", switch(*vote_route)),
        field("majority", "Share that must be exceeded", share(*majority)),
        field("min_approvals", "Approvals at least", count((*min_approvals).into(), "approval")),
        field("nominee_approval", "The nominee\u{2019}s own approval", nominee(*nominee_approval)),
        field("waiting_period", "Time to object after a vote", length(*waiting_period)),
        field("min_notice", "Owners are warned before", length(*min_notice)),
        field("ballots", "How ballots arrive", ways(ballots)),
        field("voting_window", "Voting is open for", length(*voting_window)),
        field("paper_key_route", "Recovery by paper key", switch(*paper_key_route)),
        field("keys_required", "Keys that are needed", count((*keys_required).into(), "key")),
        field("keys_need_approvals", "Approvals besides the keys", approvals_besides(*keys_need_approvals)),
        field("key_waiting_period", "Time to object after a key", length(*key_waiting_period)),
        field("key_kinds", "What keys can bring about", kinds(key_kinds)),
        field("pauses", "Pauses of one case", times(*pauses)),
        field("veto_cooldown", "A vetoed nominee again after", at_once_or(*veto_cooldown)),
        field("reopen_after", "Another case by the same person after", at_once_or(*reopen_after)),
        field("transfer_window", "An offer of ownership is open for", length(*transfer_window)),
    ]
}

/// What differs between two policies. A set that both loses and gains something stands here twice.
#[must_use]
pub fn changes(old: &Policy, new: &Policy) -> Vec<Change> {
    let (before, after) = (fields(old), fields(new));
    let find = |all: &[Field], name: &str| all.iter().find(|field| field.name == name).cloned();
    let worded = |change: &crate::ownership::policy_change::FieldChange| {
        let (from, to) = (find(&before, change.field)?, find(&after, change.field)?);
        Some(Change { label: from.label, from: from.says, to: to.says, way: change.way, why: change.why })
    };
    Comparison::of(old, new).changes.iter().filter_map(worded).collect()
}

fn owners_allowed(owners: OwnersAllowed) -> String {
    match owners {
        OwnersAllowed::One => "exactly one",
        OwnersAllowed::Many => "one or more",
    }
    .to_owned()
}

fn switch(route: Switch) -> String {
    match route {
        Switch::On => "on",
        Switch::Off => "off",
    }
    .to_owned()
}

fn nominee(approval: NomineeApproval) -> String {
    match approval {
        NomineeApproval::Counts => "counts",
        NomineeApproval::DoesNotCount => "does not count",
    }
    .to_owned()
}

fn share(majority: Majority) -> String {
    if majority == Majority::HALF { "half of the administrators".to_owned() } else { format!("{majority} of them") }
}

fn ways(ballots: &BTreeSet<BallotWay>) -> String {
    let words: Vec<&str> = ballots.iter().map(|way| way_words(*way)).collect();
    words.join(", or ")
}

/// How a ballot arrives.
#[must_use]
pub const fn way_words(way: BallotWay) -> &'static str {
    match way {
        BallotWay::SignedIn => "signed in",
        BallotWay::Passkey => "signed with a passkey",
        BallotWay::MailLink => "by the link in the administrator\u{2019}s own mail",
        BallotWay::PlainMail => "by answering that mail",
    }
}

fn kinds(kinds: &BTreeSet<Kind>) -> String {
    let word = |kind: &Kind| match kind {
        Kind::Replace => "a new owner in place of the present ones",
        Kind::Add => "one more owner",
    };
    kinds.iter().map(word).collect::<Vec<_>>().join(", or ")
}

fn approvals_besides(number: u32) -> String {
    if number == 0 { "none".to_owned() } else { count(number.into(), "approval") }
}

fn at_once_or(time: SignedDuration) -> String {
    if time.is_zero() { "no time at all".to_owned() } else { length(time) }
}

fn times(number: u32) -> String {
    match number {
        0 => "none".to_owned(),
        1 => "one".to_owned(),
        2 => "two".to_owned(),
        more => more.to_string(),
    }
}
