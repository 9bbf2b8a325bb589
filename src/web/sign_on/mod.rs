//! Signing in at an account's identity provider: who looks for theirs, who is sent there, who comes back.

pub mod ask;
pub mod begin;
pub mod come_back;
