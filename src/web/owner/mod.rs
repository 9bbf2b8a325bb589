//! Owners.

pub mod grant;
pub mod list;
pub mod page;
pub mod primary;
pub mod revoke;
