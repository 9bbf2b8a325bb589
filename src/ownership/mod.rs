//! Ownership, pure: accounts, people, roles, owners and what protects them.

pub mod address;
pub mod actor;
pub mod permission;
pub mod preset;
pub mod account;
pub mod member;
pub mod identity;
pub mod credential;
pub mod session;
pub mod sign_on;
pub mod rights;
pub mod protection;
pub mod owner;
pub mod transfer;
pub mod policy_change;
mod policy_compare;
pub mod settings;
pub mod access;
pub mod inquiry;
pub mod recovery_user;
pub mod paper_key;
pub mod key_reminder;
pub mod key_tries;
pub mod readiness;
pub mod readiness_reasons;
pub mod scope;
pub mod refusal;
