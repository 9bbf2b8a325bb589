//! The integration tests: one binary that mirrors `src/`.
//!
//! Every module here is declared `#[cfg(test)]`, so that the lints treat its helpers as test code too.
