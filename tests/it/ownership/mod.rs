//! Ownership, pure: tables for each rule, and random play over a tree of accounts.

mod access;
mod account;
mod credential;
mod fixtures;
mod inquiry;
mod invariants;
mod members;
mod owners;
mod play;
mod policy;
mod presets;
mod properties;
mod readiness;
mod paper_key;
mod key_reminder;
mod key_tries;
mod recovery_user;
mod service;
mod settings;
mod sign_on;
mod steps;
pub mod table;
mod transfers;
mod world;
