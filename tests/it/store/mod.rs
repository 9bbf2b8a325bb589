//! The store: the facade, the schema, the constraints.

mod begin;
mod constraints;
mod db;
mod schema;
