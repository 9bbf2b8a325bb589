//! Mails: what became of those that went out, those that come in to vote, and reports.

pub mod inbound;
pub mod line;
pub mod of_account;
pub mod of_case;
pub mod receive;
pub mod report;
