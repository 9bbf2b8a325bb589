//! Webhooks, pure: which addresses can get them, what they say of the activity log, how they are signed, and what comes of
//! each attempt. They follow Standard Webhooks, so that its libraries verify them.

pub mod address;
pub mod event;
pub mod signature;
pub mod schedule;
pub mod progress;
pub mod refusal;
