//! The words of mails about a sign-in where its person had not been before.

use super::sign_in_facts::SignInWay;

/// What happened, in a few words.
pub(super) const HEADLINE: &str = "You signed in from somewhere new";

/// What that means.
pub(super) const MEANING: &str =
    "A private window counts as new each time, and so does a browser whose cookies were cleared.";

/// What happened.
pub(super) const fn told(way: SignInWay) -> &'static str {
    match way {
        SignInWay::Mail => {
            "you signed in with a code or link from this mailbox, in a browser or a program in which you had not signed in \
             before."
        }
        SignInWay::Password => {
            "you signed in with your password, in a browser or a program in which you had not signed in before."
        }
        SignInWay::Passkey => {
            "you signed in with a passkey of yours, in a browser or a program in which you had not signed in before."
        }
        SignInWay::Provider => {
            "you signed in at your organization, for its account only, in a browser in which you had not signed in before."
        }
    }
}

/// What to do, for whoever has not done it.
pub(super) const fn advice(way: SignInWay) -> &'static str {
    match way {
        SignInWay::Mail => {
            "Then somebody reads this mailbox. Change the mailbox's password first. Then sign in here, and end the sessions \
             that you do not know on the page below: that forgets their browsers, too."
        }
        SignInWay::Password => {
            "Then somebody has your password. Sign in here with a passkey or a code by mail, end the sessions that you do \
             not know on the page below, and set another password."
        }
        SignInWay::Passkey => {
            "Then somebody uses a passkey of yours. Sign in here in another way, remove it on the page below, and end the \
             sessions that you do not know."
        }
        SignInWay::Provider => {
            "Then somebody signs in there as you. Tell whoever looks after your organization's sign-in; and sign in here with \
             a code by mail, and end the sessions that you do not know on the page below."
        }
    }
}
