//! An account's webhooks: set up by its owners, for programs and on pages.

pub mod list;
pub mod add;
pub mod secret;
pub mod turn;
pub mod test;
pub mod remove;
pub mod deliveries;
pub mod page;
pub mod endpoint_page;
pub mod deed;
mod words;
