//! What mails say, how they look, and how they travel.

mod hostile;
mod pages;
pub mod samples;
pub mod smtp;
