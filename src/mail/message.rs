//! What a mail says, before it is written: the facts that its template needs.
//!
//! A message is kept as JSON in the outbox, possibly for days and in backups. So it never holds a usable secret: a code
//! or a link is named by its id here, and derived only when the mail is rendered for sending. Facts are copied, not
//! looked up again later: a mail tells what was true when its cause was committed.

#![expect(missing_docs, reason = "each field is what its name says; a sentence beside it would repeat it")]

use serde::{Deserialize, Serialize};

use super::facts::{
    AccountFacts, Actor, BallotAct, CaseEvent, CaseFacts, Invitee, LinkUse, NewOwnership, Person, ProofUse, Reader,
    RosterEvent, Standing, TransferEvent, TransferReader,
};
use crate::{
    id::{CodeId, LinkId},
    moment::Moment,
};

/// One mail to one recipient.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// The code that signs somebody in.
    SignInCode { code: CodeId, minutes: u32 },
    /// The code that proves again who is there, before a sensitive act.
    ProofCode { code: CodeId, minutes: u32, what: ProofUse },
    /// The code for somebody without script who opened an action link.
    LinkCode { code: CodeId, minutes: u32, what: LinkUse, account: AccountFacts },
    /// Asks a new member, or the first owner of a pending account, to accept; accepting confirms the address.
    Invitation { account: AccountFacts, inviter: Option<Person>, role: String, invitee: Invitee, link: LinkId },
    /// Asks one administrator for one ballot. Without a link, the policy wants people signed in.
    BallotRequest { case: CaseFacts, link: Option<LinkId> },
    /// The same again, when the window is about to close.
    BallotReminder { case: CaseFacts, link: Option<LinkId> },
    /// Says that a ballot was recorded in the reader's name. The link says "this was not me".
    BallotReceipt { case: CaseFacts, act: BallotAct, at: Moment, link: LinkId },
    /// A change to who counts for recovery by vote. The link contests it, where it can be contested.
    RosterChanged {
        account: AccountFacts,
        reader: Reader,
        event: RosterEvent,
        person: Person,
        by: Actor,
        at: Moment,
        standing: Standing,
        contest: Option<LinkId>,
    },
    /// Tells an owner what happened to a case that would replace or join them. The link pauses, where it can.
    OwnerAlert { case: CaseFacts, event: CaseEvent, at: Moment, pause: Option<LinkId> },
    /// Tells an administrator what became of a case.
    CaseOutcome { case: CaseFacts, event: CaseEvent, at: Moment },
    /// Tells every owner that an owner granted or revoked ownership, or that another of them is the primary one now.
    OwnersChanged {
        account: AccountFacts,
        added: Vec<Person>,
        removed: Vec<Person>,
        #[serde(default)]
        primary: Option<Person>,
        by: Actor,
        at: Moment,
    },
    /// Asks a member whether they want the ownership that an owner offers them. The link accepts or declines.
    TransferRequest { account: AccountFacts, from: Person, at: Moment, expires_at: Moment, link: LinkId },
    /// Tells every owner of a step of a transfer, and the member of those steps that they did not take themselves.
    TransferAlert {
        account: AccountFacts,
        reader: TransferReader,
        event: TransferEvent,
        from: Person,
        to: Person,
        at: Moment,
    },
    /// Tells somebody that they own the account now, and what to do first.
    NewOwnerWelcome { account: AccountFacts, how: NewOwnership, at: Moment },
    /// Tells a replaced owner that they own the account no longer, why, and whom to ask.
    ReplacedOwner { case: CaseFacts, at: Moment },
}

impl Message {
    /// The stable name of this kind of mail, as in the outbox, the API and the metrics.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SignInCode { .. } => "sign_in_code",
            Self::ProofCode { .. } => "proof_code",
            Self::LinkCode { .. } => "link_code",
            Self::Invitation { .. } => "invitation",
            Self::BallotRequest { .. } => "ballot_request",
            Self::BallotReminder { .. } => "ballot_reminder",
            Self::BallotReceipt { .. } => "ballot_receipt",
            Self::RosterChanged { .. } => "roster_changed",
            Self::OwnerAlert { .. } => "owner_alert",
            Self::CaseOutcome { .. } => "case_outcome",
            Self::OwnersChanged { .. } => "owners_changed",
            Self::TransferRequest { .. } => "transfer_request",
            Self::TransferAlert { .. } => "transfer_alert",
            Self::NewOwnerWelcome { .. } => "new_owner_welcome",
            Self::ReplacedOwner { .. } => "replaced_owner",
        }
    }

    /// The action link that this mail carries: one at most.
    #[must_use]
    pub const fn link(&self) -> Option<LinkId> {
        match self {
            Self::Invitation { link, .. } | Self::BallotReceipt { link, .. } | Self::TransferRequest { link, .. } => {
                Some(*link)
            }
            Self::BallotRequest { link, .. } | Self::BallotReminder { link, .. } => *link,
            Self::RosterChanged { contest, .. } => *contest,
            Self::OwnerAlert { pause, .. } => *pause,
            Self::SignInCode { .. }
            | Self::ProofCode { .. }
            | Self::LinkCode { .. }
            | Self::CaseOutcome { .. }
            | Self::OwnersChanged { .. }
            | Self::TransferAlert { .. }
            | Self::NewOwnerWelcome { .. }
            | Self::ReplacedOwner { .. } => None,
        }
    }

    /// The typed code that this mail carries: one at most.
    #[must_use]
    pub const fn code(&self) -> Option<CodeId> {
        match self {
            Self::SignInCode { code, .. } | Self::ProofCode { code, .. } | Self::LinkCode { code, .. } => Some(*code),
            Self::Invitation { .. }
            | Self::BallotRequest { .. }
            | Self::BallotReminder { .. }
            | Self::BallotReceipt { .. }
            | Self::RosterChanged { .. }
            | Self::OwnerAlert { .. }
            | Self::CaseOutcome { .. }
            | Self::OwnersChanged { .. }
            | Self::TransferRequest { .. }
            | Self::TransferAlert { .. }
            | Self::NewOwnerWelcome { .. }
            | Self::ReplacedOwner { .. } => None,
        }
    }
}
