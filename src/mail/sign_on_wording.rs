//! What mails about an account's single sign-on say.

use super::{
    facts::Person,
    plain_text,
    sign_in_facts::SignOnNews,
    wording::{person, sentence},
};

/// A few words, for the subject and above.
pub(super) const fn headline(news: &SignOnNews) -> &'static str {
    match news {
        SignOnNews::SetUp { .. } => "people can sign in through your identity provider",
        SignOnNews::Changed { .. } => "single sign-on was changed",
        SignOnNews::Removed => "single sign-on was turned off",
        SignOnNews::First { .. } => "you signed in through your organization",
    }
}

/// What happened, and what it means.
pub(super) fn told(news: &SignOnNews, by: &Person) -> String {
    let who = person(by);
    let means = "Whoever runs it can sign in to this account, and to no other, as every member whose address is in one of the \
                 account's proven domains; but never vote, object, or act as an owner.";
    let text = match news {
        SignOnNews::SetUp { provider } => {
            format!("{who} had people sign in through the identity provider {}. {means}", plain_text::name(provider))
        }
        SignOnNews::Changed { provider } => format!(
            "{who} changed how people sign in through an identity provider. It is {} now. {means} Sessions that began in this \
             way have ended.",
            plain_text::name(provider)
        ),
        SignOnNews::Removed => format!(
            "{who} turned it off. Sessions that began in this way have ended; people sign in with a code, a password or a \
             passkey."
        ),
        SignOnNews::First { provider } => format!(
            "the identity provider {} vouched for {who}, for the first time. From now on it is the same person for us.",
            plain_text::name(provider)
        ),
    };
    sentence(&text)
}

/// What to do where that is wrong.
pub(super) const fn advice(news: &SignOnNews) -> &'static str {
    match news {
        SignOnNews::SetUp { .. } | SignOnNews::Changed { .. } | SignOnNews::Removed => {
            "Did you not expect this? Then look at it in the settings of the account, and turn it off. If somebody used your \
             sign-in, end your sessions first."
        }
        SignOnNews::First { .. } => {
            "Was this not you? Then tell an owner of the account: whoever runs the identity provider, or has got hold of your \
             sign-in there, read what you can read in the account. To end their session, sign in with a code, and end your \
             other sessions on your own page."
        }
    }
}

/// What the button says.
pub(super) const fn button(news: &SignOnNews) -> &'static str {
    match news {
        SignOnNews::SetUp { .. } | SignOnNews::Changed { .. } | SignOnNews::Removed => "Look at single sign-on",
        SignOnNews::First { .. } => "Open your own page",
    }
}

/// Where it leads.
pub(super) fn page(news: &SignOnNews, account: &str, service: &str) -> String {
    match news {
        SignOnNews::SetUp { .. } | SignOnNews::Changed { .. } | SignOnNews::Removed => {
            format!("{account}/settings/sign-on")
        }
        SignOnNews::First { .. } => format!("{service}/me"),
    }
}

/// Why somebody gets it.
pub(super) const fn why(news: &SignOnNews) -> &'static str {
    match news {
        SignOnNews::SetUp { .. } | SignOnNews::Changed { .. } | SignOnNews::Removed => {
            "You get this because you own this account. Such alerts cannot be switched off."
        }
        SignOnNews::First { .. } => "You get this because it was done in your name.",
    }
}
