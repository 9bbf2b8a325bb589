//! A person's own affairs.

pub mod sessions;
pub mod show;
