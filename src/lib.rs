//! Quorate gives an account a new owner when its owner is lost. The modules, in reading order.

pub mod id;
pub mod moment;
pub mod hash;
pub mod clock;
pub mod meter;
pub mod bearer;
pub mod secret;
pub mod sealed;
pub mod password;
pub mod passkey;
pub mod dns;
pub mod refusal;
pub mod ownership;
pub mod sign_on;
pub mod recovery;
pub mod paper_key;
pub mod activity;
pub mod store;
pub mod mail;
pub mod app;
pub mod jobs;
pub mod config;
pub mod web;
pub mod service;
pub mod cli;
