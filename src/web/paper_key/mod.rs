//! Paper keys: issued, listed and revoked by owners.

pub mod issue;
pub mod list;
pub mod page;
mod qr;
pub mod revoke;
