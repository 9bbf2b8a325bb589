//! The use cases: one file per verb, called by every door.
//!
//! A use case loads what it needs inside one unit of work, lets the pure core decide, and saves state, activity entries
//! and mails together. A recovery case changes through [`act`] and nowhere else.

#[expect(clippy::module_inception, reason = "`App` is what every use case works with, so it comes first")]
pub mod app;
pub mod error;
pub mod principal;
pub mod here;
pub mod rights;
pub mod act;
mod cast;
pub mod record;
pub mod tell_case;
pub mod open_case;
pub mod tell_roster;
pub mod roster;
pub mod owners;
mod primary;
mod transfers;
pub mod offer_transfer;
pub mod answer_transfer;
pub mod standing;
pub mod invite;
pub mod change_member;
pub mod found;
pub mod create_account;
pub mod account_status;
pub mod onboard;
pub mod rename_account;
pub mod owners_act;
mod policy_ground;
mod tell_policy;
pub mod propose_policy;
pub mod cancel_policy;
pub mod policy_effect;
pub mod branding;
pub mod logo;
pub mod reference;
mod tell_domains;
pub mod join_domains;
pub mod prove_domain;
pub mod join;
pub mod view;
pub mod answer;
pub mod redeem;
pub mod settings_act;
pub mod sign_in;
pub mod confirm_sign_in;
pub mod prove;
pub mod authenticate;
pub mod evaluate;
pub mod sessions;
pub mod digest;
pub mod me;
mod everywhere;
pub mod rename_me;
pub mod ask_address;
pub mod change_address;
mod tell_address;
pub mod tokens;
pub mod idempotent;
pub mod ready;
pub mod measure;
pub mod link_code;
pub mod audit;
