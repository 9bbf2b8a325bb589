//! The integration tests: one binary that mirrors `src/`.

mod app;
mod harness;
mod store;
