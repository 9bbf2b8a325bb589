//! The certificate of a completed recovery: one file that anybody can check without this service; `docs/certificate.md` specifies it.

pub mod form;
mod strict;
mod proofs;
pub mod check;
pub mod told;
