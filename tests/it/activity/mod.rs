//! The activity log, pure.

mod check;
mod note;
mod tree;
