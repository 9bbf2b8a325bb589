//! Accounts.

pub mod create;
pub mod list;
pub mod policy_words;
pub mod rename;
pub mod show;
