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
    /// There are webhooks to send.
    pub webhooks: Nudge,
    /// There is an entry in the log that somebody will want to have sealed.
    pub log: Nudge,
}

/// One of the bells.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(super) enum Bell {
    Mails = 1,
    SignIns = 2,
    Deadlines = 4,
    Webhooks = 8,
    Log = 16,
}

/// Which bells to ring once a unit of work has committed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Due(u8);

impl Due {
    pub(super) const fn add(&mut self, bell: Bell) {
        self.0 |= bell as u8;
    }
}

impl Nudges {
    pub(super) fn ring(&self, due: Due) {
        let bells = [
            (Bell::Mails, &self.mails),
            (Bell::SignIns, &self.sign_ins),
            (Bell::Deadlines, &self.deadlines),
            (Bell::Webhooks, &self.webhooks),
            (Bell::Log, &self.log),
        ];
        for (_, nudge) in bells.into_iter().filter(|(bell, _)| due.0 & *bell as u8 != 0) {
            nudge.ring();
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
