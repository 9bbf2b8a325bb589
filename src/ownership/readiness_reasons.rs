//! Why an account is not as well prepared as it could be, each reason with its weight and what to do.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::id::{RecoveryUserId, UserId};

/// Why an account is not as well prepared as it could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No owner can act.
    NoEffectiveOwner,
    /// Fewer owners who can act than advised.
    FewOwners(Shortage),
    /// Fewer administrators than advised.
    FewAdministrators(Shortage),
    /// Some administrators do not count yet.
    NoStandingYet {
        /// Who.
        people: BTreeSet<UserId>,
    },
    /// No route leads to a new owner.
    NobodyCouldRecover,
    /// The vote cannot reach its quorum.
    VoteUnreachable(Shortage),
    /// It could not if one or two more left.
    VoteFragile {
        /// How many.
        leave: u32,
    },
    /// Paper keys are allowed, and nobody is there to hold one.
    NoRecoveryUsers,
    /// Fewer recovery users with keys than keys that are needed.
    FewKeyHolders(Shortage),
    /// Keys that nobody has tried out, or not for long.
    KeysUndrilled {
        /// Whose.
        users: BTreeSet<RecoveryUserId>,
    },
    /// Keys that are old.
    KeysOld {
        /// Whose.
        users: BTreeSet<RecoveryUserId>,
    },
    /// Recovery users who have not confirmed their address.
    RecoveryAddressUnconfirmed {
        /// Who.
        users: BTreeSet<RecoveryUserId>,
    },
    /// Recovery users whom mail does not reach.
    RecoveryAddressBounces {
        /// Who.
        users: BTreeSet<RecoveryUserId>,
    },
    /// Owners or administrators who have not confirmed their address.
    AddressUnconfirmed {
        /// Who.
        people: BTreeSet<UserId>,
    },
    /// Owners or administrators whom mail does not reach.
    AddressBounces {
        /// Who.
        people: BTreeSet<UserId>,
    },
    /// Owners, or administrators who vote signed in, who have nothing but codes by mail to show who they are.
    NoCredential {
        /// Who.
        people: BTreeSet<UserId>,
    },
    /// The only owner who can act has one credential, and nothing in its place when it is lost.
    NoBackup {
        /// Who.
        people: BTreeSet<UserId>,
    },
    /// Administrators who have no passkey, where ballots are signed with one.
    NoPasskey {
        /// Who.
        people: BTreeSet<UserId>,
    },
}

/// Where in an account somebody mends what is wanting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// By a recovery case.
    Cases,
    /// Among the owners.
    Owners,
    /// Among the members, administrators above all.
    Members,
    /// On the roster.
    Roster,
    /// Among the recovery users and their keys.
    RecoveryUsers,
}

/// How many there are, and how many there should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// There are.
    pub have: u32,
    /// There should be.
    pub want: u32,
}

impl Reason {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoEffectiveOwner => "no_effective_owner",
            Self::FewOwners(_) => "few_owners",
            Self::FewAdministrators(_) => "few_administrators",
            Self::NoStandingYet { .. } => "no_standing_yet",
            Self::NobodyCouldRecover => "nobody_could_recover",
            Self::VoteUnreachable(_) => "vote_unreachable",
            Self::VoteFragile { .. } => "vote_fragile",
            Self::NoRecoveryUsers => "no_recovery_users",
            Self::FewKeyHolders(_) => "few_key_holders",
            Self::KeysUndrilled { .. } => "keys_undrilled",
            Self::KeysOld { .. } => "keys_old",
            Self::RecoveryAddressUnconfirmed { .. } => "recovery_address_unconfirmed",
            Self::RecoveryAddressBounces { .. } => "recovery_address_bounces",
            Self::AddressUnconfirmed { .. } => "address_unconfirmed",
            Self::AddressBounces { .. } => "address_bounces",
            Self::NoCredential { .. } => "no_credential",
            Self::NoBackup { .. } => "no_backup",
            Self::NoPasskey { .. } => "no_passkey",
        }
    }

    /// How much it takes from the score. What makes recovery impossible weighs most, what only might one day least.
    #[must_use]
    pub const fn weight(&self) -> u32 {
        match self {
            Self::NobodyCouldRecover => 40,
            Self::NoEffectiveOwner => 30,
            Self::VoteUnreachable(_) | Self::NoRecoveryUsers | Self::FewKeyHolders(_) => 15,
            Self::FewOwners(_) | Self::AddressBounces { .. } | Self::RecoveryAddressBounces { .. } => 10,
            Self::VoteFragile { leave } if *leave == 1 => 10,
            Self::FewAdministrators(_)
            | Self::VoteFragile { .. }
            | Self::KeysUndrilled { .. }
            | Self::AddressUnconfirmed { .. }
            | Self::NoCredential { .. }
            | Self::NoPasskey { .. }
            | Self::RecoveryAddressUnconfirmed { .. } => 5,
            Self::KeysOld { .. } | Self::NoStandingYet { .. } | Self::NoBackup { .. } => 2,
        }
    }

    /// What is wanting, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NoEffectiveOwner => "no owner of this account can act".to_owned(),
            Self::FewOwners(Shortage { have: 1, .. }) => "only one owner can act".to_owned(),
            Self::FewOwners(Shortage { have, want }) => format!("{have} owners can act, and {want} are advised"),
            Self::FewAdministrators(Shortage { have, want }) => {
                format!("there are fewer administrators than advised: {have} of {want}")
            }
            Self::NoStandingYet { people } => {
                format!("administrators who do not count in a vote yet: {}", people.len())
            }
            Self::NobodyCouldRecover => "if no owner could act, nobody could give this account a new one".to_owned(),
            Self::VoteUnreachable(Shortage { have, want }) => {
                format!("a vote could not succeed: it would need {want} approvals, and {have} could count")
            }
            Self::VoteFragile { leave: 1 } => "a vote could not succeed any more if one administrator left".to_owned(),
            Self::VoteFragile { leave } => {
                format!("a vote could not succeed any more if {leave} administrators left")
            }
            Self::NoRecoveryUsers => "nobody holds a paper key".to_owned(),
            Self::FewKeyHolders(Shortage { have, want }) => {
                format!("recovery by paper key takes {want} recovery users with a key, and there are {have}")
            }
            Self::KeysUndrilled { users } => {
                format!("recovery users with a key that was not tried out for half a year: {}", users.len())
            }
            Self::KeysOld { users } => format!("recovery users with a key older than two years: {}", users.len()),
            Self::RecoveryAddressUnconfirmed { users } => {
                format!("recovery users who have not confirmed their address: {}", users.len())
            }
            Self::RecoveryAddressBounces { users } => {
                format!("recovery users whom mail does not reach: {}", users.len())
            }
            Self::AddressUnconfirmed { people } => {
                format!("owners and administrators who have not confirmed their address: {}", people.len())
            }
            Self::AddressBounces { people } => {
                format!("owners and administrators whom mail does not reach: {}", people.len())
            }
            Self::NoCredential { people } => {
                format!(
                    "owners and administrators without a password or passkey, which vetoing and voting take: {}",
                    people.len()
                )
            }
            Self::NoBackup { .. } => {
                "the only owner who can act has one password or passkey, and no backup of it".to_owned()
            }
            Self::NoPasskey { people } => {
                format!("administrators without a passkey, with which ballots are signed here: {}", people.len())
            }
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NoEffectiveOwner => "let the administrators open a recovery case, or redeem a paper key",
            Self::FewOwners(_) => "grant ownership to another member",
            Self::FewAdministrators(_) => "invite another administrator",
            Self::NoStandingYet { .. } => "confirm those whom no owner added; the others count when time has passed",
            Self::NobodyCouldRecover => "invite administrators, or choose recovery users and give them paper keys",
            Self::VoteUnreachable(_) | Self::VoteFragile { .. } => "invite another administrator, and confirm them",
            Self::NoRecoveryUsers => "choose a recovery user, and give them a paper key",
            Self::FewKeyHolders(_) => "give another recovery user a paper key, once they have confirmed their address",
            Self::KeysUndrilled { .. } => "ask them to drill their key; it spends nothing",
            Self::KeysOld { .. } => "issue them a new key, and revoke the old one",
            Self::RecoveryAddressUnconfirmed { .. } => "ask them to confirm it, or choose somebody else",
            Self::RecoveryAddressBounces { .. } => "ask them for an address that works",
            Self::AddressUnconfirmed { .. } => "ask them to accept their invitation, or remove them",
            Self::AddressBounces { .. } => "ask them to mend their mailbox, or to change their address",
            Self::NoCredential { .. } => {
                "ask them to sign in and set one now; one set by mail counts only after a while"
            }
            Self::NoBackup { .. } => {
                "have them add a passkey on another device, which then stands in, or grant ownership to another member"
            }
            Self::NoPasskey { .. } => "ask them to add one now, having shown their password",
        }
    }

    /// Where to do that.
    #[must_use]
    pub const fn mend(&self) -> Mend {
        match self {
            Self::NoEffectiveOwner => Mend::Cases,
            Self::FewOwners(_) => Mend::Owners,
            Self::FewAdministrators(_)
            | Self::NobodyCouldRecover
            | Self::VoteUnreachable(_)
            | Self::VoteFragile { .. }
            | Self::AddressUnconfirmed { .. }
            | Self::AddressBounces { .. }
            | Self::NoCredential { .. }
            | Self::NoBackup { .. }
            | Self::NoPasskey { .. } => Mend::Members,
            Self::NoStandingYet { .. } => Mend::Roster,
            Self::NoRecoveryUsers
            | Self::FewKeyHolders(_)
            | Self::KeysUndrilled { .. }
            | Self::KeysOld { .. }
            | Self::RecoveryAddressUnconfirmed { .. }
            | Self::RecoveryAddressBounces { .. } => Mend::RecoveryUsers,
        }
    }

    /// The members whom it is about, if it is about some in particular.
    #[must_use]
    pub const fn people(&self) -> Option<&BTreeSet<UserId>> {
        match self {
            Self::NoStandingYet { people }
            | Self::AddressUnconfirmed { people }
            | Self::AddressBounces { people }
            | Self::NoCredential { people }
            | Self::NoBackup { people }
            | Self::NoPasskey { people } => Some(people),
            Self::NoEffectiveOwner
            | Self::FewOwners(_)
            | Self::FewAdministrators(_)
            | Self::NobodyCouldRecover
            | Self::VoteUnreachable(_)
            | Self::VoteFragile { .. }
            | Self::NoRecoveryUsers
            | Self::FewKeyHolders(_)
            | Self::KeysUndrilled { .. }
            | Self::KeysOld { .. }
            | Self::RecoveryAddressUnconfirmed { .. }
            | Self::RecoveryAddressBounces { .. } => None,
        }
    }

    /// The recovery users whom it is about, if it is about some in particular.
    #[must_use]
    pub const fn recovery_users(&self) -> Option<&BTreeSet<RecoveryUserId>> {
        match self {
            Self::KeysUndrilled { users }
            | Self::KeysOld { users }
            | Self::RecoveryAddressUnconfirmed { users }
            | Self::RecoveryAddressBounces { users } => Some(users),
            Self::NoEffectiveOwner
            | Self::FewOwners(_)
            | Self::FewAdministrators(_)
            | Self::NoStandingYet { .. }
            | Self::NobodyCouldRecover
            | Self::VoteUnreachable(_)
            | Self::VoteFragile { .. }
            | Self::NoRecoveryUsers
            | Self::FewKeyHolders(_)
            | Self::AddressUnconfirmed { .. }
            | Self::AddressBounces { .. }
            | Self::NoCredential { .. }
            | Self::NoBackup { .. }
            | Self::NoPasskey { .. } => None,
        }
    }

    /// Whether there is anybody whom it is about, or it is about nobody in particular.
    #[must_use]
    pub fn concerns_somebody(&self) -> bool {
        self.people().is_none_or(|people| !people.is_empty())
            && self.recovery_users().is_none_or(|users| !users.is_empty())
    }
}
