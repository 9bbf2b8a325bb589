//! What is rung after a unit of work has committed, so that jobs look at once instead of at their next turn.
//!
//! A nudge carries nothing and may be lost: jobs look for due rows by themselves every few seconds.

use std::sync::Arc;

use tokio::sync::Notify;

/// The bells of the jobs. Clones ring the same ones.
#[derive(Debug, Clone, Default)]
pub struct Nudges {
    /// There are mails in the outbox.
    pub mails: Nudge,
    /// Somebody asked for a code to sign in.
    pub sign_ins: Nudge,
    /// There are cases that time, or what was just done, may have moved on.
    pub deadlines: Nudge,
}

/// Which bells to ring once a unit of work has committed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Due {
    pub mails: bool,
    pub sign_ins: bool,
    pub deadlines: bool,
}

impl Nudges {
    pub(super) fn ring(&self, due: Due) {
        if due.mails {
            self.mails.ring();
        }
        if due.sign_ins {
            self.sign_ins.ring();
        }
        if due.deadlines {
            self.deadlines.ring();
        }
    }
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
