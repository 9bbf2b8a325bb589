//! The recovery policy of an account, and its edits.

pub mod cancel;
pub mod change_page;
pub mod controls;
pub mod edit;
pub mod show;
pub mod typed_length;
