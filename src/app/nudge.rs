//! What a use case rings after it has committed, so that jobs look at once instead of at their next turn.
//!
//! A nudge carries nothing and may be lost: jobs look for due rows by themselves every few seconds.

use std::sync::Arc;

use tokio::sync::Notify;

/// The bells of all jobs. Clones ring the same ones.
#[derive(Debug, Clone, Default)]
pub struct Nudges {
    /// There are mails in the outbox.
    pub mails: Nudge,
    /// There are cases that time, or what was just done, may have moved on.
    pub deadlines: Nudge,
}

/// One bell. Rung any number of times while its job is busy, it makes the job look once more.
#[derive(Debug, Clone, Default)]
pub struct Nudge(Arc<Notify>);

impl Nudge {
    /// Has the job look at once. Never waits.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it was rung, which may have been before.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}
