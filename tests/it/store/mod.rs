//! The store: the facade, the schema, the constraints.

mod begin;
pub mod constraints;
mod count;
mod db;
mod entries;
mod paper_keys;
mod redemptions;
mod schema;
mod sign_on;
mod transfers;
mod webhooks;
