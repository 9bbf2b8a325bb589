//! What became of an account's webhooks, and what mails to owners say of it.

use serde::{Deserialize, Serialize};

use super::{
    facts::Person,
    plain_text,
    wording::{person, sentence},
};
use crate::{moment::Moment, zone::Zone};

/// What became of an endpoint.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum WebhookNews {
    /// An owner added it.
    Added,
    /// An owner removed it.
    Removed,
    /// An owner gave it another secret.
    SecretReplaced {
        /// Until when webhooks are signed with the one before, too.
        both_until: Option<Moment>,
    },
    /// An owner turned it off.
    TurnedOff,
    /// An owner turned it on again.
    TurnedOn,
    /// It has taken nothing for days, and gets nothing more.
    Failed {
        /// Since when.
        since: Moment,
    },
    /// It said that it is gone, and gets nothing more.
    Gone,
    /// A recovery replaced the owners who may know its secret.
    Recovered,
}

/// A few words, for the subject and above.
pub(super) const fn headline(news: &WebhookNews) -> &'static str {
    match news {
        WebhookNews::Added => "a webhook endpoint was added",
        WebhookNews::Removed => "a webhook endpoint was removed",
        WebhookNews::SecretReplaced { .. } => "a webhook endpoint has a new secret",
        WebhookNews::TurnedOff => "a webhook endpoint was turned off",
        WebhookNews::TurnedOn => "a webhook endpoint was turned on",
        WebhookNews::Failed { .. } => "a webhook endpoint fails, and gets nothing more",
        WebhookNews::Gone => "a webhook endpoint is gone, and gets nothing more",
        WebhookNews::Recovered => "webhooks have ended",
    }
}

/// What happened. Without `by`, no owner did it.
pub(super) fn told(news: &WebhookNews, receivers: &[String], by: Option<&Person>, zone: &Zone) -> String {
    let who = by.map_or_else(|| "somebody".to_owned(), person);
    let receivers: Vec<String> = receivers.iter().map(|host| plain_text::address(host)).collect();
    let at = receivers.join(", ");
    sentence(&match news {
        WebhookNews::Added => format!("{who} has the service tell {at} what happens in this account."),
        WebhookNews::Removed => format!("{who} removed the webhook endpoint at {at}."),
        WebhookNews::SecretReplaced { .. } => format!("{who} gave the webhook endpoint at {at} a new secret."),
        WebhookNews::TurnedOff => format!("{who} turned the webhook endpoint at {at} off."),
        WebhookNews::TurnedOn => format!("{who} turned the webhook endpoint at {at} on."),
        WebhookNews::Failed { since } => {
            format!("the webhook endpoint at {at} has taken nothing since {}, so it was turned off.", zone.when(*since))
        }
        WebhookNews::Gone => {
            format!("the webhook endpoint at {at} answered that it is gone for good, so it was turned off.")
        }
        WebhookNews::Recovered => format!("the account was recovered, which ended the webhooks to {at}."),
    })
}

/// What it means.
pub(super) fn meaning(news: &WebhookNews, zone: &Zone) -> String {
    match news {
        WebhookNews::Added => {
            "It gets ids and moments: who became owner, which recovery case was opened, and the like. It gets no name, no address and no \
             secret, and can do nothing here."
                .to_owned()
        }
        WebhookNews::Removed | WebhookNews::TurnedOff => "It gets nothing more.".to_owned(),
        WebhookNews::SecretReplaced { both_until: Some(until) } => {
            format!("Until {} webhooks are signed with the old one, too, so that its receiver can be changed.", zone.when(*until))
        }
        WebhookNews::SecretReplaced { both_until: None } => {
            "Nothing is signed with the old one any more. It is off until an owner turns it on.".to_owned()
        }
        WebhookNews::TurnedOn => "It gets what happens in the account.".to_owned(),
        WebhookNews::Failed { .. } | WebhookNews::Gone => {
            "Nothing is lost: once its receiver works, turn it on, and it goes on where it stopped.".to_owned()
        }
        WebhookNews::Recovered => {
            "Owners who were replaced may know by what secret webhooks are signed. The last thing that was sent with it tells of the \
             recovery. To go on, give the endpoint a new secret, give that to its receiver, and turn the endpoint on; or remove it."
                .to_owned()
        }
    }
}

/// What to do where nobody expected it.
pub(super) const fn advice(news: &WebhookNews) -> &'static str {
    match news {
        WebhookNews::Failed { .. } | WebhookNews::Gone => {
            "The page of the endpoint shows what it answered. If nobody needs it any more, remove it."
        }
        WebhookNews::Recovered => "If you do not know what it is, remove it.",
        WebhookNews::Added
        | WebhookNews::Removed
        | WebhookNews::SecretReplaced { .. }
        | WebhookNews::TurnedOff
        | WebhookNews::TurnedOn => {
            "Did you not expect this? Then look at the webhooks in the settings of the account, and remove what you do not know. If \
             somebody used your sign-in, end your sessions first."
        }
    }
}
