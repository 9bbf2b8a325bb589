//! The roster: who has standing, and what is about to change.

pub mod say;
pub mod show;
pub mod words;
