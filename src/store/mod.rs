//! The database: one facade over SQLite and PostgreSQL, and one file of functions per family of tables.

pub mod codes;
pub mod db;
pub mod error;
pub mod idempotency;
pub mod links;
pub mod mails;
pub mod open;
pub mod schema;
pub mod sessions;
pub mod sql;
pub mod tokens;
pub mod tx;
pub mod users;
pub mod values;
