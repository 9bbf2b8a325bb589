//! Signing in and out, and fresh proof.

pub mod confirm;
pub mod link;
pub mod password;
pub mod passkey;
pub mod prove;
pub mod sign_in;
pub mod sign_out;
