//! The store: the facade, the schema, the constraints.

mod begin;
mod db;
mod schema;
