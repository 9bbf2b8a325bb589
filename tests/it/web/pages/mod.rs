//! The pages as a browser meets them: a cookie, forms from a page of ours, redirects.

mod account;
pub mod browser;
mod cookie;
pub mod every;
mod foreign;
mod me;
mod mails;
mod members;
mod opening;
mod ownership;
pub mod paper_keys;
mod drills;
pub mod recover;
mod password;
mod readiness;
pub mod recovery_users;
mod policy;
mod roster;
mod rotation;
mod settings;
mod sign_in;
mod transfers;
pub mod webhooks;
pub mod tree;
