//! What a certificate that was found right tells.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    id::{AccountId, CaseId, RecoveryUserId, UserId},
    inbound::kept::Proven,
    moment::Moment,
    recovery::{
        ballot::Choice,
        policy::BallotWay,
        terms::{Kind, Person, Route},
    },
};

/// What a certificate tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The account whose ownership changed.
    pub account: AccountId,
    /// The case.
    pub case: CaseId,
    /// What happened to the incumbents.
    pub kind: Kind,
    /// How agreement was proven.
    pub route: Route,
    /// The owners before.
    pub owners: Vec<Person>,
    /// Who became owner.
    pub nominee: Person,
    /// Why, in the opener's words.
    pub statement: String,
    /// When the case was opened.
    pub opened_at: Moment,
    /// Who could vote.
    pub electorate: BTreeSet<UserId>,
    /// How many approvals it took.
    pub required: u32,
    /// How many there were at the end.
    pub approvals: u32,
    /// The ballots at the end.
    pub ballots: BTreeMap<UserId, BallotTold>,
    /// The recovery users whose paper keys counted at the end.
    pub keys: BTreeSet<RecoveryUserId>,
    /// When the count sufficed for the last time, and the waiting period began.
    pub waiting_since: Moment,
    /// When ownership could change at the earliest.
    pub due_at: Moment,
    /// When it changed.
    pub completed_at: Moment,
    /// How often owners had stopped the clock.
    pub pauses: u32,
    /// Whether each owner had been told in time, as the service recorded it: `in_time` or `missing`.
    pub notice: String,
    /// When the mail server of each owner took the first alert, as far as the service recorded it.
    pub alerts: BTreeMap<UserId, Moment>,
    /// The log.
    pub log: String,
    /// How many entries it had at the checkpoint.
    pub size: u64,
}

/// A ballot at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BallotTold {
    /// What they chose.
    pub choice: Choice,
    /// How it arrived.
    pub way: BallotWay,
    /// When.
    pub cast_at: Moment,
    /// What vouches for it.
    pub proof: Proof,
}

/// What vouches for a ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The word of the service, given when it was cast.
    Service,
    /// The signature of a passkey, which was checked.
    Passkey,
    /// A mail, whose signature was checked.
    Mail(Box<Proven>),
    /// A mail was kept, and is not in the certificate. What is left is the word of the service.
    MailGone,
}
