//! What is counted and measured, for whoever watches the service.
//!
//! Every name stands in `names.rs`, and nothing else can be counted. A label's value is a text of the program (or a
//! route's pattern), so no id, no address and nothing that a client sends can become one.

pub mod names;
pub mod numbers;
pub mod process;
