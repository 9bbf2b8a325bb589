//! The database: one facade over SQLite and PostgreSQL, and one file of functions per family of tables.

pub mod db;
pub mod error;
pub mod nudge;
pub mod open;
pub mod schema;
pub mod sql;
pub mod tx;
pub mod values;
pub mod accounts;
pub mod users;
pub mod members;
pub mod roster;
pub mod cases;
pub mod docket;
pub mod scene;
pub mod ballots;
pub mod activity;
pub mod audit;
pub mod mails;
pub mod outbox;
pub mod links;
pub mod codes;
pub mod sessions;
pub mod tokens;
pub mod idempotency;
pub mod health;
