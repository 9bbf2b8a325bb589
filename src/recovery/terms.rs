//! What exactly a case would do, and under which policy: the thing that people approve.
//!
//! A ballot carries the SHA-256 of the terms in RFC 8785 canonical JSON, so nobody's approval can be moved to another
//! nominee, another policy, or another case.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};

use super::policy::Policy;
use crate::{
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

    /// The incumbents' ids.
    #[must_use]
    pub fn owner_ids(&self) -> BTreeSet<UserId> {
        self.owners.iter().map(|owner| owner.id).collect()
    }
}

/// SHA-256 of terms in canonical form. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermsHash([u8; 32]);

impl TermsHash {
    /// The hash of a canonical form.
    #[must_use]
    pub fn of(canonical: &str) -> Self {
        Self(Sha256::digest(canonical.as_bytes()).into())
    }

    /// From the bytes of a row.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for TermsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for TermsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TermsHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "not a SHA-256 in 64 lower-case hexadecimal digits";
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|_| wrong)?;
        bytes.try_into().map(Self).map_err(|_| wrong)
    }
}

impl Serialize for TermsHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TermsHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
