//! Accounts.

pub mod children;
pub mod create;
pub mod create_child;
pub mod list;
pub mod policy_words;
pub mod rename;
pub mod show;
pub mod status;
