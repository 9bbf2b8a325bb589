//! What can be asked of a case, by whom, and what the account around it looks like at that moment.

use std::collections::BTreeSet;

use super::{
    ballot::Choice, policy::BallotWay, proof::FreshProof, redeem::KeyAndMailbox, signature::Signed,
    standing::NoStanding, terms::TermsHash,
};
use crate::{
    id::{CaseId, RecoveryUserId, UserId},
    moment::Moment,
};

/// What is asked of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// An elector casts or changes their ballot.
    Cast {
        /// Their choice.
        choice: Choice,
        /// The terms that they were shown.
        terms_hash: TermsHash,
        /// How the ballot arrives.
        arrival: Arrival,
    },
    /// An elector takes their ballot back.
    TakeBack,
    /// An owner's act, or the elector's own, took away the access of this elector.
    Lose {
        /// Whose.
        elector: UserId,
    },
    /// A recovery user redeems a paper key.
    Redeem {
        /// What they have shown.
        shown: KeyAndMailbox,
        /// The terms that they were shown.
        terms_hash: TermsHash,
    },
    /// An owner removed a recovery user.
    LoseKey {
        /// Whom.
        of: RecoveryUserId,
    },
    /// The nominee says that they will become owner.
    Accept,
    /// The nominee says that they do not want to.
    Decline,
    /// An owner stops the clock for one waiting period.
    Pause,
    /// An owner ends the case.
    Veto {
        /// That it is really them.
        proof: FreshProof,
    },
    /// The opener takes the case back.
    Withdraw,
    /// Another case of the account completed.
    Supersede,
    /// Time has passed.
    Tick,
}

/// Who acts on a case. Tokens and machines never do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person.
    Person(UserId),
    /// A recovery user, whom nothing but their paper key and their mailbox shows.
    RecoveryUser(RecoveryUserId),
    /// The service itself, because time has passed or another change entails it.
    Service,
}

/// How a ballot arrives, with what comes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// From somebody who has signed in.
    SignedIn {
        /// That it is really them.
        proof: FreshProof,
    },
    /// From somebody who has signed in, with the signature of their passkey.
    Signed {
        /// That it is really them.
        proof: FreshProof,
        /// What they signed.
        signed: Signed,
    },
    /// By the link in a mail that only they got.
    MailLink,
    /// By a mail of theirs.
    PlainMail,
}

impl Arrival {
    /// The way, as the policy allows it and the ballot keeps it.
    #[must_use]
    pub const fn way(self) -> BallotWay {
        match self {
            Self::SignedIn { .. } => BallotWay::SignedIn,
            Self::Signed { .. } => BallotWay::Passkey,
            Self::MailLink => BallotWay::MailLink,
            Self::PlainMail => BallotWay::PlainMail,
        }
    }
}

/// What a decision needs to know of the account around the case. Read in the transaction that saves the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The account's owners now.
    pub owners: BTreeSet<UserId>,
    /// Whether the account's one place for a case with a quorum is free for this case.
    pub place: Place,
    /// Whether the nominee is a confirmed, active member now.
    pub nominee: Fitness,
    /// Another open case of the account in which the actor has a live approval.
    pub approval_elsewhere: Option<CaseId>,
    /// Another open case of the account for which the recovery user who acts has redeemed a paper key.
    pub redeemed_elsewhere: Option<CaseId>,
    /// The member who has one of that recovery user's addresses, if there is one.
    pub redeemer: Option<UserId>,
    /// The moment by which every owner in the terms had been sent an alert of the present quorum that their mail server
    /// accepted; `None` while one of them has not.
    pub notice: Option<Moment>,
    /// Why the actor is not in the electorate, for the refusal; `None` where the roster gives no reason.
    pub actor_standing: Option<NoStanding>,
}

/// The account's one place for a case that is waiting or paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Free, or held by this case.
    Free,
    /// Another case has it.
    Taken,
}

/// Whether somebody could become owner now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fitness {
    /// A confirmed, active member.
    Fit,
    /// Not, or no longer.
    Unfit,
}
