//! The words of mails about somebody's password.

use super::{facts::PasswordNews, wording::when};

/// What happened, to its holder, in a few words.
pub(super) const fn headline(news: PasswordNews) -> &'static str {
    match news {
        PasswordNews::Set | PasswordNews::SetByMail { .. } => "Your password was set",
        PasswordNews::Removed => "Your password was removed",
    }
}

/// What happened, to its holder.
pub(super) fn told(news: PasswordNews) -> String {
    match news {
        PasswordNews::Set => "you have a new password here. One that you had before works no more, and your other \
                              sessions have ended."
            .to_owned(),
        PasswordNews::SetByMail { .. } => {
            "you have a new password here, and your other sessions have ended. Whoever set \
                                           it was signed in as you and had nothing but a code from this mailbox."
                .to_owned()
        }
        PasswordNews::Removed => {
            "you have no password here any more, and your other sessions have ended. Sign in with a \
                                  code by mail; you can set a password again at any time."
                .to_owned()
        }
    }
}

/// What that means for its holder, where it needs saying.
pub(super) fn meaning(news: PasswordNews) -> Option<String> {
    match news {
        PasswordNews::Set | PasswordNews::Removed => None,
        PasswordNews::SetByMail { earlier_until: Some(until), claimed_until } => Some(format!(
            "So that nobody who reads this mailbox shuts you out, the password that you had before goes on working until \
             {}, and whoever shows it can end the new one at once. Until {}, the new one removes no older one.",
            when(until),
            when(claimed_until)
        )),
        PasswordNews::SetByMail { earlier_until: None, claimed_until } => Some(format!(
            "Until {}, it counts for no more than this mailbox does, because nothing else was behind it.",
            when(claimed_until)
        )),
    }
}

/// What happened, to owners, in a few words.
pub(super) const fn headline_for_owners(news: PasswordNews) -> &'static str {
    match news {
        PasswordNews::Set | PasswordNews::SetByMail { .. } => "a password was set",
        PasswordNews::Removed => "a password was removed",
    }
}

/// What happened, to owners, behind the person's name.
pub(super) const fn told_to_owners(news: PasswordNews) -> &'static str {
    match news {
        PasswordNews::Set => "set a new password, having shown more than a code from their mailbox",
        PasswordNews::SetByMail { .. } => "set a new password with nothing but a code from their mailbox",
        PasswordNews::Removed => "removed their password, having shown it",
    }
}

/// What that means for owners, where it needs saying.
pub(super) fn meaning_for_owners(news: PasswordNews) -> Option<String> {
    match news {
        PasswordNews::Set | PasswordNews::Removed => None,
        PasswordNews::SetByMail { claimed_until, .. } => Some(format!(
            "Whoever reads that mailbox could have done this. Ask them, with a number that you knew before, whether it was \
             them. The new password counts for no more than the mailbox until {}.",
            when(claimed_until)
        )),
    }
}
