//! The activity log: listed, looked through, and exported.

pub mod asked;
pub mod told;
pub mod csv;
pub mod list;
pub mod seal;
pub mod page;
pub mod export;
