//! The activity log, pure.

mod note;
mod tree;
