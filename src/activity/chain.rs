//! The chain of an account's entries: sealing a new one onto it, and checking one that was read back.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Draft, Entry, Hash};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// The end of an account's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry; 0 when there is none.
    pub seq: u64,
    /// The hash of the last entry.
    pub hash: Hash,
}

impl Head {
    /// Before the first entry.
    pub const START: Self = Self { seq: 0, hash: Hash::NONE };
}

/// An entry with its place, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// The text that was hashed.
    pub body: String,
    /// The hash of that text.
    pub hash: Hash,
    /// The personal values with the salts of their commitments, by name.
    pub personal: BTreeMap<String, (Salt, String)>,
}

/// The salt of a commitment: 128 random bits.
pub type Salt = [u8; 16];

/// A commitment to a personal value: nobody can guess the value from it without the salt.
#[must_use]
pub fn commitment(salt: &Salt, value: &str) -> Hash {
    Hash::of_parts(&[salt, value.as_bytes()])
}

/// Gives a draft its place behind `head`.
///
/// # Errors
/// Never for drafts that the service makes; the serialiser's signature allows for it.
pub fn seal(
    account: AccountId,
    head: Head,
    at: Moment,
    draft: Draft,
    mut salt: impl FnMut() -> Salt,
) -> Result<Sealed, serde_json::Error> {
    let personal: BTreeMap<String, (Salt, String)> =
        draft.personal.into_iter().map(|(name, value)| (name, (salt(), value))).collect();
    let entry = Entry {
        account,
        seq: head.seq + 1,
        at,
        kind: draft.kind.to_owned(),
        actor: draft.actor,
        case: draft.case,
        user: draft.user,
        owners: draft.owners,
        data: draft.data,
        personal: personal.iter().map(|(name, (salt, value))| (name.clone(), commitment(salt, value))).collect(),
        prev: head.hash,
    };
    let body = serde_json_canonicalizer::to_string(&entry)?;
    Ok(Sealed { hash: Hash::of(&body), entry, body, personal })
}

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The text is not an entry.
    #[error("entry {seq} is not readable: {problem}")]
    Unreadable {
        /// Where.
        seq: u64,
        /// What the parser said.
        problem: String,
    },
    /// The stored hash is not the hash of the text.
    #[error("entry {seq} was changed: its text does not have the stored hash")]
    Changed {
        /// Where.
        seq: u64,
    },
    /// The entry does not follow the one before it.
    #[error("entry {seq} does not follow the entry before it")]
    OutOfPlace {
        /// Where.
        seq: u64,
    },
    /// A personal value does not fit its commitment.
    #[error("entry {seq}: the stored value of `{name}` is not the one that was recorded")]
    PersonalChanged {
        /// Where.
        seq: u64,
        /// Which value.
        name: String,
    },
    /// A column says something else than the text that was hashed.
    #[error("entry {seq}: the column `{column}` does not say what the entry says")]
    OtherColumn {
        /// Where.
        seq: u64,
        /// Which column.
        column: &'static str,
    },
    /// The entry says something of ownership that cannot be.
    #[error("entry {seq} changes owners in a way that cannot be")]
    ImpossibleOwners {
        /// Where.
        seq: u64,
    },
    /// The log ends before the head that the account records.
    #[error("the log ends at entry {found}, and the account records {wanted}")]
    Cut {
        /// The last entry found.
        found: u64,
        /// The last entry recorded.
        wanted: u64,
    },
    /// There are entries of an account that does not exist.
    #[error("there is no such account, but its log has entries, the first of them entry {seq}")]
    NoAccount {
        /// Where.
        seq: u64,
    },
    /// The entry is not the leaf of the tree that it is said to be.
    #[error("entry {seq} is not what was sealed as leaf {leaf} of the log")]
    OtherLeaf {
        /// Where.
        seq: u64,
        /// Which leaf.
        leaf: u64,
    },
    /// The tree has an entry that is not there.
    #[error("entry {seq} was sealed as leaf {leaf} of the log, and is not there any more")]
    Removed {
        /// Where.
        seq: u64,
        /// Which leaf.
        leaf: u64,
    },
    /// The entry is neither sealed nor waits for it, or both.
    #[error("entry {seq} is neither sealed in the log nor does it wait to be, or it does both")]
    NotSealed {
        /// Where.
        seq: u64,
    },
    /// Personal values are gone of which no entry says that they were erased.
    #[error("the number of missing personal values is {missing}, and entries tell of {recorded} that were erased")]
    ErasedUnseen {
        /// So many are not there.
        missing: u64,
        /// So many should not be there.
        recorded: u64,
    },
    /// The tables have another story of a case than the log.
    #[error("the case `{case}` is not as the log tells it: {why}")]
    OtherCase {
        /// Which.
        case: CaseId,
        /// What differs.
        why: String,
    },
    /// The owners in the log are not the owners in the database.
    #[error("replaying the log gives other owners than the database has")]
    OtherOwners,
}

/// Follows a log from its first entry, and keeps what it says of ownership.
#[derive(Debug, Clone)]
pub struct Replay {
    account: AccountId,
    head: Head,
    owners: BTreeSet<UserId>,
}

impl Replay {
    /// Before the first entry of that account.
    #[must_use]
    pub const fn new(account: AccountId) -> Self {
        Self { account, head: Head::START, owners: BTreeSet::new() }
    }

    /// Checks the next entry and takes it in.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn next(&mut self, body: &str, hash: Hash) -> Result<Entry, Broken> {
        let seq = self.head.seq + 1;
        if Hash::of(body) != hash {
            return Err(Broken::Changed { seq });
        }
        let entry: Entry =
            serde_json::from_str(body).map_err(|error| Broken::Unreadable { seq, problem: error.to_string() })?;
        if entry.account != self.account || entry.seq != seq || entry.prev != self.head.hash {
            return Err(Broken::OutOfPlace { seq });
        }
        if let Some(change) = &entry.owners {
            let possible = change.removed.is_subset(&self.owners) && change.added.is_disjoint(&self.owners);
            if !possible {
                return Err(Broken::ImpossibleOwners { seq });
            }
            self.owners.retain(|owner| !change.removed.contains(owner));
            self.owners.extend(&change.added);
        }
        self.head = Head { seq, hash };
        Ok(entry)
    }

    /// Checks that the log ends where the account says, with the owners that the database has.
    ///
    /// # Errors
    /// What does not fit.
    pub fn finish(&self, head: Head, owners: &BTreeSet<UserId>) -> Result<(), Broken> {
        if self.head.seq != head.seq {
            return Err(Broken::Cut { found: self.head.seq, wanted: head.seq });
        }
        if self.head.hash != head.hash {
            return Err(Broken::Changed { seq: head.seq });
        }
        if self.owners == *owners { Ok(()) } else { Err(Broken::OtherOwners) }
    }

    /// Where the replay has come to.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// The owners so far.
    #[must_use]
    pub const fn owners(&self) -> &BTreeSet<UserId> {
        &self.owners
    }
}

/// Checks a personal value against its commitment.
///
/// # Errors
/// It is not the one that was recorded.
pub fn check_personal(entry: &Entry, name: &str, salt: &Salt, value: &str) -> Result<(), Broken> {
    check_commitment(entry, name, commitment(salt, value))
}

/// The same, with the commitment to what is there.
///
/// # Errors
/// It is not the one that was recorded.
pub fn check_commitment(entry: &Entry, name: &str, found: Hash) -> Result<(), Broken> {
    if entry.personal.get(name) == Some(&found) {
        Ok(())
    } else {
        Err(Broken::PersonalChanged { seq: entry.seq, name: name.to_owned() })
    }
}
