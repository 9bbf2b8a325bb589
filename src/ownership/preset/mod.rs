//! Ready-made role catalogues, ownership rules and recovery policies, as data.
//!
//! `form.rs` is what a preset's file says, `check.rs` what must be right about it, `catalogue.rs` all presets together:
//! those that are part of the program (`presets/*.toml`) and the operator's own.

mod catalogue;
mod check;
mod form;

pub use catalogue::{DEFAULT, PresetError, Presets};
pub use form::{Children, FirstChild, OwnershipRules, Preset, PrimaryOwner, Reference, Role, RoleAccess};
