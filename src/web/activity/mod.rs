//! The activity log.

pub mod list;
