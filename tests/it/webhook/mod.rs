//! The rules of webhooks.

mod address;
mod event;
mod progress;
mod schedule;
mod signature;
