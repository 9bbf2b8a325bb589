//! Transfers of ownership.

pub mod answer;
pub mod deed;
pub mod list;
pub mod offer;
pub mod show;
