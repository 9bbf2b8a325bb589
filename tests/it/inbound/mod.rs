//! Mails that come in, without the service around: what is read, whose it is, and what it says.

pub mod bounce;
mod ballots;
mod corpus;
mod forms;
pub mod mails;
