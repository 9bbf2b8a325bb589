//! The words that messages about how people sign in are made of. Plain data, as [`super::facts`] are.

#![expect(missing_docs, reason = "each field is what its name says; a sentence beside it would repeat it")]

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// What became of an account's single sign-on.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SignOnNews {
    /// An owner set it up, at that provider.
    SetUp { provider: String },
    /// An owner changed it; it is at that provider now.
    Changed { provider: String },
    /// An owner turned it off.
    Removed,
    /// The reader signed in by it for the first time.
    First { provider: String },
}

/// What became of somebody's password.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum PasswordNews {
    /// It was set, their first, within a day after they first confirmed their address.
    First,
    /// It was set, with more than mail behind it. None that was there before works any more.
    Set,
    /// It was set with nothing but a mailed code behind it.
    SetByMail {
        /// Until when those work that were there before; `None` where there were none.
        earlier_until: Option<Moment>,
        /// Until when mail alone stands behind it.
        claimed_until: Moment,
    },
    /// There is none any more.
    Removed,
}

/// What became of a passkey of somebody's.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum PasskeyNews {
    /// It was added.
    Added {
        /// Until when nothing but a mailed code stands behind it; `None` where more does.
        claimed_until: Option<Moment>,
    },
    /// It was made with the link that a recovery by paper key gave its holder.
    Enrolled {
        /// Until when it counts for no more than their mailbox, except in the account that was recovered.
        claimed_until: Moment,
    },
    /// It was removed.
    Removed,
    /// It signed as often as a copy of it, so it is not taken any more.
    Copied,
}

/// How somebody signed in.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SignInWay {
    /// With the code or the link of a mail.
    Mail,
    Password,
    Passkey,
    /// At an account's identity provider, for that account.
    Provider,
}
