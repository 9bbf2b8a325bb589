//! Why ownership management says no: a reason with its values, one sentence each, shown to people as it is.

use super::protection::Kept;
use crate::{
    id::{CaseId, TransferId},
    moment::Moment,
    recovery::policy::OutOfBounds,
    refusal::Severity,
};

/// Why ownership management says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The actor may not manage members.
    #[error("only owners and members whose role may manage members do this; ask one of them")]
    MayNotManageMembers,
    /// The actor may not delete members.
    #[error("here only owners, or members whose role may delete members, do this; everybody can leave by themselves")]
    MayNotDeleteMembers,
    /// The role can do more than the actor.
    #[error("the role `{role}` can do more than yours, so you cannot give it; ask an owner")]
    RoleAboveYours {
        /// Its title.
        role: String,
    },
    /// The actor invites from the parent account.
    #[error(
        "from a parent account people are invited only into roles that neither administer nor manage this one; ask an owner of this account"
    )]
    OnboardsPlainRoles,
    /// Neither ownership nor their role gives the actor a permission.
    #[error("this takes the permission `{permission}`, which you do not have in this account; ask one of its owners")]
    LacksPermission {
        /// Its name.
        permission: &'static str,
    },
    /// Nothing can stand below the account.
    #[error("no accounts can stand below this one; create it below another, or on top")]
    NoChildren,
    /// Only owners.
    #[error("only an owner of this account does this; ask one of them")]
    OwnersOnly,
    /// Only the person themselves.
    #[error("only the member themselves can do this; to take away their access, remove them")]
    OnlyThemselves,
    /// People ask about themselves.
    #[error(
        "you can ask only what you yourself may do; to ask about others, use a token with the scope `access.evaluate`"
    )]
    AboutYourselfOnly,
    /// Ownership protects the member.
    #[error(
        "this member is protected because they own the account: {}; revoke their ownership, make the change, then grant it back",
        kept_words(*kept)
    )]
    OwnerProtected {
        /// What they keep.
        kept: Kept,
    },
    /// The role gives no access.
    #[error("an owner needs a role with access to the account; give them one first")]
    OwnerNeedsAccess,
    /// The primary owner alone passes that on.
    #[error("only the primary owner makes another owner the primary one; ask them")]
    PrimaryOwnerOnly,
    /// The member is no owner who can act.
    #[error("this member is not an owner who can act; grant them ownership first")]
    NotAnOwner,
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
    /// The account is suspended.
    #[error("this account is suspended by one of its owners; an owner can resume it")]
    AccountSuspended,
    /// The account is being closed.
    #[error("this account is being closed, for good from {until}; until then any of its owners can undo that")]
    AccountClosing {
        /// When.
        until: Moment,
    },
    /// The account is closed.
    #[error("this account is closed for good; its record can still be read")]
    AccountClosed,
    /// There is no closing to undo.
    #[error("this account is not being closed; to let it be used again, resume it")]
    NotClosing,
    /// Another transfer waits for an answer.
    #[error("ownership is already offered to a member, in `{transfer}`; take that offer back first")]
    TransferPending {
        /// That transfer.
        transfer: TransferId,
    },
    /// The transfer is for somebody else.
    #[error("this ownership was offered to another member; only they can accept or decline it")]
    TransferNotYours,
    /// The transfer has ended.
    #[error("this offer has ended: it is {state}; an owner can make another")]
    TransferEnded {
        /// Its state's word.
        state: &'static str,
    },
    /// The member is owner.
    #[error("this member owns the account already; to step down yourself, revoke your own ownership")]
    AlreadyOwner,
    /// Nothing waits.
    #[error("no change of the policy is waiting, so there is nothing to cancel")]
    NoPolicyChangePending,
    /// A field lies outside its bounds.
    #[error("{0}")]
    PolicyOutOfBounds(OutOfBounds),
    /// The account has more owners than the policy would allow.
    #[error("the account has {owners} owners; revoke ownership until one is left, then allow only one")]
    TooManyOwners {
        /// How many.
        owners: u32,
    },
    /// There are too few recovery users for that many keys.
    #[error(
        "{required} keys would be needed, and {confirmed} recovery users have confirmed their address; choose more of them first"
    )]
    TooFewRecoveryUsers {
        /// How many have confirmed their address.
        confirmed: u32,
        /// How many would be needed.
        required: u32,
    },
    /// The name for people is no name.
    #[error("a brand name has 1 to {most} characters, all of them visible")]
    BrandName {
        /// The longest, in characters.
        most: usize,
    },
    /// The colour is none.
    #[error("`{text}` is no colour; write it as `#` and six hexadecimal digits, such as `#1d4ed8`")]
    NotAColour {
        /// What was typed.
        text: String,
    },
    /// The logo cannot be used.
    #[error("{problem}")]
    Logo {
        /// What is wrong, and what to do.
        problem: &'static str,
    },
    /// The domain is none.
    #[error("`{text}` is no domain; write the part of your addresses behind the `@`, such as `example.org`")]
    NotADomain {
        /// What was typed.
        text: String,
    },
    /// Anybody can have an address in the domain.
    #[error("anybody can have an address in `{domain}`, so people cannot join by it; invite them one by one")]
    PublicDomain {
        /// The domain.
        domain: String,
    },
    /// Joining never makes administrators.
    #[error(
        "people join by domain only into a role with access that neither administers nor manages the account; choose such a role"
    )]
    JoinRole,
    /// No domain lets them join.
    #[error("nobody joins this account with such an address; ask somebody who manages its members for an invitation")]
    DomainNotOpen,
    /// People join by enough domains.
    #[error("people join an account by {most} domains at most; take one away first")]
    TooManyDomains {
        /// How many.
        most: usize,
    },
    /// The record that would prove the domain is not there.
    #[error(
        "the record at `{name}` was not found, or says something else; publish it as shown, and try again once it is there"
    )]
    RecordNotFound {
        /// Where it was looked for.
        name: String,
    },
    /// Nobody knows whether the record is there.
    #[error("the servers that know about `{name}` do not answer; try again later")]
    DnsSilent {
        /// What was looked for.
        name: String,
    },
    /// The child needs a reference.
    #[error("accounts below this one need a reference; give one")]
    ReferenceMissing,
    /// The reference is too long.
    #[error("a reference has at most {most} characters, all of them printable")]
    ReferenceLength {
        /// The longest, in characters.
        most: usize,
    },
}

impl Refusal {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MayNotManageMembers => "may_not_manage_members",
            Self::MayNotDeleteMembers => "may_not_delete_members",
            Self::RoleAboveYours { .. } => "role_above_yours",
            Self::OnboardsPlainRoles => "onboards_plain_roles",
            Self::LacksPermission { .. } => "lacks_permission",
            Self::NoChildren => "no_children",
            Self::OwnersOnly => "owners_only",
            Self::OnlyThemselves => "only_themselves",
            Self::AboutYourselfOnly => "about_yourself_only",
            Self::OwnerProtected { .. } => "owner_protected",
            Self::OwnerNeedsAccess => "owner_needs_access",
            Self::PrimaryOwnerOnly => "primary_owner_only",
            Self::NotAnOwner => "not_an_effective_owner",
            Self::LastOwner => "last_owner",
            Self::OneOwnerOnly => "transfer_instead",
            Self::NotActiveMember => "not_active_member",
            Self::CaseOpen { .. } => "case_open",
            Self::NotAccepted => "not_accepted",
            Self::AlreadyMember => "already_member",
            Self::NomineeProtected { .. } => "nominee_protected",
            Self::Suspended => "suspended",
            Self::AccountPending => "account_pending",
            Self::AccountSuspended => "account_suspended",
            Self::AccountClosing { .. } => "account_closing",
            Self::AccountClosed => "account_closed",
            Self::NotClosing => "not_closing",
            Self::TransferPending { .. } => "transfer_pending",
            Self::TransferNotYours => "transfer_not_yours",
            Self::TransferEnded { .. } => "transfer_ended",
            Self::AlreadyOwner => "already_owner",
            Self::NoPolicyChangePending => "no_policy_change_pending",
            Self::PolicyOutOfBounds(_) => "policy_out_of_bounds",
            Self::TooManyOwners { .. } => "too_many_owners",
            Self::TooFewRecoveryUsers { .. } => "too_few_recovery_users",
            Self::BrandName { .. } => "brand_name",
            Self::NotAColour { .. } => "not_a_colour",
            Self::Logo { .. } => "logo",
            Self::NotADomain { .. } => "not_a_domain",
            Self::PublicDomain { .. } => "public_domain",
            Self::JoinRole => "join_role",
            Self::DomainNotOpen => "domain_not_open",
            Self::TooManyDomains { .. } => "too_many_domains",
            Self::RecordNotFound { .. } => "record_not_found",
            Self::DnsSilent { .. } => "dns_silent",
            Self::ReferenceMissing => "reference_missing",
            Self::ReferenceLength { .. } => "reference_length",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::MayNotManageMembers
            | Self::MayNotDeleteMembers
            | Self::RoleAboveYours { .. }
            | Self::OnboardsPlainRoles
            | Self::OwnersOnly
            | Self::LacksPermission { .. }
            | Self::PrimaryOwnerOnly
            | Self::OnlyThemselves
            | Self::AboutYourselfOnly
            | Self::TransferNotYours
            | Self::DomainNotOpen
            | Self::Suspended => Severity::Forbidden,
            Self::OwnerProtected { .. }
            | Self::LastOwner
            | Self::CaseOpen { .. }
            | Self::NomineeProtected { .. }
            | Self::NotAccepted
            | Self::AlreadyMember
            | Self::AccountPending
            | Self::AccountSuspended
            | Self::AccountClosing { .. }
            | Self::AccountClosed
            | Self::NotClosing
            | Self::TransferPending { .. }
            | Self::TransferEnded { .. }
            | Self::AlreadyOwner
            | Self::NoPolicyChangePending
            | Self::TooManyOwners { .. }
            | Self::TooManyDomains { .. }
            | Self::RecordNotFound { .. }
            | Self::DnsSilent { .. }
            | Self::TooFewRecoveryUsers { .. } => Severity::Conflict,
            Self::OneOwnerOnly
            | Self::NotActiveMember
            | Self::NoChildren
            | Self::OwnerNeedsAccess
            | Self::NotAnOwner
            | Self::PolicyOutOfBounds(_)
            | Self::BrandName { .. }
            | Self::NotAColour { .. }
            | Self::Logo { .. }
            | Self::NotADomain { .. }
            | Self::PublicDomain { .. }
            | Self::JoinRole
            | Self::ReferenceMissing
            | Self::ReferenceLength { .. } => Severity::Unprocessable,
        }
    }
}

const fn kept_words(kept: Kept) -> &'static str {
    match kept {
        Kept::Access => "their access stays",
        Kept::Role => "they keep a role with access, which only owners change",
        Kept::Email => "their address stays",
        Kept::Credentials => "only they change their password, passkeys and devices",
        Kept::Place => "they stay a member",
    }
}
