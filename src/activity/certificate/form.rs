//! What a certificate is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{hash::Hash, id::UserId};

/// What the field `format` of a certificate of this form says.
pub const FORMAT: &str = "quorate-recovery-certificate/1";

/// A certificate. Nothing in it is to be believed that does not follow from the checkpoint's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Always `quorate-recovery-certificate/1`.
    #[schema(example = "quorate-recovery-certificate/1")]
    pub format: String,
    /// The log that the case is recorded in.
    pub log: Log,
    /// The terms of the case, as the canonical text (RFC 8785) whose hash people approved.
    pub terms: String,
    /// The entries of the account's activity log from the opening of the case to its completion, without a gap.
    pub entries: Vec<Certified>,
    /// What proves the ballots that were signed with a passkey: for each elector the canonical text whose hash stands in the log.
    #[schema(value_type = BTreeMap<String, String>)]
    pub signatures: BTreeMap<UserId, String>,
}

/// The log that the case is recorded in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The key that signed the checkpoint, as C2SP writes verifier keys.
    pub key: String,
    /// A signed checkpoint over all entries here.
    pub checkpoint: String,
}

/// An entry, with what proves that it is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certified {
    /// The very text that was hashed.
    pub body: String,
    /// Which leaf of the tree it is, from 0.
    pub leaf: u64,
    /// The hashes that prove it against the checkpoint's root, from the leaf upwards.
    #[schema(value_type = Vec<String>)]
    pub path: Vec<Hash>,
    /// The personal values behind its commitments, as far as they have not been erased.
    pub personal: BTreeMap<String, Opening>,
}

/// A personal value, with the salt that opens its commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// 16 bytes in hexadecimal digits.
    pub salt: String,
    /// The value.
    pub value: String,
}
