//! The activity log, pure: entries, the chain that makes tampering visible, and what it says of ownership.

pub mod entry;
pub mod chain;
pub mod audit;
pub mod case;
pub mod case_broken;
pub mod cases;
pub mod compare;
pub mod mailed;
pub mod log;
pub mod certificate;
pub mod topic;
pub mod personal;
