//! Presets.

pub mod list;
