//! That somebody has just shown who they are, by a credential behind which mail never stood alone.

use quorate::{
    id::CredentialId,
    moment::Moment,
    ownership::credential::{Proof, ProvenBy},
    recovery::{
        action::Arrival,
        proof::{FreshProof, Told},
    },
};
use uuid::Uuid;

/// What they showed, and when.
pub fn shown(at: Moment) -> Proof {
    Proof { at, by: ProvenBy::Credential { id: CredentialId::from_uuid(Uuid::nil()), mail_since: None } }
}

/// The same, as it counts everywhere.
pub fn fresh(now: Moment) -> FreshProof {
    FreshProof::of(Some(shown(now)), Told::NotAll, now).unwrap()
}

/// A ballot of somebody who has signed in and shown it.
pub fn signed_in(now: Moment) -> Arrival {
    Arrival::SignedIn { proof: fresh(now) }
}
