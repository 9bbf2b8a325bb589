//! The one place that calls addresses which others have chosen: identity providers and receivers of webhooks.
//!
//! Whoever is called is a stranger. Where they may be, how long they may take and how much they may say is bounded here.

pub mod network;
pub mod client;
pub mod receivers;
