//! Recovery cases.

pub mod list;
pub mod object;
pub mod open;
pub mod show;
pub mod vote;
pub mod withdraw;
