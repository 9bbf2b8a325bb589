//! Mails that come in. Votes by plain mail: what a mail says, whether it is its sender's own word, and why it is refused. And
//! mails of ours that come back.
//!
//! Pure: what the DNS says of a signature's key comes in as an argument, from `crate::dkim`. A mail passes the gate or does
//! not; what it then does to a case is decided where every ballot is, in `crate::recovery`.

pub mod received;
pub mod header;
pub mod mailbox;
mod mime;
pub mod letter;
pub mod automatic;
mod tags;
pub mod signature;
pub mod canonical;
mod plain;
mod date;
pub mod verify;
pub mod key;
pub mod sender;
mod stripped;
pub mod vote;
pub mod sentence;
pub mod gate;
mod reading;
pub mod kept;
pub mod refused;
pub mod bounce;
