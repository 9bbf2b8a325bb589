//! Recovery cases: one file for each verb, with both its faces, and beside them what the pages are made of.

pub mod list;
pub mod show;
pub mod certificate;
pub mod live;
pub mod open;
pub mod open_page;
pub mod vote;
pub mod object;
pub mod withdraw;
pub mod page;
pub mod voting;
pub mod confirm;
pub mod headline;
pub mod offers;
pub mod drawing;
pub mod by_mail;
pub mod clock;
pub mod handover;
pub mod voters;
pub mod keys;
pub mod timeline;
pub mod terms;
pub mod prospect;
pub mod time;
