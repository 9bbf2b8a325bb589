//! The whole story on real parts, told as it happens.

mod client;
mod mails;
mod owners;
mod people;
pub mod run;
mod safe;
mod signing;
mod story;
mod telling;
