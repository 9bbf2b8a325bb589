//! Readiness: how well an account is prepared for the loss of its people.

pub mod digest;
pub mod ring;
pub mod show;
pub mod words;
