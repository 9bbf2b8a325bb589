//! Ownership, pure: accounts, people, roles, owners and what protects them.

pub mod address;
pub mod actor;
pub mod account;
pub mod member;
pub mod identity;
pub mod owner;
pub mod preset;
pub mod refusal;
pub mod scope;
