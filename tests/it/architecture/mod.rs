//! The house rules that no lint knows, held by reading the source files.
//!
//! `rules.rs` is the table: to add a rule, add a row, with a control that breaks it. `source.rs` reads a file as the
//! rules want to see it: without comments and literals, with grouped imports spelled out. `shape.rs` holds the
//! checks that need more than a list of words, `migrations.rs` those about the two folders of SQL.

mod migrations;
mod rules;
mod shape;
pub mod source;
mod verdict;
