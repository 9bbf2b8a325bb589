//! Why recovery says no: a reason with its values, one sentence each, shown to people as it is.

use super::{policy::BallotWay, standing::NoStanding, terms::TermsHash};
use crate::{id::CaseId, moment::Moment, refusal::Severity};

/// Why recovery says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody without standing opens a case.
    #[error("only administrators with standing open a recovery case: {}", standing(*.0))]
    OpenerHasNoStanding(NoStanding),
    /// The policy has no vote.
    #[error("this account is not recovered by vote, as its policy has that route off; use a paper key")]
    VoteRouteOff,
    /// An account without an owner has nothing to recover.
    #[error("this account has no confirmed owner yet; its first owner has to confirm their address")]
    NoOwnerYet,
    /// The opener has another open case.
    #[error("you already have an open case, `{case}`; withdraw it before you open another")]
    OneOpenCaseEach {
        /// That case.
        case: CaseId,
    },
    /// The opener's last case failed too recently.
    #[error(
        "your last case ended without completing; you can open another from {until}, and other administrators can open one now"
    )]
    ReopenAfter {
        /// From when they may.
        until: Moment,
    },
    /// An owner vetoed this nominee too recently.
    #[error("an owner vetoed this nominee; they can be proposed again from {until}")]
    NomineeVetoed {
        /// From when they may be proposed.
        until: Moment,
    },
    /// The policy allows one owner.
    #[error("this account has exactly one owner, so a case can only replace them; open it with the kind `replace`")]
    OneOwnerOnly,
    /// The nominee cannot become owner.
    #[error("{0}")]
    NomineeUnfit(NomineeUnfit),
    /// The statement is missing or too long.
    #[error("the statement says why the owner must be replaced, in 1 to {most} characters")]
    StatementLength {
        /// The longest, in characters.
        most: usize,
    },
    /// The quorum could never be reached.
    #[error("this case could never succeed: it needs {required} approvals, and only {countable} could count{}", reachable(*.from))]
    OutOfReach {
        /// How many approvals could count.
        countable: u32,
        /// How many are needed.
        required: u32,
        /// When it might become possible by itself.
        from: Option<Moment>,
    },
    /// The policy has no recovery by paper key.
    #[error(
        "this account is not recovered by paper key, as its policy has that route off; its administrators can vote"
    )]
    KeyRouteOff,
    /// The policy wants the other kind of change.
    #[error(
        "the policy of this account does not let paper keys bring about that kind of change; ask for the other one"
    )]
    KindNotByKey,
    /// They own the account. An owner needs no paper key, and does not use one against the others.
    #[error("a paper key is not redeemed by somebody who owns the account; act as its owner")]
    RedeemerIsOwner,
    /// There are not as many people with a paper key as it takes.
    #[error("this case could never succeed: it needs the paper keys of {need} recovery users, and {have} have one")]
    TooFewKeyHolders {
        /// How many there are.
        have: u32,
        /// How many it takes.
        need: u32,
    },
    /// They have redeemed a key for another open case.
    #[error("you have redeemed a paper key for `{case}`, another open case of this account; it has to end first")]
    RedeemedElsewhere {
        /// That case.
        case: CaseId,
    },
    /// They have redeemed a key for this case.
    #[error("you have redeemed a paper key for this case already; it needs those of other recovery users")]
    AlreadyRedeemed,
    /// It has as many keys as it needs.
    #[error("this case needs no further paper key; yours is not spent")]
    NoKeyNeeded,
    /// It is decided by vote.
    #[error("this case is decided by the votes of administrators, not by paper keys")]
    DecidedByVote,
    /// Somebody who is no recovery user redeems a key.
    #[error("only a recovery user redeems a paper key, with the key and a code from their mailbox")]
    OnlyRecoveryUsers,
    /// Somebody else answers for the nominee.
    #[error("only the nominee says whether they will become owner")]
    NotTheNominee,
    /// The case has ended.
    #[error("this case has ended: it is {state}, and that is final")]
    CaseEnded {
        /// Its state's word.
        state: &'static str,
    },
    /// The actor is not in the electorate.
    #[error("you are not among the electors of this case: {}", not_elector(*.0))]
    NotAnElector(Option<NoStanding>),
    /// The elector's ballot was taken away by an owner's act or their own.
    #[error("you have no ballot in this case any more, because an owner removed you or you left")]
    BallotLost,
    /// The policy does not allow that way.
    #[error("{}", not_taken(*.way))]
    WayNotAllowed {
        /// The way tried.
        way: BallotWay,
    },
    /// The elector's address had changed too recently for a ballot by mail.
    #[error(
        "you changed your e-mail address at {changed}, so shortly before this case was opened that it takes no ballot of yours by mail; sign in to vote"
    )]
    AddressTooNew {
        /// When it had changed.
        changed: Moment,
    },
    /// The signature is for another ballot.
    #[error("what was signed is another ballot; choose again, and sign that")]
    SignedSomethingElse,
    /// The voter was shown other terms.
    #[error("the terms that you were shown are not the ones in force; read them again, then vote on `{in_force}`")]
    TermsDiffer {
        /// The hash of the terms in force.
        in_force: TermsHash,
    },
    /// The voter approves another open case.
    #[error("you already approve `{case}`, another open case of this account; take that ballot back first")]
    ApprovalElsewhere {
        /// That case.
        case: CaseId,
    },
    /// Only an owner may object.
    #[error("only an owner of the account, as named in the terms, can object")]
    NotAnOwner,
    /// There is no waiting period to pause.
    #[error("there is no waiting period to pause yet; you can veto the case instead")]
    NothingToPause,
    /// It is paused.
    #[error("this case is already paused, until {until}; you can veto it")]
    AlreadyPaused {
        /// Until when.
        until: Moment,
    },
    /// All pauses are used.
    #[error("this case has been paused {used} times, which is as often as the policy allows; you can veto it")]
    NoPauseLeft {
        /// How often it was paused.
        used: u32,
    },
    /// Only the opener withdraws.
    #[error("only the administrator who opened a case can withdraw it; you can vote against it")]
    NotTheOpener,
    /// Too late to withdraw.
    #[error("a case cannot be withdrawn once it has its quorum; electors can take their ballots back")]
    TooLateToWithdraw,
    /// The proof is missing or too old.
    #[error("this needs a fresh proof that it is you, at most 5 minutes old; ask for one at `/v1/proof`")]
    NeedsFreshProof,
    /// They showed a mailed code, and whoever reads their mail has that too.
    #[error(
        "a mailed code is not enough for this; show with your password or a passkey that it is you, or set one first on your own page"
    )]
    NeedsCredential,
    /// Mail alone stands behind what they showed, and those who were told of it still can object.
    #[error(
        "your password or passkey was set up with a mailed code alone, so it counts for this only from {from}; wait until then, \
         or show with an earlier one that it is you"
    )]
    CredentialTooNew {
        /// From when it counts.
        from: Moment,
    },
    /// It counts, but did not when the case was opened.
    #[error(
        "your password or passkey was set up with a mailed code alone and counts from {from}, so it counts in no case that was \
         opened before; show with an earlier one that it is you"
    )]
    CredentialNewerThanCase {
        /// From when it counts.
        from: Moment,
    },
    /// A machine tried what only people do.
    #[error("only a signed-in person does this; a token never votes, opens, objects or withdraws")]
    OnlyPeople,
    /// A person tried what only the service does.
    #[error("only the service itself does this")]
    OnlyTheService,
    /// There is no removal to contest.
    #[error("there is no removal under way that could be contested")]
    NothingToContest,
    /// The removal has taken effect.
    #[error("the removal took effect at {ended}; an owner or the administrators can add the person again")]
    TooLateToContest {
        /// When.
        ended: Moment,
    },
    /// There is nothing to confirm.
    #[error("there is no change of the roster under way that could be confirmed")]
    NothingToConfirm,
    /// The actor has no say in the roster.
    #[error("only owners, administrators with standing, and the person concerned have a say in this change")]
    NoSayInRoster,
}

/// Why somebody cannot become owner by a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NomineeUnfit {
    /// They are one.
    #[error("the nominee is an owner of this account already")]
    AlreadyOwner,
    /// They are a member whose access was taken.
    #[error("the nominee is a member whose access was taken away; name somebody else")]
    AccessTaken,
    /// They are not a confirmed, active member.
    #[error("the nominee must be an active member of this account who has confirmed their address; invite them first")]
    NotActiveMember,
}

impl Refusal {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OpenerHasNoStanding(_) => "no_standing",
            Self::VoteRouteOff => "vote_route_off",
            Self::NoOwnerYet => "no_owner_yet",
            Self::OneOpenCaseEach { .. } => "one_open_case_each",
            Self::ReopenAfter { .. } => "reopen_after",
            Self::NomineeVetoed { .. } => "nominee_vetoed",
            Self::OneOwnerOnly => "one_owner_only",
            Self::NomineeUnfit(_) => "nominee_unfit",
            Self::StatementLength { .. } => "statement_length",
            Self::OutOfReach { .. } => "out_of_reach",
            Self::KeyRouteOff => "paper_key_route_off",
            Self::KindNotByKey => "kind_not_by_key",
            Self::RedeemerIsOwner => "redeemer_is_owner",
            Self::TooFewKeyHolders { .. } => "too_few_key_holders",
            Self::RedeemedElsewhere { .. } => "redeemed_elsewhere",
            Self::AlreadyRedeemed => "already_redeemed",
            Self::NoKeyNeeded => "no_key_needed",
            Self::DecidedByVote => "decided_by_vote",
            Self::OnlyRecoveryUsers => "only_recovery_users",
            Self::NotTheNominee => "not_the_nominee",
            Self::CaseEnded { .. } => "case_ended",
            Self::NotAnElector(_) => "not_an_elector",
            Self::BallotLost => "ballot_lost",
            Self::WayNotAllowed { .. } => "way_not_allowed",
            Self::AddressTooNew { .. } => "address_too_new",
            Self::SignedSomethingElse => "signed_something_else",
            Self::TermsDiffer { .. } => "terms_differ",
            Self::ApprovalElsewhere { .. } => "approval_elsewhere",
            Self::NotAnOwner => "not_an_owner",
            Self::NothingToPause => "nothing_to_pause",
            Self::AlreadyPaused { .. } => "already_paused",
            Self::NoPauseLeft { .. } => "no_pause_left",
            Self::NotTheOpener => "not_the_opener",
            Self::TooLateToWithdraw => "too_late_to_withdraw",
            Self::NeedsFreshProof => "needs_fresh_proof",
            Self::NeedsCredential => "needs_credential",
            Self::CredentialTooNew { .. } => "credential_too_new",
            Self::CredentialNewerThanCase { .. } => "credential_newer_than_case",
            Self::OnlyPeople => "only_people",
            Self::OnlyTheService => "only_the_service",
            Self::NothingToContest => "nothing_to_contest",
            Self::TooLateToContest { .. } => "too_late_to_contest",
            Self::NothingToConfirm => "nothing_to_confirm",
            Self::NoSayInRoster => "no_say_in_roster",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::OpenerHasNoStanding(_)
            | Self::NotAnElector(_)
            | Self::BallotLost
            | Self::WayNotAllowed { .. }
            | Self::AddressTooNew { .. }
            | Self::NotAnOwner
            | Self::RedeemerIsOwner
            | Self::OnlyRecoveryUsers
            | Self::NotTheNominee
            | Self::NotTheOpener
            | Self::NeedsFreshProof
            | Self::NeedsCredential
            | Self::CredentialTooNew { .. }
            | Self::CredentialNewerThanCase { .. }
            | Self::OnlyPeople
            | Self::OnlyTheService
            | Self::NoSayInRoster => Severity::Forbidden,
            Self::VoteRouteOff
            | Self::KeyRouteOff
            | Self::TooFewKeyHolders { .. }
            | Self::RedeemedElsewhere { .. }
            | Self::AlreadyRedeemed
            | Self::NoKeyNeeded
            | Self::DecidedByVote
            | Self::NoOwnerYet
            | Self::OneOpenCaseEach { .. }
            | Self::ReopenAfter { .. }
            | Self::NomineeVetoed { .. }
            | Self::OutOfReach { .. }
            | Self::CaseEnded { .. }
            | Self::TermsDiffer { .. }
            | Self::ApprovalElsewhere { .. }
            | Self::SignedSomethingElse
            | Self::NothingToPause
            | Self::AlreadyPaused { .. }
            | Self::NoPauseLeft { .. }
            | Self::TooLateToWithdraw
            | Self::NothingToContest
            | Self::TooLateToContest { .. }
            | Self::NothingToConfirm => Severity::Conflict,
            Self::OneOwnerOnly | Self::KindNotByKey | Self::NomineeUnfit(_) | Self::StatementLength { .. } => {
                Severity::Unprocessable
            }
        }
    }
}

fn standing(reason: NoStanding) -> String {
    match reason {
        NoStanding::Owner => "owners act as owners, and do not vote".to_owned(),
        NoStanding::NotAdministrator => "you are not an administrator of this account".to_owned(),
        NoStanding::NotJoined => "you have not confirmed your address and accepted the invitation yet".to_owned(),
        NoStanding::NeedsConfirmation => {
            "you were not added by an owner, so an owner or more than half of the administrators must confirm you first"
                .to_owned()
        }
        NoStanding::Seasoning { from } => format!("you were added too recently, and have standing from {from}"),
    }
}

fn not_elector(reason: Option<NoStanding>) -> String {
    match reason {
        Some(reason @ NoStanding::Seasoning { .. }) => {
            format!("{}, and the electorate was fixed when the case opened", standing(reason))
        }
        Some(reason) => standing(reason),
        None => "the electorate was fixed when the case opened, and you had no standing then".to_owned(),
    }
}

fn reachable(from: Option<Moment>) -> String {
    from.map_or_else(
        || "; more administrators with standing are needed".to_owned(),
        |from| format!("; it might from {from}, when the roster will have changed"),
    )
}

const fn not_taken(way: BallotWay) -> &'static str {
    match way {
        BallotWay::SignedIn | BallotWay::Passkey => {
            "this account takes only ballots that are signed with a passkey; sign yours with one, or add one first"
        }
        BallotWay::MailLink => "this account does not take ballots by mail link; sign in to vote",
        BallotWay::PlainMail => "this account does not take ballots by plain e-mail; sign in to vote",
    }
}
