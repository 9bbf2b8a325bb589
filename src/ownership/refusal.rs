//! Why ownership management says no: a reason with its values, one sentence each, shown to people as it is.

use crate::{id::CaseId, refusal::Severity};

/// Why ownership management says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The actor may not manage members.
    #[error("only owners and members whose role may manage members do this; ask one of them")]
    MayNotManageMembers,
    /// Only owners.
    #[error("only an owner of this account does this; ask one of them")]
    OwnersOnly,
    /// Only the person themselves.
    #[error("only the member themselves can do this; to take away their access, remove them")]
    OnlyThemselves,
    /// Ownership protects the member.
    #[error(
        "this member is protected because they own the account; revoke their ownership, make the change, then grant it back"
    )]
    OwnerProtected,
    /// The last owner stays.
    #[error("this is the last owner who can act, and an account needs one; grant ownership to another member first")]
    LastOwner,
    /// The policy allows one owner.
    #[error("this account has exactly one owner, so ownership cannot be granted; transfer it instead")]
    OneOwnerOnly,
    /// The member is not active or not confirmed.
    #[error(
        "only an active member who has confirmed their address can become owner; they must accept their invitation first"
    )]
    NotActiveMember,
    /// A recovery case is open.
    #[error("owners cannot change while the recovery case `{case}` is open; an owner can veto it first")]
    CaseOpen {
        /// The case.
        case: CaseId,
    },
    /// The member has not accepted yet.
    #[error("this member has not accepted their invitation; remove them to take it back")]
    NotAccepted,
    /// The address belongs to a member.
    #[error("there is a member with this address already")]
    AlreadyMember,
    /// A majority wants to make the member owner.
    #[error(
        "more than half of the administrators approve this member as owner in `{case}`; take ballots back, or have an owner veto the case"
    )]
    NomineeProtected {
        /// The case.
        case: CaseId,
    },
    /// The actor's access is suspended.
    #[error("your access to this account is suspended; ask one of its owners or administrators")]
    Suspended,
    /// The account is not active.
    #[error("this account is not active yet: its first owner must confirm their address")]
    AccountPending,
}

impl Refusal {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MayNotManageMembers => "may_not_manage_members",
            Self::OwnersOnly => "owners_only",
            Self::OnlyThemselves => "only_themselves",
            Self::OwnerProtected => "owner_protected",
            Self::LastOwner => "last_owner",
            Self::OneOwnerOnly => "transfer_instead",
            Self::NotActiveMember => "not_active_member",
            Self::CaseOpen { .. } => "case_open",
            Self::NotAccepted => "not_accepted",
            Self::AlreadyMember => "already_member",
            Self::NomineeProtected { .. } => "nominee_protected",
            Self::Suspended => "suspended",
            Self::AccountPending => "account_pending",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::MayNotManageMembers | Self::OwnersOnly | Self::OnlyThemselves | Self::Suspended => {
                Severity::Forbidden
            }
            Self::OwnerProtected
            | Self::LastOwner
            | Self::CaseOpen { .. }
            | Self::NomineeProtected { .. }
            | Self::NotAccepted
            | Self::AlreadyMember
            | Self::AccountPending => Severity::Conflict,
            Self::OneOwnerOnly | Self::NotActiveMember => Severity::Unprocessable,
        }
    }
}
