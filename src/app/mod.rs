//! The use cases: one file per verb, called by every door.
//!
//! A use case loads what it needs inside one unit of work, lets the pure core decide, and saves state, activity entries
//! and mails together. A recovery case changes through [`act`] and nowhere else.

pub mod app;
pub mod error;
pub mod nudge;
pub mod principal;
pub mod here;
pub mod rights;
pub mod act;
pub mod record;
pub mod tell_case;
pub mod open_case;
pub mod tell_roster;
pub mod roster;
pub mod owners;
pub mod standing;
pub mod invite;
pub mod change_member;
pub mod create_account;
