//! The one place that speaks OpenID Connect, and that asks an account's identity provider anything.
//!
//! A provider is a stranger that the service is told to call: what it may be, how long it may take and how much it may say is
//! bounded here. What it says of somebody is checked here; whom that lets in is decided in `ownership::sign_on`.

pub mod failed;
mod http;
pub mod provider;
pub mod flow;
