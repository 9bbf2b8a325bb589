//! The whole story on real parts, told as it happens.

mod by_mail;
mod client;
mod company;
mod mails;
mod nameserver;
mod owners;
mod people;
mod receiver;
pub mod run;
mod safe;
mod signing;
mod story;
mod telling;
