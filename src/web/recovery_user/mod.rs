//! Recovery users: for owners, who choose them, and for themselves, who confirm their addresses.

pub mod add;
pub mod address;
pub mod confirm;
pub mod list;
pub mod page;
pub mod remove;
