//! Recovery, by vote or by paper key, pure: who counts, what is voted on, and the state machine of a case.
//!
//! In reading order. Nothing here waits, reads a clock, draws a random number or knows a database.

pub mod policy;
pub mod proof;
pub mod reach;
pub mod roster;
pub mod standing;
pub mod electorate;
pub mod terms;
pub mod ballot;
pub mod signature;
pub mod redeem;
pub mod case;
pub mod quorum;
pub mod action;
pub mod open;
pub mod open_by_key;
pub mod decide;
mod decide_keys;
pub mod event;
pub mod refusal;
