//! What became of mails.

pub mod of_account;
pub mod of_case;
