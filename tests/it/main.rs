//! The integration tests: one binary that mirrors `src/`.
//!
//! Every module here is declared `#[cfg(test)]`, so that the lints treat its helpers as test code too.

#![expect(clippy::string_slice, reason = "a test may stop with a panic, and this lint has no setting for tests")]

#[cfg(test)]
mod activity;
#[cfg(test)]
mod app;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod config;
#[cfg(test)]
mod death;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod ownership;
#[cfg(test)]
mod paper_key;
#[cfg(test)]
mod presets;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod store;
#[cfg(test)]
mod story;
#[cfg(test)]
mod web;
#[cfg(test)]
mod webhook;
