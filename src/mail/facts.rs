//! The words that messages are made of: people, accounts, cases, and what happened to them.
//!
//! Plain data, as the outbox keeps it. Names and statements are exactly what somebody typed: nothing here makes them
//! safe to print, `render` does.

#![expect(missing_docs, reason = "each field is what its name says; a sentence beside it would repeat it")]

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AccountId, CaseId},
    moment::Moment,
    ownership::policy_change::Because,
};

/// The account that a mail is about.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    pub id: AccountId,
    pub name: String,
}

/// A person as a mail names them: always with the address, because names can be chosen to confuse.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub address: String,
}

/// Who did it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Somebody else than the person concerned.
    Person(Person),
    /// The person concerned.
    Themselves,
    /// The vendor's product, with a platform token of that name.
    Platform { token: String },
    /// The operator of the service.
    Operator,
}

/// A recovery case as it was when the mail's cause was committed.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct CaseFacts {
    pub id: CaseId,
    pub account: AccountFacts,
    pub kind: CaseKind,
    pub opener: Person,
    pub nominee: Person,
    /// All owners in the terms, effective or not.
    pub owners: Vec<Person>,
    pub statement: String,
    /// How many may vote.
    pub electorate: u32,
    /// How many approvals it takes.
    pub required: u32,
    /// How many approvals count now.
    pub approvals: u32,
    pub opened_at: Moment,
    /// When the voting window ends.
    pub closes_at: Moment,
    /// When ownership would move; only while waiting or paused.
    pub due_at: Option<Moment>,
    /// How long owners can object once enough administrators agree.
    pub waiting_period: SignedDuration,
    /// The paper keys, where they decide, with or without administrators; `opener` is a recovery user then, and has no
    /// address here. Messages of versions that had no such cases lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<KeyFacts>,
}

/// How the paper keys of a case stand.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// How many recovery users have redeemed one.
    pub redeemed: u32,
    /// How many must.
    pub required: u32,
}

/// What a case would change.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    Replace,
    Add,
}

/// Who of those with a part in a case of keys is told of it, besides owners and administrators.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum KeyReader {
    /// Who redeemed a key for it.
    Holder,
    /// Whom it would make owner.
    Nominee,
}

/// What happened to a case.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CaseEvent {
    Opened,
    /// One more recovery user has redeemed a paper key.
    KeyRedeemed {
        by: Person,
    },
    /// Enough people agree; the waiting period runs.
    Quorum {
        due_at: Moment,
    },
    Paused {
        by: Person,
        due_at: Moment,
        pauses_left: u32,
    },
    /// A pause has ended by itself.
    Resumed {
        due_at: Moment,
    },
    /// The waiting period goes on, and the owners can still object.
    Reminder {
        due_at: Moment,
    },
    /// The count fell short while waiting; the window is still open.
    BackToCollecting,
    /// An owner was not told in time, so they get another waiting period.
    Extended {
        due_at: Moment,
    },
    Completed,
    Vetoed {
        by: Person,
    },
    Expired,
    Rejected {
        reason: Rejection,
    },
    Withdrawn,
}

/// Why a case was rejected.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The ballots not yet cast can no longer reach the required number.
    OutOfReach,
    /// The count fell short while waiting, after the voting window had ended.
    CountFellShort,
    /// The nominee is no longer a confirmed, active member.
    NomineeChanged,
    /// The owners are no longer those in the terms.
    OwnersChanged,
    /// Another case of the account completed first.
    OtherCaseCompleted,
    /// The nominee, whom paper keys named, does not want to.
    NomineeDeclined,
}

/// What a recorded ballot says.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum BallotAct {
    Approved,
    Rejected,
    Withdrawn,
}

/// What an invited person becomes by accepting.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Invitee {
    /// The first user of a pending account: accepting makes it active and theirs.
    FirstOwner,
    Administrator,
    Member,
}

/// How somebody became an owner.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum NewOwnership {
    /// By the completion of a recovery case.
    Recovered(Box<CaseFacts>),
    /// An owner granted it.
    Granted { by: Person },
    /// An owner offered theirs, and the reader accepted.
    Transferred { by: Person },
    /// They were the first user of the account and confirmed their address.
    First,
}

/// Something that an account wants to be well prepared.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Wanting {
    /// What it is.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// How the reader of a roster alert stands to the change.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// It is about them.
    Concerned,
    Owner,
    Administrator,
}

/// What happened to the set of administrators.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RosterEvent {
    /// Became an administrator: invited, or given such a role.
    Added,
    /// Keeps access, in a role without `administrator`.
    RoleTaken,
    Suspended,
    /// Was deleted from the account.
    Removed,
    /// Left by themselves.
    Left,
    /// A roster member, or the person removed, contested a removal.
    RemovalContested,
    /// An owner, or more than half of the roster, confirmed a contested removal.
    RemovalConfirmed,
    /// An owner, or more than half of the roster, confirmed an addition.
    AdditionConfirmed,
    /// Is an administrator again, before their standing had ended.
    Restored,
}

/// What the change means for recovery votes.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Counts already, and goes on counting.
    Now,
    /// Counts from then on.
    From { from: Moment },
    /// Administers, but does not count: needs an owner or more than half of the roster first, then that much time.
    NeedsConfirmation { seasoning: SignedDuration },
    /// Counts until then, and further if somebody contests it before.
    Until { until: Moment },
    /// Goes on counting until an owner or more than half of the roster confirms the removal.
    UntilConfirmed,
    /// Counts no longer.
    Ended,
    /// Never counted, so nothing changes.
    Never,
}

/// What became of an account, as its owners and administrators are told.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum StatusNews {
    Suspended,
    Resumed,
    /// It is closed for good then, unless an owner undoes it.
    Closing {
        until: Moment,
    },
    /// The closing was undone.
    Kept,
    Closed,
}

/// What became of an offer of ownership.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TransferEvent {
    /// It waits for the member's answer, until then.
    Offered {
        expires_at: Moment,
    },
    /// The member owns the account now, in place of whoever offered.
    Accepted,
    Declined,
    /// An owner took it back.
    TakenBack {
        by: Person,
    },
    /// Whoever offered is no owner any more.
    OffererNoOwner,
    /// The member is not there any more, or owns the account already.
    MemberUnfit,
    /// A recovery gave the account a new owner first.
    Recovered,
    Expired,
}

/// How the reader of an alert stands to an offer of ownership.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TransferReader {
    /// Owns the account, or did.
    Owner,
    /// To whom it was offered.
    Member,
}

/// What happened to the policy.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum PolicyEvent {
    /// An owner changed it, and it is in force.
    Changed,
    /// An owner wants to change it.
    Proposed { effective_at: Moment, waits_for: Vec<PolicyWait> },
    /// What an owner wanted is not to be.
    Cancelled,
    /// What an owner wanted is in force now.
    TookEffect { proposed_at: Moment },
}

/// What a change of the policy waits for.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum PolicyWait {
    /// The old waiting period, because it makes it easier to take over the account.
    Loosens,
    /// The seasoning time, because it closes a way of recovery that is open now.
    ClosesRoute,
    /// The end of a recovery case.
    CaseOpen,
}

impl From<Because> for PolicyWait {
    fn from(because: Because) -> Self {
        match because {
            Because::Loosens => Self::Loosens,
            Because::ClosesRoute => Self::ClosesRoute,
            Because::CaseOpen(_) => Self::CaseOpen,
        }
    }
}

/// What happened to a domain by which people join.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum DomainEvent {
    /// An owner added it; nobody joins by it before it is proven.
    Added { role: String },
    /// An owner chose another role for those who join.
    RoleChanged { role: String },
    /// Its record was found: people can join.
    Proven { role: String },
    /// Its record was not found for too long: nobody joins any more.
    Lapsed,
    /// An owner took it away.
    Removed,
}

/// What an action link stands for.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LinkUse {
    Ballot,
    Pause,
    Contest,
    AcceptInvitation,
    /// "This was not me", from a receipt.
    DisownBallot,
    /// Accept or decline ownership that is offered.
    AnswerTransfer,
    /// Say whether one would become owner.
    AnswerNomination,
    /// Have a device make the first passkey of a new owner.
    EnrolOwner,
    /// Confirm a recovery address.
    ConfirmRecoveryAddress,
}

/// What a fresh proof is asked for.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ProofUse {
    /// Any act that needs it, in the next minutes.
    AnySensitiveAct,
    Veto,
    GrantOwnership,
    RevokeOwnership,
}
