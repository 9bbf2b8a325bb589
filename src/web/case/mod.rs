//! Recovery cases.

pub mod list;
pub mod object;
pub mod open;
pub mod open_page;
pub mod show;
pub mod vote;
pub mod withdraw;
