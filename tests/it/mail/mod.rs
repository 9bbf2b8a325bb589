//! What mails say, how they look, and how they travel.

mod dkim;
mod hostile;
mod pages;
mod postfix;
pub mod samples;
pub mod smtp;
