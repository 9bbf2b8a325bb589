//! The use cases, on both databases.

pub mod dump;
mod idempotent;
mod links;
mod prove;
mod scene;
mod secrets;
mod sessions;
mod sign_in;
mod tokens;
