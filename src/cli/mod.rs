//! The command line: one file per command, and what they share.

pub mod args;
pub mod completions;
pub mod failure;
pub mod logging;
pub mod output;
pub mod run;
pub mod serve;
pub mod signals;
pub mod demo;
pub mod account;
pub mod activity;
pub mod audit;
pub mod certificate;
pub mod audit_args;
pub mod activity_args;
pub mod doctor;
pub mod init;
pub mod key;
pub mod mail;
pub mod migrate;
pub mod openapi;
pub mod operator;
pub mod token;
