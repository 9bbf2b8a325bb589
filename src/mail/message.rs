//! What a mail says, before it is written: the facts that its template needs.
//!
//! A message is kept as JSON in the outbox, possibly for days and in backups. So it never holds a usable secret: a code
//! or a link is named by its id here, and derived only when the mail is rendered for sending. Facts are copied, not
//! looked up again later: a mail tells what was true when its cause was committed.

#![expect(missing_docs, reason = "each field is what its name says; a sentence beside it would repeat it")]

use serde::{Deserialize, Serialize};

use super::facts::{
    AccountFacts, Actor, BallotAct, CaseEvent, CaseFacts, DomainEvent, Invitee, KeyReader, LinkUse, NewOwnership,
    Person, PolicyEvent, ProofUse, Reader, RosterEvent, Standing, StatusNews, TransferEvent, TransferReader, Wanting,
};
use super::paper_key_news::PaperKeyNews;
use super::recovery_user_news::RecoveryUserNews;
use super::sign_in_facts::{PasskeyNews, PasswordNews, SignInWay, SignOnNews};
use super::webhook_news::WebhookNews;
use crate::{
    id::{CaseId, CodeId, LinkId},
    moment::Moment,
    recovery::policy::{Policy, Switch},
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
    /// Carries the code by which whoever tried a paper key shows that they read the mailbox of its holder.
    DrillCode { code: CodeId, minutes: u32, account: AccountFacts, number: String },
    /// Carries the code by which whoever would redeem a paper key shows that they read the mailbox of its holder.
    KeyCode { code: CodeId, minutes: u32, account: AccountFacts, number: String },
    /// Asks whom paper keys name whether they would become owner. The link accepts or declines.
    Nomination { case: CaseFacts, link: LinkId },
    /// Asks a new member, or the first owner of a pending account, to accept; accepting confirms the address.
    Invitation { account: AccountFacts, inviter: Option<Person>, role: String, invitee: Invitee, link: LinkId },
    /// Asks one administrator for one ballot. Without a link, the policy wants people signed in, or this one alone,
    /// because they changed their address shortly before. `answer` names the link in whose place they may answer the mail.
    BallotRequest {
        case: CaseFacts,
        link: Option<LinkId>,
        #[serde(default)]
        answer: Option<LinkId>,
        #[serde(default)]
        address_changed: Option<Moment>,
    },
    /// The same again, when the window is about to close.
    BallotReminder {
        case: CaseFacts,
        link: Option<LinkId>,
        #[serde(default)]
        answer: Option<LinkId>,
        #[serde(default)]
        address_changed: Option<Moment>,
    },
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
    /// Tells somebody who redeemed a paper key for a case, or whom it names, what became of it. The link declines, as long as whoever is
    /// named can.
    KeyCaseNews { case: CaseFacts, event: CaseEvent, reader: KeyReader, at: Moment, link: Option<LinkId> },
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
    /// Tells every owner and administrator that the account was suspended, resumed or closed. Where nobody did it, time
    /// did, or a recovery.
    AccountStatus { account: AccountFacts, news: StatusNews, by: Option<Actor>, at: Moment },
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
    /// Tells somebody that they own the account now, and what to do first. The link has their device make a passkey.
    NewOwnerWelcome {
        account: AccountFacts,
        how: NewOwnership,
        at: Moment,
        #[serde(default)]
        enrol: Option<LinkId>,
    },
    /// The code that shows an address to be its reader's, who wants to have it. Nobody knows yet who reads it.
    EmailCode { code: CodeId, minutes: u32 },
    /// Tells the person of an address that somebody else wanted to have it.
    EmailTaken { at: Moment },
    /// Tells somebody at their old address that it is theirs no longer.
    EmailChanged { address: String, at: Moment },
    /// Tells them the same at the new one.
    EmailConfirmed { address: String, at: Moment },
    /// Tells an owner that an administrator has another address. In cases opened before `until` they vote signed in.
    AdministratorEmailChanged { account: AccountFacts, person: Person, before: String, at: Moment, until: Moment },
    /// Tells somebody that their password was set or removed.
    PasswordChanged { news: PasswordNews, at: Moment },
    /// Tells an owner the same about an administrator or another owner.
    MemberPasswordChanged { account: AccountFacts, person: Person, news: PasswordNews, at: Moment },
    /// Tells somebody what became of a passkey of theirs.
    PasskeyChanged { name: String, news: PasskeyNews, at: Moment },
    /// Tells an owner the same about an administrator or another owner.
    MemberPasskeyChanged { account: AccountFacts, person: Person, news: PasskeyNews, at: Moment },
    /// Tells somebody that they signed in where they had not been before.
    SignedIn { way: SignInWay, at: Moment },
    /// Tells somebody why a mail by which they wanted to vote does not count, and where they can.
    MailRefused { account: Option<AccountFacts>, case: Option<CaseId>, why: String, at: Moment },
    /// Tells a replaced owner that they own the account no longer, why, and whom to ask.
    ReplacedOwner { case: CaseFacts, at: Moment },
    /// Tells an owner, once a week at most, that the account is badly prepared for the loss of its people.
    ReadinessDigest { account: AccountFacts, score: u32, wanting: Vec<Wanting>, at: Moment },
    /// Tells every owner that an owner turned that mail off, or on again.
    DigestSwitched { account: AccountFacts, wanted: Switch, by: Person, at: Moment },
    /// Tells every owner that the policy changed, or is about to. Without `by`, a change of owners did it.
    PolicyChanged {
        account: AccountFacts,
        event: PolicyEvent,
        by: Option<Person>,
        at: Moment,
        old: Box<Policy>,
        new: Box<Policy>,
        replaces: bool,
    },
    /// Tells every owner what happened to a domain by which people join. Without `by`, time did it.
    DomainChanged { account: AccountFacts, domain: String, event: DomainEvent, by: Option<Person>, at: Moment },
    /// Tells every owner what became of the account's single sign-on; or somebody that they signed in by it for the first time.
    SignOn { account: AccountFacts, news: SignOnNews, by: Person, at: Moment },
    /// Asks somebody whom an owner chose as a recovery user to confirm that the address is theirs. The link is named by a code's id.
    RecoveryRequest { account: AccountFacts, by: Person, code: CodeId, expires_at: Moment },
    /// Tells every owner what became of a recovery user. Without `by`, the recovery user did it.
    RecoveryUserChanged {
        account: AccountFacts,
        name: String,
        addresses: Vec<String>,
        news: RecoveryUserNews,
        by: Option<Person>,
        at: Moment,
    },
    /// Tells every owner what became of a paper key. Without `by`, no owner did it.
    PaperKeyChanged { account: AccountFacts, news: PaperKeyNews, by: Option<Person>, at: Moment },
    /// Tells every owner what became of webhook endpoints, named by their hosts. Without `by`, no owner did it.
    WebhookChanged { account: AccountFacts, receivers: Vec<String>, news: WebhookNews, by: Option<Person>, at: Moment },
    /// Tells owners and administrators that somebody joined by the domain of their address.
    MemberJoined { account: AccountFacts, person: Person, domain: String, role: String, at: Moment },
}

impl Message {
    /// Whether it says how far the activity log is sealed: what is told of a change of owners may have to prove something one day.
    #[must_use]
    pub const fn bears_checkpoint(&self) -> bool {
        matches!(
            self,
            Self::OwnerAlert { .. }
                | Self::CaseOutcome { .. }
                | Self::NewOwnerWelcome { .. }
                | Self::ReplacedOwner { .. }
        )
    }

    /// The stable name of this kind of mail, as in the outbox, the API and the metrics.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SignInCode { .. } => "sign_in_code",
            Self::ProofCode { .. } => "proof_code",
            Self::LinkCode { .. } => "link_code",
            Self::DrillCode { .. } => "drill_code",
            Self::KeyCode { .. } => "key_code",
            Self::Nomination { .. } => "nomination",
            Self::Invitation { .. } => "invitation",
            Self::BallotRequest { .. } => "ballot_request",
            Self::BallotReminder { .. } => "ballot_reminder",
            Self::BallotReceipt { .. } => "ballot_receipt",
            Self::RosterChanged { .. } => "roster_changed",
            Self::OwnerAlert { .. } => "owner_alert",
            Self::CaseOutcome { .. } => "case_outcome",
            Self::KeyCaseNews { .. } => "key_case_news",
            Self::OwnersChanged { .. } => "owners_changed",
            Self::AccountStatus { .. } => "account_status",
            Self::TransferRequest { .. } => "transfer_request",
            Self::TransferAlert { .. } => "transfer_alert",
            Self::NewOwnerWelcome { .. } => "new_owner_welcome",
            Self::EmailCode { .. } => "email_code",
            Self::EmailTaken { .. } => "email_taken",
            Self::EmailChanged { .. } => "email_changed",
            Self::EmailConfirmed { .. } => "email_confirmed",
            Self::AdministratorEmailChanged { .. } => "administrator_email_changed",
            Self::PasswordChanged { .. } => "password_changed",
            Self::MemberPasswordChanged { .. } => "member_password_changed",
            Self::PasskeyChanged { .. } => "passkey_changed",
            Self::MemberPasskeyChanged { .. } => "member_passkey_changed",
            Self::SignedIn { .. } => "signed_in",
            Self::MailRefused { .. } => "mail_refused",
            Self::ReplacedOwner { .. } => "replaced_owner",
            Self::ReadinessDigest { .. } => "readiness_digest",
            Self::DigestSwitched { .. } => "digest_switched",
            Self::PolicyChanged { .. } => "policy_changed",
            Self::DomainChanged { .. } => "domain_changed",
            Self::SignOn { .. } => "sign_on",
            Self::RecoveryRequest { .. } => "recovery_request",
            Self::RecoveryUserChanged { .. } => "recovery_user_changed",
            Self::PaperKeyChanged { .. } => "paper_key_changed",
            Self::WebhookChanged { .. } => "webhook_changed",
            Self::MemberJoined { .. } => "member_joined",
        }
    }

    /// The action link that this mail carries: one at most.
    #[must_use]
    pub const fn link(&self) -> Option<LinkId> {
        match self {
            Self::Invitation { link, .. }
            | Self::BallotReceipt { link, .. }
            | Self::TransferRequest { link, .. }
            | Self::Nomination { link, .. } => Some(*link),
            Self::NewOwnerWelcome { enrol, .. } => *enrol,
            Self::BallotRequest { link, .. } | Self::BallotReminder { link, .. } => *link,
            Self::KeyCaseNews { link, .. } => *link,
            Self::RosterChanged { contest, .. } => *contest,
            Self::OwnerAlert { pause, .. } => *pause,
            Self::SignInCode { .. }
            | Self::ProofCode { .. }
            | Self::LinkCode { .. }
            | Self::DrillCode { .. }
            | Self::KeyCode { .. }
            | Self::EmailCode { .. }
            | Self::CaseOutcome { .. }
            | Self::OwnersChanged { .. }
            | Self::AccountStatus { .. }
            | Self::TransferAlert { .. }
            | Self::EmailTaken { .. }
            | Self::EmailChanged { .. }
            | Self::EmailConfirmed { .. }
            | Self::AdministratorEmailChanged { .. }
            | Self::PasswordChanged { .. }
            | Self::MemberPasswordChanged { .. }
            | Self::PasskeyChanged { .. }
            | Self::MemberPasskeyChanged { .. }
            | Self::SignedIn { .. }
            | Self::MailRefused { .. }
            | Self::ReplacedOwner { .. }
            | Self::ReadinessDigest { .. }
            | Self::DigestSwitched { .. }
            | Self::PolicyChanged { .. }
            | Self::DomainChanged { .. }
            | Self::SignOn { .. }
            | Self::RecoveryRequest { .. }
            | Self::RecoveryUserChanged { .. }
            | Self::PaperKeyChanged { .. }
            | Self::WebhookChanged { .. }
            | Self::MemberJoined { .. } => None,
        }
    }

    /// The link in whose place the mail can be answered.
    #[must_use]
    pub const fn answer(&self) -> Option<LinkId> {
        if let Self::BallotRequest { answer, .. } | Self::BallotReminder { answer, .. } = self { *answer } else { None }
    }

    /// The typed code that this mail carries: one at most.
    #[must_use]
    pub const fn code(&self) -> Option<CodeId> {
        match self {
            Self::SignInCode { code, .. }
            | Self::ProofCode { code, .. }
            | Self::LinkCode { code, .. }
            | Self::DrillCode { code, .. }
            | Self::KeyCode { code, .. }
            | Self::EmailCode { code, .. }
            | Self::RecoveryRequest { code, .. } => Some(*code),
            Self::Invitation { .. }
            | Self::Nomination { .. }
            | Self::BallotRequest { .. }
            | Self::BallotReminder { .. }
            | Self::BallotReceipt { .. }
            | Self::RosterChanged { .. }
            | Self::OwnerAlert { .. }
            | Self::CaseOutcome { .. }
            | Self::KeyCaseNews { .. }
            | Self::OwnersChanged { .. }
            | Self::AccountStatus { .. }
            | Self::TransferRequest { .. }
            | Self::TransferAlert { .. }
            | Self::NewOwnerWelcome { .. }
            | Self::EmailTaken { .. }
            | Self::EmailChanged { .. }
            | Self::EmailConfirmed { .. }
            | Self::AdministratorEmailChanged { .. }
            | Self::PasswordChanged { .. }
            | Self::MemberPasswordChanged { .. }
            | Self::PasskeyChanged { .. }
            | Self::MemberPasskeyChanged { .. }
            | Self::SignedIn { .. }
            | Self::MailRefused { .. }
            | Self::ReplacedOwner { .. }
            | Self::ReadinessDigest { .. }
            | Self::DigestSwitched { .. }
            | Self::PolicyChanged { .. }
            | Self::DomainChanged { .. }
            | Self::SignOn { .. }
            | Self::RecoveryUserChanged { .. }
            | Self::PaperKeyChanged { .. }
            | Self::WebhookChanged { .. }
            | Self::MemberJoined { .. } => None,
        }
    }
}
