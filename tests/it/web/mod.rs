//! The web part: a server on a free port, spoken to byte by byte, and the whole site, spoken to in process.

mod access;
mod case_pages;
mod client;
mod extract;
mod health;
mod links;
mod log;
mod mailbox;
mod me;
mod metrics;
pub mod pages;
mod passkeys;
mod password;
mod problem;
mod problems;
mod readiness;
mod secrets;
mod server;
mod sign_in;
pub mod sign_on;
mod sign_on_reach;
pub mod site;
mod stolen_mailbox;
mod throttle;
mod timing;
mod transfers;
mod unknown;
