//! Action links in mails.

pub mod redeem;
