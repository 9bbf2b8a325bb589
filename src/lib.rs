//! Quorate gives an account a new owner when its owner is lost.

pub mod id;
pub mod moment;
