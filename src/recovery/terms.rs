//! What exactly a case would do, and under which policy: the thing that people approve.
//!
//! A ballot carries the SHA-256 of the terms in RFC 8785 canonical JSON, so nobody's approval can be moved to another
//! nominee, another policy, or another case.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::policy::Policy;
use crate::{
    hash,
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// What a case would do. Frozen when it opens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The case.
    pub case: CaseId,
    /// The account whose ownership would change.
    pub account: AccountId,
    /// What would happen to the incumbents.
    pub kind: Kind,
    /// How agreement is proven.
    pub route: Route,
    /// All owners at opening, effective or not.
    pub owners: Vec<Person>,
    /// Who would become owner.
    pub nominee: Person,
    /// The policy at opening.
    pub policy: Policy,
    /// Who may vote.
    pub electorate: BTreeSet<UserId>,
    /// Those of them who vote signed in and in no other way, because they had changed their address less than the
    /// policy's `seasoning` before the case was opened, and when they had. Left out of the text where there are none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub signed_in_only: BTreeMap<UserId, Moment>,
    /// How many counted approvals make the quorum.
    pub required: u32,
    /// When the case was opened.
    pub opened_at: Moment,
    /// Why, in the opener's words.
    pub statement: String,
}

/// A person as they were when the case opened.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
}

/// What a case does to the incumbents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// All owners lose ownership and are suspended; the nominee gets it.
    Replace,
    /// The nominee joins the owners.
    Add,
}

/// How agreement is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// By the ballots of administrators.
    Vote,
    /// By the paper keys of recovery users, and as many ballots as the policy wants besides.
    Keys,
}

impl Terms {
    /// The canonical form that is hashed and stored: RFC 8785 JSON.
    ///
    /// # Errors
    /// Never for terms that a case was opened with; the serialiser's signature allows for it.
    pub fn canonical(&self) -> Result<String, serde_json::Error> {
        serde_json_canonicalizer::to_string(self)
    }

    /// The moment from which a case without a quorum expires.
    #[must_use]
    pub fn closes_at(&self) -> Moment {
        self.opened_at.after(self.policy.voting_window)
    }

    /// From the moment at which everything is there to the change of owner.
    #[must_use]
    pub const fn waiting_period(&self) -> SignedDuration {
        match self.route {
            Route::Vote => self.policy.waiting_period,
            Route::Keys => self.policy.key_waiting_period,
        }
    }

    /// How many recovery users must redeem a paper key.
    #[must_use]
    pub const fn keys_required(&self) -> u32 {
        match self.route {
            Route::Vote => 0,
            Route::Keys => self.policy.keys_required,
        }
    }

    /// Who stops being owner when the case completes.
    #[must_use]
    pub fn removed_owners(&self) -> BTreeSet<UserId> {
        match self.kind {
            Kind::Replace => self.owner_ids(),
            Kind::Add => BTreeSet::new(),
        }
    }

    /// The incumbents' ids.
    #[must_use]
    pub fn owner_ids(&self) -> BTreeSet<UserId> {
        self.owners.iter().map(|owner| owner.id).collect()
    }
}

/// SHA-256 of terms in canonical form. Written as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TermsHash(hash::Hash);

impl TermsHash {
    /// The hash of a canonical form.
    #[must_use]
    pub fn of(canonical: &str) -> Self {
        Self(hash::Hash::of(canonical))
    }

    /// From the bytes of a row.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(hash::Hash::from_bytes(bytes))
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Display for TermsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for TermsHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
