//! Permission decisions, as the OpenID Authorization API 1.0 (AuthZEN) asks for them.

pub mod asked;
pub mod decided;
pub mod evaluation;
pub mod evaluations;
pub mod metadata;
