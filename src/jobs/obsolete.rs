//! Whether a mail is still worth sending, when its turn has come.
//!
//! Only what a mail is *for* makes it obsolete. Alerts, receipts and outcomes are for knowing, so they always go out,
//! also when the link in them works no more: an owner has to hear of a recovery even when it was over quickly.

use crate::{mail::message::Message, moment::Moment, store::mails::Surroundings};

/// Why the mail is not worth sending any more, if so.
pub(super) fn why(message: &Message, around: &Surroundings, now: Moment) -> Option<&'static str> {
    match message {
        Message::SignInCode { .. }
        | Message::ProofCode { .. }
        | Message::LinkCode { .. }
        | Message::DrillCode { .. }
        | Message::KeyCode { .. }
        | Message::EmailCode { .. }
        | Message::RecoveryRequest { .. } => {
            if around.code_used.is_some() {
                Some("not sent, because its code was used already")
            } else if around.code_expires.is_none_or(|expires_at| expires_at <= now) {
                Some("not sent, because its code had expired")
            } else {
                None
            }
        }
        Message::BallotRequest { .. } | Message::BallotReminder { .. } => {
            if around.case_ended.is_some() {
                Some("not sent, because the case had ended")
            } else {
                link(around)
            }
        }
        Message::Invitation { .. } | Message::TransferRequest { .. } | Message::Nomination { .. } => link(around),
        Message::BallotReceipt { .. }
        | Message::RosterChanged { .. }
        | Message::OwnerAlert { .. }
        | Message::CaseOutcome { .. }
        | Message::KeyCaseNews { .. }
        | Message::OwnersChanged { .. }
        | Message::AccountStatus { .. }
        | Message::TransferAlert { .. }
        | Message::NewOwnerWelcome { .. }
        | Message::EmailTaken { .. }
        | Message::EmailChanged { .. }
        | Message::EmailConfirmed { .. }
        | Message::AdministratorEmailChanged { .. }
        | Message::PasswordChanged { .. }
        | Message::MemberPasswordChanged { .. }
        | Message::PasskeyChanged { .. }
        | Message::MemberPasskeyChanged { .. }
        | Message::SignedIn { .. }
        | Message::MailRefused { .. }
        | Message::ReplacedOwner { .. }
        | Message::ReadinessDigest { .. }
        | Message::DigestSwitched { .. }
        | Message::PolicyChanged { .. }
        | Message::DomainChanged { .. }
        | Message::SignOn { .. }
        | Message::RecoveryUserChanged { .. }
        | Message::PaperKeyChanged { .. }
        | Message::WebhookChanged { .. }
        | Message::MemberJoined { .. } => None,
    }
}

fn link(around: &Surroundings) -> Option<&'static str> {
    around.link_dead.map(|_| "not sent, because its link was used, replaced, or without an occasion")
}
