//! How far the webhooks of an endpoint have come, and what each attempt makes of it.
//!
//! An endpoint gets the entries of its account's log one after the other: what is sent next is the first that is worth sending
//! behind the cursor. So nothing is lost, nothing overtakes, and an endpoint that fails holds up nobody but itself.

use jiff::SignedDuration;

use super::{
    refusal::Refusal,
    schedule::{self, Next},
};
use crate::{id::DeliveryId, moment::Moment};

/// How many endpoints an account has at most.
pub const MOST: usize = 10;

/// How long a secret is signed with beside the one that replaces it.
pub const BOTH_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Whether an endpoint gets anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Active,
    /// It gets the entries up to that one, which tells of the recovery that ends it.
    Ending {
        /// The last.
        last: u64,
    },
    /// It does not.
    Disabled {
        /// Why.
        why: Why,
        /// Since when.
        at: Moment,
    },
}

/// Why an endpoint gets nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// An owner wants it so.
    Owner,
    /// It has taken nothing for days.
    Failed,
    /// It said that it is gone (410).
    Gone,
    /// A recovery replaced the owners who may know its secret.
    Recovered,
}

impl Why {
    /// The word for it, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Failed => "failed",
            Self::Gone => "gone",
            Self::Recovered => "recovered",
        }
    }

    /// Which one a word is for.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [Self::Owner, Self::Failed, Self::Gone, Self::Recovered].into_iter().find(|why| why.word() == word)
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Whether it gets anything.
    pub status: Status,
    /// The last entry that is done with.
    pub cursor: u64,
    /// How often what comes next has failed.
    pub attempts: u32,
    /// Since when everything has failed.
    pub failing_since: Option<Moment>,
    /// When what comes next is tried again.
    pub retry_at: Option<Moment>,
    /// A test that an owner asked for.
    pub test: Option<DeliveryId>,
}

/// What a worker does for an endpoint now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Send the test.
    Test(DeliveryId),
    /// Send the first entry worth sending after one number, up to another.
    Entry {
        /// After this one.
        after: u64,
        /// Up to this one.
        until: u64,
    },
    /// Nothing.
    None,
}

/// How a receiver failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It is gone for good, it says.
    Gone,
    /// In any other way; perhaps it asked to be left alone for so long.
    Other(Option<SignedDuration>),
}

/// From where an endpoint that is enabled again goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// From where it stopped: it misses nothing.
    Stop,
    /// From what happens next.
    Now,
}

impl From {
    /// The word for it, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Now => "now",
        }
    }
}

impl Progress {
    /// A new endpoint, which gets what happens after that entry.
    #[must_use]
    pub const fn new(head: u64) -> Self {
        Self { status: Status::Active, cursor: head, attempts: 0, failing_since: None, retry_at: None, test: None }
    }

    /// What to do now, where the log ends at `head`.
    #[must_use]
    pub fn task(&self, head: u64, now: Moment) -> Task {
        if let Some(test) = self.test {
            return Task::Test(test);
        }
        let until = self.until(head);
        let waits = self.retry_at.is_some_and(|at| now < at);
        if waits || self.cursor >= until { Task::None } else { Task::Entry { after: self.cursor, until } }
    }

    /// When a worker looks at it next, where the log ends at `head`; never, if nothing happens.
    #[must_use]
    pub fn next_look(&self, head: u64, now: Moment) -> Option<Moment> {
        if self.test.is_some() {
            return Some(now);
        }
        (self.cursor < self.until(head)).then(|| self.retry_at.unwrap_or(now))
    }

    /// The last entry that it gets as things are.
    fn until(&self, head: u64) -> u64 {
        match self.status {
            Status::Active => head,
            Status::Ending { last } => last.min(head),
            Status::Disabled { .. } => self.cursor,
        }
    }

    /// Nothing up to that entry was worth sending, or it was taken.
    #[must_use]
    pub fn done(self, seq: u64, now: Moment) -> Self {
        let done = Self { cursor: seq.max(self.cursor), attempts: 0, failing_since: None, retry_at: None, ..self };
        match self.status {
            Status::Ending { last } if done.cursor >= last => done.disabled(Why::Recovered, now),
            Status::Active | Status::Ending { .. } | Status::Disabled { .. } => done,
        }
    }

    /// An attempt at what comes next failed.
    #[must_use]
    pub fn failed(self, how: Failure, now: Moment, luck: u16) -> Self {
        let since = self.failing_since.unwrap_or(now);
        let attempts = self.attempts.saturating_add(1);
        let failed = Self { attempts, failing_since: Some(since), ..self };
        let (next, why) = match how {
            Failure::Gone => (Next::GiveUp, Why::Gone),
            Failure::Other(asked) => (schedule::after(attempts, since, now, asked, luck), Why::Failed),
        };
        match (next, self.status) {
            (Next::At(at), _) => Self { retry_at: Some(at), ..failed },
            (Next::GiveUp, Status::Active) => failed.disabled(why, now),
            // Whoever may know its secret is still not to be believed.
            (Next::GiveUp, Status::Ending { .. }) => failed.disabled(Why::Recovered, now),
            (Next::GiveUp, Status::Disabled { .. }) => failed,
        }
    }

    /// A test was taken: what waits is tried at once.
    #[must_use]
    pub const fn test_taken(self) -> Self {
        Self { test: None, retry_at: None, ..self }
    }

    /// A test was not taken. Nothing else changes by that.
    #[must_use]
    pub const fn test_failed(self) -> Self {
        Self { test: None, ..self }
    }

    /// An owner wants a test. One is sent at a time.
    ///
    /// # Errors
    /// [`Refusal::SecretEnded`].
    pub fn test(self, id: DeliveryId) -> Result<Self, Refusal> {
        if self.secret_ended() { Err(Refusal::SecretEnded) } else { Ok(Self { test: self.test.or(Some(id)), ..self }) }
    }

    /// An owner turns it off.
    #[must_use]
    pub fn turned_off(self, now: Moment) -> Self {
        match self.status {
            Status::Active => self.disabled(Why::Owner, now),
            Status::Ending { .. } => self.disabled(Why::Recovered, now),
            Status::Disabled { .. } => self,
        }
    }

    /// An owner turns it on again.
    ///
    /// # Errors
    /// [`Refusal::SecretEnded`].
    pub const fn turned_on(self, from: From, head: u64) -> Result<Self, Refusal> {
        match self.status {
            Status::Active => Ok(self),
            Status::Ending { .. } | Status::Disabled { why: Why::Recovered, .. } => Err(Refusal::SecretEnded),
            Status::Disabled { why: Why::Owner | Why::Failed | Why::Gone, .. } => {
                let cursor = match from {
                    From::Stop => self.cursor,
                    From::Now => head,
                };
                Ok(Self { test: self.test, ..Self::new(cursor) })
            }
        }
    }

    /// Whether its secret has ended: it is never signed with again beside another one.
    #[must_use]
    pub const fn secret_ended(&self) -> bool {
        match self.status {
            Status::Ending { .. } | Status::Disabled { why: Why::Recovered, .. } => true,
            Status::Active | Status::Disabled { why: Why::Owner | Why::Failed | Why::Gone, .. } => false,
        }
    }

    /// It gets a new secret. Where the one before had ended, its receiver has to be given this one first, so it stays off.
    #[must_use]
    pub fn new_secret(self, now: Moment) -> Self {
        if self.secret_ended() { self.disabled(Why::Owner, now) } else { self }
    }

    /// A recovery, of which that entry tells, replaced the owners who may know its secret.
    #[must_use]
    pub const fn recovered(self, last: u64, now: Moment) -> Self {
        match self.status {
            Status::Active => Self { status: Status::Ending { last }, test: None, ..self },
            // Another recovery has ended it before.
            Status::Ending { .. } => self,
            Status::Disabled { .. } => self.disabled(Why::Recovered, now),
        }
    }

    const fn disabled(self, why: Why, at: Moment) -> Self {
        Self { status: Status::Disabled { why, at }, test: None, retry_at: None, ..self }
    }
}
