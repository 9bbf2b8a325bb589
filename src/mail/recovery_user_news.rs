//! What became of recovery users, and what mails to owners say of it.

use serde::{Deserialize, Serialize};

use super::{
    facts::Person,
    plain_text,
    wording::{person, sentence},
};
use crate::{moment::Moment, zone::Zone};

/// What became of a recovery user.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryUserNews {
    /// An owner chose them; their addresses can be confirmed until then.
    Added {
        /// Until then.
        until: Moment,
    },
    /// Somebody confirmed an address of theirs.
    Confirmed {
        /// The address.
        address: String,
        /// Whether that was the last of them.
        all: bool,
    },
    /// An owner removed them.
    Removed,
}

/// What whoever knows nothing of it does.
pub(super) const UNEXPECTED: &str = "Did you not expect this? Then look at the recovery users of the account, and remove whom you do not \
                                     trust. If somebody used your sign-in, end your sessions first.";

/// A few words, for the subject and above.
pub(super) const fn headline(news: &RecoveryUserNews) -> &'static str {
    match news {
        RecoveryUserNews::Added { .. } => "a recovery user was chosen",
        RecoveryUserNews::Confirmed { .. } => "a recovery address was confirmed",
        RecoveryUserNews::Removed => "a recovery user was removed",
    }
}

/// What happened. Without `by`, it was the recovery user.
pub(super) fn told(news: &RecoveryUserNews, name: &str, addresses: &[String], by: Option<&Person>) -> String {
    let who = by.map_or_else(|| "somebody".to_owned(), person);
    let name = plain_text::name(name);
    let addresses: Vec<String> = addresses.iter().map(|address| plain_text::address(address)).collect();
    let addresses = match addresses.as_slice() {
        [one] => format!("the address {one}"),
        several => format!("the addresses {}", several.join(" and ")),
    };
    sentence(&match news {
        RecoveryUserNews::Added { .. } => {
            format!("{who} chose {name} as a recovery user, with {addresses}.")
        }
        RecoveryUserNews::Confirmed { address, .. } => {
            format!("somebody who reads {} confirmed it as a recovery address of {name}.", plain_text::address(address))
        }
        RecoveryUserNews::Removed => format!("{who} removed the recovery user {name}, with {addresses}."),
    })
}

/// What it means.
pub(super) fn meaning(news: &RecoveryUserNews, zone: &Zone) -> String {
    match news {
        RecoveryUserNews::Added { until } => format!(
            "Each address got a mail with a link that confirms it, good until {}. Nothing can be done with it alone: recovery by \
             paper key takes a key that an owner issues, and the mailbox.",
            zone.when(*until)
        ),
        RecoveryUserNews::Confirmed { all: true, .. } => {
            "All their addresses are confirmed. Nothing can be done with them alone: recovery by paper key takes a key that an \
             owner issues, and the mailbox."
                .to_owned()
        }
        RecoveryUserNews::Confirmed { all: false, .. } => "Their other address is not confirmed yet.".to_owned(),
        RecoveryUserNews::Removed => {
            "They have no part in the recovery of this account any more, and their paper keys work no more.".to_owned()
        },
    }
}
