//! One entry of an account's activity log, and its place in the chain.
//!
//! An entry is stored as the very text that was hashed: RFC 8785 canonical JSON, with the hash of the entry before it
//! inside. Personal values (names, addresses, statements) are not in that text, only salted commitments to them, so
//! they can be erased later without breaking a hash.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use crate::hash::Hash;
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::actor::Actor,
};

/// What happened, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The account.
    pub account: AccountId,
    /// Its place: 1, 2, 3, … without gaps.
    pub seq: u64,
    /// When.
    pub at: Moment,
    /// What, for example `case.opened`.
    pub kind: String,
    /// Who did it.
    pub actor: Actor,
    /// The case it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub case: Option<CaseId>,
    /// The person it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub user: Option<UserId>,
    /// Who became and who stopped being owner by it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owners: Option<OwnersChange>,
    /// Further values, none of them personal.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub data: BTreeMap<String, serde_json::Value>,
    /// Commitments to the personal values, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub personal: BTreeMap<String, Hash>,
    /// The hash of the entry before; all zero for the first.
    pub prev: Hash,
}

/// Who became and who stopped being owner.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnersChange {
    /// New owners.
    #[serde(default)]
    pub added: BTreeSet<UserId>,
    /// Former owners.
    #[serde(default)]
    pub removed: BTreeSet<UserId>,
}

/// What happened, before it has its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What, for example `case.opened`.
    pub kind: &'static str,
    /// Who did it.
    pub actor: Actor,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The person it is about.
    pub user: Option<UserId>,
    /// Who became and who stopped being owner by it.
    pub owners: Option<OwnersChange>,
    /// Further values, none of them personal.
    pub data: BTreeMap<String, serde_json::Value>,
    /// Personal values, by name.
    pub personal: BTreeMap<String, String>,
}

impl Draft {
    /// A draft that says who did what.
    #[must_use]
    pub const fn new(kind: &'static str, actor: Actor) -> Self {
        Self { kind, actor, case: None, user: None, owners: None, data: BTreeMap::new(), personal: BTreeMap::new() }
    }

    /// About that case.
    #[must_use]
    pub const fn case(mut self, case: CaseId) -> Self {
        self.case = Some(case);
        self
    }

    /// About that person.
    #[must_use]
    pub const fn user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// Those became, and those stopped being, owner.
    #[must_use]
    pub fn owners(mut self, added: BTreeSet<UserId>, removed: BTreeSet<UserId>) -> Self {
        self.owners = Some(OwnersChange { added, removed });
        self
    }

    /// With a value that is not personal.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }

    /// With a personal value.
    #[must_use]
    pub fn personal(mut self, name: &str, value: impl Into<String>) -> Self {
        self.personal.insert(name.to_owned(), value.into());
        self
    }
}
