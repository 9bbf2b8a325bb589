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
pub mod create_account;
pub mod rename_account;
pub mod view;
pub mod answer;
pub mod redeem;
pub mod sign_in;
pub mod confirm_sign_in;
pub mod prove;
pub mod authenticate;
pub mod sessions;
pub mod me;
pub mod tokens;
pub mod idempotent;
pub mod ready;
pub mod measure;
pub mod link_code;
pub mod audit;
