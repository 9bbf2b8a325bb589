//! The built-in mailbox: every mail that the service would have sent, where it has no mail server.

pub mod door;
pub mod letter;
pub mod list;
