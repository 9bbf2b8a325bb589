//! What is published of the log over all accounts: hashes and signatures, nothing of anybody.

pub mod checkpoint;
pub mod keys;
pub mod proof;
pub mod tile;
