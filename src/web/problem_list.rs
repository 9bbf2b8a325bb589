//! Every problem that a client may meet, once each: the one list from which the page and docs/api.md are made.
//!
//! The sentences are those that people get. Where one names a moment, a number or an id, an example stands for it. A test
//! compares the codes here with those in the source.

use std::{collections::BTreeMap, time::Duration};

use super::{
    guard, health, json, layers, mail,
    problem::{FieldError, Problem},
    throttle,
};
use crate::{
    app::error::{Access, Error},
    config::Limits,
    id::{CaseId, TransferId},
    inbound::refused::Refused,
    moment::Moment,
    ownership::{self, address::Email, credential::MOST_PASSKEYS},
    passkey, recovery,
    recovery::{policy::BallotWay, refusal::NomineeUnfit, standing::NoStanding, terms::TermsHash},
    sign_on::failed::{Failed, Why},
    webhook,
};

/// A problem, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The stable code.
    pub code: &'static str,
    /// The status.
    pub status: u16,
    /// What people are told, for example.
    pub sentence: String,
}

/// Every problem, by code.
#[must_use]
pub fn every() -> Vec<Listed> {
    let case = CaseId::from_uuid(uuid::Uuid::nil());
    let transfer = TransferId::from_uuid(uuid::Uuid::nil());
    let listed = |problem: Problem| {
        let sentence = problem.detail.replace(&case.to_string(), "case_…").replace(&transfer.to_string(), "tran_…");
        (problem.code, Listed { code: problem.code, status: problem.status.as_u16(), sentence })
    };
    let refusals = recovery_refusals(case).into_iter().map(|refusal| Problem::from(Error::from(refusal)));
    let identity = identity_refusals(case).into_iter().map(|refusal| Problem::from(Error::from(refusal)));
    let ownership = ownership_refusals(case).into_iter().map(|refusal| Problem::from(Error::from(refusal)));
    let access = access_refusals().into_iter().map(|refusal| Problem::from(Error::from(refusal)));
    let sign_on = sign_on_refusals().into_iter().map(Problem::from);
    let recovery_users = recovery_user_refusals(case).into_iter().map(|refusal| Problem::from(Error::from(refusal)));
    let webhooks = webhook_refusals().into_iter().map(|refusal| Problem::from(Error::from(refusal)));
    let all = refusals
        .chain(sign_on)
        .chain(recovery_users)
        .chain(webhooks)
        .chain(identity)
        .chain(ownership)
        .chain(access)
        .chain(of_requests());
    all.map(listed).collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The list as a table for docs/api.md.
#[must_use]
pub fn table() -> String {
    let mut table = "| code | status | what it says, for example |\n| --- | --- | --- |\n".to_owned();
    for Listed { code, status, sentence } in every() {
        table.push_str(&format!("| `{code}` | {status} | {} |\n", sentence.replace('|', "\\|")));
    }
    table
}

/// What is wrong with a request before any rule is asked, and what goes wrong with us.
fn of_requests() -> Vec<Problem> {
    let limits = Limits::default();
    vec![
        Problem::not_found(),
        Problem::unauthenticated(),
        Problem::invalid(Vec::new()),
        Problem::malformed("the body is not one whole JSON value: check its quotes, commas and brackets"),
        Problem::internal(""),
        json::not_marked(),
        layers::method_not_allowed(),
        layers::too_large(limits),
        layers::too_slow(limits),
        layers::late(),
        health::not_ready(vec![FieldError::reason("database", "the database does not answer; the log says why")]),
        guard::cross_site(),
        throttle::too_many(Duration::from_secs(1)),
        mail::receive::too_large(Refused::TooLarge.to_string()),
    ]
}

fn recovery_refusals(case: CaseId) -> Vec<recovery::refusal::Refusal> {
    use recovery::refusal::Refusal;
    let moment = example();
    vec![
        Refusal::OpenerHasNoStanding(NoStanding::NotAdministrator),
        Refusal::VoteRouteOff,
        Refusal::NoOwnerYet,
        Refusal::OneOpenCaseEach { case },
        Refusal::ReopenAfter { until: moment },
        Refusal::NomineeVetoed { until: moment },
        Refusal::OneOwnerOnly,
        Refusal::NomineeUnfit(NomineeUnfit::NotActiveMember),
        Refusal::StatementLength { most: recovery::open::LONGEST_STATEMENT },
        Refusal::OutOfReach { countable: 1, required: 2, from: None },
        Refusal::KeyRouteOff,
        Refusal::KindNotByKey,
        Refusal::RedeemerIsOwner,
        Refusal::TooFewKeyHolders { have: 1, need: 2 },
        Refusal::RedeemedElsewhere { case },
        Refusal::AlreadyRedeemed,
        Refusal::NoKeyNeeded,
        Refusal::DecidedByVote,
        Refusal::OnlyRecoveryUsers,
        Refusal::NotTheNominee,
        Refusal::CaseEnded { state: "completed" },
        Refusal::NotAnElector(None),
        Refusal::BallotLost,
        Refusal::WayNotAllowed { way: BallotWay::MailLink },
        Refusal::AddressTooNew { changed: moment },
        Refusal::SignedSomethingElse,
        Refusal::TermsDiffer { in_force: TermsHash::of("") },
        Refusal::ApprovalElsewhere { case },
        Refusal::NotAnOwner,
        Refusal::NothingToPause,
        Refusal::AlreadyPaused { until: moment },
        Refusal::NoPauseLeft { used: 2 },
        Refusal::NotTheOpener,
        Refusal::TooLateToWithdraw,
        Refusal::NeedsFreshProof,
        Refusal::NeedsCredential,
        Refusal::CredentialTooNew { from: moment },
        Refusal::CredentialNewerThanCase { from: moment },
        Refusal::OnlyPeople,
        Refusal::OnlyTheService,
        Refusal::NothingToContest,
        Refusal::TooLateToContest { ended: moment },
        Refusal::NothingToConfirm,
        Refusal::NoSayInRoster,
    ]
}

fn identity_refusals(case: CaseId) -> Vec<ownership::identity::Refusal> {
    use ownership::identity::{Part, Refusal};
    vec![
        Refusal::Owner { account: "Example".to_owned() },
        Refusal::Frozen { case, part: Part::Elector, until: example() },
    ]
}

fn ownership_refusals(case: CaseId) -> Vec<ownership::refusal::Refusal> {
    use ownership::refusal::Refusal;
    vec![
        Refusal::MayNotManageMembers,
        Refusal::MayNotDeleteMembers,
        Refusal::RoleAboveYours { role: "Administrator".to_owned() },
        Refusal::OnboardsPlainRoles,
        Refusal::OwnersOnly,
        Refusal::LacksPermission { permission: "children.create" },
        Refusal::NoChildren,
        Refusal::OnlyThemselves,
        Refusal::AboutYourselfOnly,
        Refusal::OwnerProtected { kept: ownership::protection::Kept::Access },
        Refusal::OwnerNeedsAccess,
        Refusal::PrimaryOwnerOnly,
        Refusal::NotAnOwner,
        Refusal::NomineeProtected { case },
        Refusal::LastOwner,
        Refusal::OneOwnerOnly,
        Refusal::NotActiveMember,
        Refusal::CaseOpen { case },
        Refusal::NotAccepted,
        Refusal::AlreadyMember,
        Refusal::Suspended,
        Refusal::AccountPending,
        Refusal::AccountSuspended,
        Refusal::AccountClosing { until: example() },
        Refusal::AccountClosed,
        Refusal::NotClosing,
        Refusal::TransferPending { transfer: TransferId::from_uuid(uuid::Uuid::nil()) },
        Refusal::TransferNotYours,
        Refusal::TransferEnded { state: "expired" },
        Refusal::AlreadyOwner,
        Refusal::NoPolicyChangePending,
        Refusal::PolicyOutOfBounds(recovery::policy::OutOfBounds { field: "pauses", bounds: "at most 2" }),
        Refusal::TooManyOwners { owners: 2 },
        Refusal::TooFewRecoveryUsers { confirmed: 1, required: 2 },
        Refusal::BrandName { most: ownership::settings::LONGEST_BRAND },
        Refusal::NotAColour { text: "blue".to_owned() },
        Refusal::Logo { problem: "the file is larger than 48 KiB; make it smaller" },
        Refusal::NotADomain { text: "example".to_owned() },
        Refusal::PublicDomain { domain: "gmail.com".to_owned() },
        Refusal::JoinRole,
        Refusal::DomainNotOpen,
        Refusal::TooManyDomains { most: ownership::settings::MOST_DOMAINS },
        Refusal::RecordNotFound { name: "_quorate.example.org".to_owned() },
        Refusal::DnsSilent { name: "_quorate.example.org".to_owned() },
        Refusal::ReferenceMissing,
        Refusal::ReferenceLength { most: ownership::settings::LONGEST_REFERENCE },
    ]
}

fn recovery_user_refusals(case: CaseId) -> Vec<ownership::recovery_user::Refusal> {
    use ownership::recovery_user::{MOST, MOST_ADDRESSES, Refusal};
    let email = "ada@example.org".parse::<Email>();
    let addresses = email.iter().flat_map(|email| {
        [Refusal::OwnersAddress { email: email.clone() }, Refusal::AddressTaken { email: email.clone() }]
    });
    let others = [
        Refusal::NoPaperKeyRoute,
        Refusal::CaseOpen { case },
        Refusal::Addresses { most: MOST_ADDRESSES },
        Refusal::TooMany { most: MOST },
        Refusal::NotConfirmed,
        Refusal::TooManyKeys { most: ownership::paper_key::MOST },
        Refusal::Expiry { latest: Moment::from_micros(2_111_000_000_000_000) },
        Refusal::KeyEnded,
    ];
    others.into_iter().chain(addresses).collect()
}

fn webhook_refusals() -> Vec<webhook::refusal::Refusal> {
    use webhook::refusal::Refusal;
    vec![
        Refusal::Address { why: webhook::address::Wrong::NotHttps },
        Refusal::Taken,
        Refusal::TooMany { most: webhook::progress::MOST },
        Refusal::SecretEnded,
    ]
}

fn sign_on_refusals() -> Vec<Error> {
    use ownership::sign_on::{Refusal, Wrong};
    let why = Why::Answer;
    let refusals = [
        Refusal::NotAnIssuer { why: Wrong::NotHttps },
        Refusal::NotAClient { longest: ownership::sign_on::LONGEST },
        Refusal::NoSubject,
        Refusal::NoAddress,
        Refusal::NotVerified,
        Refusal::ForeignDomain { domain: "example.org".to_owned() },
        Refusal::NotAMember,
        Refusal::AnotherSubject,
    ];
    let failed = [
        Failed::Unreachable(why),
        Failed::Described(why),
        Failed::NotConfirmed(why),
        Failed::NotTrusted(why),
        Failed::Busy,
    ];
    refusals.into_iter().map(Error::from).chain(failed.into_iter().map(Error::from)).collect()
}

fn access_refusals() -> Vec<Access> {
    vec![
        Access::Unauthenticated,
        Access::WrongCode,
        Access::PaperKeyRefused,
        Access::WrongPassword,
        Access::NotYourPassword,
        Access::Passkey(passkey::refused::Refused::Unknown),
        Access::NoPasskeysHere,
        Access::CeremonyOver,
        Access::TooManyPasskeys { most: MOST_PASSKEYS },
        Access::TooManyGuesses { until: example() },
        Access::TooManyCodes { until: example() },
        Access::DeadLink,
        Access::WrongLink,
        Access::NeedsScope { scope: "read" },
        Access::OperatorsOnly,
        Access::PeopleOnly,
        Access::ProviderRefused,
        Access::SignedOn,
        Access::KeyReused,
        Access::AlreadyIssued,
        Access::TakesNoMail,
        Access::NothingToCertify,
        Access::NotSealedYet,
        Access::NotNow,
        Access::Changed,
    ]
}

/// 2030 begins.
fn example() -> Moment {
    Moment::from_micros(1_893_456_000_000_000)
}
