//! What a mailed code is for: `to vote in a recovery case`.

use super::facts::{LinkUse, ProofUse};

pub(super) const fn proof_for(what: ProofUse) -> &'static str {
    match what {
        ProofUse::AnySensitiveAct => "to do something for which we ask again who it is",
        ProofUse::Veto => "to veto a recovery case",
        ProofUse::GrantOwnership => "to make somebody an owner",
        ProofUse::RevokeOwnership => "to take away somebody's ownership",
    }
}

pub(super) const fn code_for(what: LinkUse) -> &'static str {
    match what {
        LinkUse::Ballot => "to vote in a recovery case",
        LinkUse::Pause => "to pause a recovery case",
        LinkUse::Contest => "to contest a removal",
        LinkUse::AcceptInvitation => "to accept an invitation",
        LinkUse::DisownBallot => "to say that a ballot was not yours",
        LinkUse::AnswerTransfer => "to answer an offer of ownership",
        LinkUse::AnswerNomination => "to say whether you would become owner",
        LinkUse::EnrolOwner => "to make your passkey as a new owner",
        LinkUse::ConfirmRecoveryAddress => "to confirm that this address is yours",
    }
}
