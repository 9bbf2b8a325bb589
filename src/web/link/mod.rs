//! Action links in mails: the call for programs, and the pages for people.

pub mod act;
pub mod code;
pub mod enrol;
pub mod form;
pub mod open;
pub mod redeem;
pub mod show;
pub mod words;
