//! The words of mails about somebody's passkey.

use super::sign_in_facts::PasskeyNews;
use crate::zone::Zone;

/// What happened, to its holder, in a few words.
pub(super) const fn headline(news: PasskeyNews) -> &'static str {
    match news {
        PasskeyNews::Added { .. } | PasskeyNews::Enrolled { .. } => "A passkey was added",
        PasskeyNews::Removed => "A passkey was removed",
        PasskeyNews::Copied => "A passkey of yours may have been copied",
    }
}

/// What happened, to its holder. The name is safe to print.
pub(super) fn told(name: &str, news: PasskeyNews) -> String {
    match news {
        PasskeyNews::Added { claimed_until: None } => {
            format!("the passkey “{name}” was added to those that show that it is you.")
        }
        PasskeyNews::Added { claimed_until: Some(_) } => format!(
            "the passkey “{name}” was added to those that show that it is you, with nothing but a code from this mailbox \
             behind it."
        ),
        PasskeyNews::Enrolled { .. } => format!(
            "the passkey “{name}” was added to those that show that it is you, with the link that we mailed to you as a new owner."
        ),
        PasskeyNews::Removed => format!("the passkey “{name}” was removed. Your other sessions have ended."),
        PasskeyNews::Copied => format!(
            "somebody showed the passkey “{name}”, and by its own count it had signed less often than we know. That happens \
             when there is a copy of it. So it is not taken any more, and all your sessions have ended."
        ),
    }
}

/// What that means for its holder, where it needs saying.
pub(super) fn meaning(news: PasskeyNews, zone: &Zone) -> Option<String> {
    match news {
        PasskeyNews::Added { claimed_until: Some(until) } => Some(format!(
            "Until {}, it counts for no more than this mailbox does, and it removes nothing that was there before.",
            zone.when(until)
        )),
        PasskeyNews::Enrolled { claimed_until } => Some(format!(
            "In the account that you own since then it counts at once. Everywhere else it counts for no more than this mailbox does \
             until {}.",
            zone.when(claimed_until)
        )),
        PasskeyNews::Added { claimed_until: None } | PasskeyNews::Removed => None,
        PasskeyNews::Copied => Some("Sign in in another way, and add another passkey.".to_owned()),
    }
}

/// What to do, for whoever has not done it.
pub(super) const fn advice(news: PasskeyNews) -> &'static str {
    match news {
        PasskeyNews::Added { claimed_until: Some(_) } | PasskeyNews::Enrolled { .. } => {
            "Then somebody reads this mailbox. Change the mailbox's password first. Then sign in here with a password or \
             passkey that you had before, and remove this one on the page below."
        }
        PasskeyNews::Added { claimed_until: None } => {
            "Then somebody uses a session, a password or a passkey of yours. Sign in here, remove this one on the page \
             below, end the sessions that you do not know, and change your password."
        }
        PasskeyNews::Removed => {
            "Then somebody uses a session, a password or a passkey of yours. Sign in here, end the sessions that you do \
             not know on the page below, and change your password."
        }
        PasskeyNews::Copied => {
            "Then somebody else has used a copy of it. Sign in here, and look on the page below for passwords and passkeys that \
             are not yours."
        }
    }
}

/// What happened, to owners, in a few words.
pub(super) const fn headline_for_owners(news: PasskeyNews) -> &'static str {
    match news {
        PasskeyNews::Added { .. } | PasskeyNews::Enrolled { .. } => "a passkey was added",
        PasskeyNews::Removed => "a passkey was removed",
        PasskeyNews::Copied => "a passkey may have been copied",
    }
}

/// What happened, to owners, behind the person's name.
pub(super) const fn told_to_owners(news: PasskeyNews) -> &'static str {
    match news {
        PasskeyNews::Added { claimed_until: None } => "added a passkey, having shown who they are",
        PasskeyNews::Added { claimed_until: Some(_) } => {
            "added a passkey, with nothing but a code from their mailbox behind it"
        }
        PasskeyNews::Enrolled { .. } => {
            "made a passkey, with the link that a recovery by paper key gave them as a new owner"
        }
        PasskeyNews::Removed => "removed a passkey, having shown who they are",
        PasskeyNews::Copied => {
            "may have lost a copy of a passkey; it is not taken any more, and all their sessions have ended"
        }
    }
}

/// What that means for owners, where it needs saying.
pub(super) fn meaning_for_owners(news: PasskeyNews, zone: &Zone) -> Option<String> {
    match news {
        PasskeyNews::Added { claimed_until: Some(until) } => Some(format!(
            "Whoever reads that mailbox could have done this. So the passkey is no proof in this account until a week after \
             all of you were told, at the latest until {}, and never in a recovery case that was opened before.",
            zone.when(until)
        )),
        PasskeyNews::Enrolled { claimed_until } => Some(format!(
            "In the account that they came to own by it, the passkey counts at once. In every other account it is no proof until a week \
             after all were told, at the latest until {}.",
            zone.when(claimed_until)
        )),
        PasskeyNews::Added { claimed_until: None } | PasskeyNews::Removed | PasskeyNews::Copied => None,
    }
}
