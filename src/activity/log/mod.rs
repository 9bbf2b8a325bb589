//! One Merkle tree over the entries of all accounts, pure: its hashes, its tiles, its signed checkpoints.
//!
//! The chain of an account shows that nothing in it was changed. The tree shows that all accounts together were not
//! rewritten since a checkpoint that somebody outside has kept.

pub mod tree;
pub mod tiles;
pub mod growth;
pub mod note;
pub mod checkpoint;
pub mod check;
