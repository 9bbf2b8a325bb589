//! The words of mails about somebody's password.

use super::sign_in_facts::PasswordNews;
use crate::zone::Zone;

/// What happened, to its holder, in a few words.
pub(super) const fn headline(news: PasswordNews) -> &'static str {
    match news {
        PasswordNews::First | PasswordNews::Set | PasswordNews::SetByMail { .. } => "Your password was set",
        PasswordNews::Removed => "Your password was removed",
    }
}

/// What happened, to its holder.
pub(super) const fn told(news: PasswordNews) -> &'static str {
    match news {
        PasswordNews::First => "you have a password here now, your first. Your other sessions have ended.",
        PasswordNews::Set => {
            "you have a new password here. Whoever set it had shown a password or passkey of yours. No earlier password \
             works any more, and your other sessions have ended."
        }
        PasswordNews::SetByMail { .. } => {
            "you have a new password here, with nothing but a code from this mailbox behind it. Your other sessions have \
             ended."
        }
        PasswordNews::Removed => {
            "you have no password here any more. Whoever removed it had shown a password or passkey of yours. Your other \
             sessions have ended. Sign in with a passkey or a code by mail; you can set a password again at any time."
        }
    }
}

/// What that means for its holder, where it needs saying.
pub(super) fn meaning(news: PasswordNews, zone: &Zone) -> Option<String> {
    match news {
        PasswordNews::First | PasswordNews::Set | PasswordNews::Removed => None,
        PasswordNews::SetByMail { earlier_until: Some(until), claimed_until } => Some(format!(
            "So that nobody who reads this mailbox shuts you out, the password that you had before goes on working until \
             {}. Whoever shows it can end the new one at once; the new one neither ends nor removes it before {}.",
            zone.when(until),
            zone.when(claimed_until)
        )),
        PasswordNews::SetByMail { earlier_until: None, claimed_until } => {
            Some(format!("Until {}, it counts for no more than this mailbox does.", zone.when(claimed_until)))
        }
    }
}

/// What to do, for whoever has not done it.
pub(super) const fn advice(news: PasswordNews) -> &'static str {
    match news {
        PasswordNews::SetByMail { earlier_until: Some(_), .. } => {
            "Then somebody reads this mailbox. Change the mailbox's password first. Then sign in here with the password \
             that you had before, and set another one on the page below, showing the old one when you are asked who you \
             are: that ends the one that was set by mail."
        }
        PasswordNews::First | PasswordNews::SetByMail { earlier_until: None, .. } => {
            "Then somebody reads this mailbox. Change the mailbox's password first. Then sign in here with a code by mail, \
             and set another password on the page below."
        }
        PasswordNews::Set | PasswordNews::Removed => {
            "Then somebody has a password or passkey of yours. Sign in here with a code by mail, set another password on \
             the page below, and remove the passkeys that are not yours."
        }
    }
}

/// What happened, to owners, in a few words.
pub(super) const fn headline_for_owners(news: PasswordNews) -> &'static str {
    match news {
        PasswordNews::First | PasswordNews::Set | PasswordNews::SetByMail { .. } => "a password was set",
        PasswordNews::Removed => "a password was removed",
    }
}

/// What happened, to owners, behind the person's name.
pub(super) const fn told_to_owners(news: PasswordNews) -> &'static str {
    match news {
        PasswordNews::First => "set their first password, within a day after they first confirmed their address",
        PasswordNews::Set => "set a new password, having shown who they are",
        PasswordNews::SetByMail { .. } => "set a new password, with nothing but a code from their mailbox behind it",
        PasswordNews::Removed => "removed their password, having shown who they are",
    }
}

/// What that means for owners, where it needs saying.
pub(super) fn meaning_for_owners(news: PasswordNews, zone: &Zone) -> Option<String> {
    match news {
        PasswordNews::First | PasswordNews::Set | PasswordNews::Removed => None,
        PasswordNews::SetByMail { claimed_until, .. } => Some(format!(
            "Whoever reads that mailbox could have done this. So the new password is no proof in this account until a week after \
             all of you were told, at the latest until {}, and never in a recovery case that was opened before.",
            zone.when(claimed_until)
        )),
    }
}
