//! Passkeys: as much of the WebAuthn standard as the service needs, and the only place that speaks it.
//!
//! Nothing of a ceremony is kept: its challenge is computed again from its id when the answer comes, see
//! [`crate::secret::ServerSecret::challenge`]. What a passkey signs is checked against what was stored of it.

pub mod relying_party;
pub mod enrolment;
pub mod assertion;
pub mod ballot;
pub mod refused;
mod read;
pub mod software;
