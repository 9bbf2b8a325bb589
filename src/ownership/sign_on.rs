//! Single sign-on, pure: at which provider an account's people may sign in, and whom it may vouch for.
//!
//! A provider is believed about one thing only: that whoever is there now is a certain person of this account, whose
//! address is in a domain that the account has proven. It makes nobody a member, and it changes nobody.

use std::fmt;

pub use super::networks::Networks;
use super::{
    address::Email,
    member::{Member, Status},
    settings::JoinDomain,
};
use crate::{id::UserId, moment::Moment, refusal::Severity};

/// How long an issuer's address and a subject are at most.
pub const LONGEST: usize = 255;

/// How long a client's secret is at most.
pub const LONGEST_SECRET: usize = 1024;

/// The address by which a provider names itself. It is compared letter by letter, so it is kept as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Issuer(String);

impl Issuer {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, with the port if it names one: what people are told of it.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// Reads an address.
    ///
    /// # Errors
    /// [`Refusal::NotAnIssuer`].
    pub fn read(text: &str, networks: Networks) -> Result<Self, Refusal> {
        let wrong = |why| Refusal::NotAnIssuer { why };
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong(Wrong::NotHttps))?;
        if text.len() > LONGEST {
            return Err(wrong(Wrong::TooLong));
        }
        if !rest.bytes().all(|byte| byte.is_ascii_graphic()) || rest.contains('\\') {
            return Err(wrong(Wrong::Characters));
        }
        if rest.contains(['?', '#']) {
            return Err(wrong(Wrong::MoreThanAPath));
        }
        let issuer = Self(text.to_owned());
        let host = issuer.host();
        if host.contains('@') {
            return Err(wrong(Wrong::NamesAUser));
        }
        if host.is_empty() || host.starts_with(':') {
            return Err(wrong(Wrong::NoHost));
        }
        if networks.allow(scheme, host) { Ok(issuer) } else { Err(wrong(Wrong::NotHttps)) }
    }
}

/// What an account is known by at its provider: it may have every visible character, and no other.
///
/// # Errors
/// [`Refusal::NotAClient`].
pub fn client_id(text: &str) -> Result<String, Refusal> {
    visible(text, LONGEST)
}

/// By what the account shows its provider that it is the one.
///
/// # Errors
/// [`Refusal::NotAClient`].
pub fn client_secret(text: &str) -> Result<String, Refusal> {
    visible(text, LONGEST_SECRET)
}

fn visible(text: &str, longest: usize) -> Result<String, Refusal> {
    let text = text.trim();
    let fits = !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err(Refusal::NotAClient { longest }) }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a provider says of whoever has just signed in there, once its signature and everything else about it has been
/// checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// By what it knows them, for ever.
    pub subject: String,
    /// The address that it has for them.
    pub address: Option<Email>,
    /// Whether it says that the address is theirs.
    pub checked: Checked,
}

/// Whether a provider says that an address is somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It does.
    Verified,
    /// It does not, or says nothing of it.
    Not,
}

/// What the account knows of whom the provider speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// The member who has that address.
    pub member: Option<&'a Member>,
    /// Who has signed on as that subject before.
    pub subject_is: Option<UserId>,
    /// As which subject that member has signed on before.
    pub signed_on_as: Option<&'a str>,
}

/// Who has signed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    /// Who.
    pub user: UserId,
    /// Whether it is their first time.
    pub pin: Pin,
}

/// Whether a person's subject is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pin {
    /// It is to be kept: from now on it is theirs, and no other.
    New,
    /// It was kept before.
    Kept,
}

/// Decides whom the provider's word lets in.
///
/// # Errors
/// Why nobody.
pub fn admit(says: &Vouched, domains: &[JoinDomain], known: Known<'_>, now: Moment) -> Result<Admitted, Refusal> {
    if says.subject.is_empty() || says.subject.len() > LONGEST {
        return Err(Refusal::NoSubject);
    }
    let address = match (&says.address, says.checked) {
        (Some(address), Checked::Verified) => address,
        (Some(_), Checked::Not) => return Err(Refusal::NotVerified),
        (None, Checked::Verified | Checked::Not) => return Err(Refusal::NoAddress),
    };
    let proven = |one: &JoinDomain| one.domain.as_str() == address.domain() && one.vouches(now);
    if !domains.iter().any(proven) {
        return Err(Refusal::ForeignDomain { domain: address.domain().to_owned() });
    }
    let active = |member: &&Member| member.status == Status::Active && member.confirmed;
    let user = known.member.filter(active).ok_or(Refusal::NotAMember)?.user;
    match (known.subject_is, known.signed_on_as) {
        (None, None) => Ok(Admitted { user, pin: Pin::New }),
        (Some(before), Some(subject)) if before == user && subject == says.subject => {
            Ok(Admitted { user, pin: Pin::Kept })
        }
        // What was somebody's subject is nobody else's: neither for another address, nor another for theirs.
        (Some(_) | None, Some(_)) | (Some(_), None) => Err(Refusal::AnotherSubject),
    }
}

/// What is wrong with the address of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Anybody on the way could answer.
    NotHttps,
    /// It is too long.
    TooLong,
    /// It has characters that no address has.
    Characters,
    /// It has a query or a fragment.
    MoreThanAPath,
    /// It has a name or a password before its host.
    NamesAUser,
    /// It has no host.
    NoHost,
}

impl Wrong {
    /// What to do instead.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotHttps => "it has to begin with `https://`",
            Self::TooLong => "it may have 255 characters at most",
            Self::Characters => "it may have no spaces, no backslash and nothing but ASCII",
            Self::MoreThanAPath => "it may have no `?` and no `#`",
            Self::NamesAUser => "it may have no `@` before its path",
            Self::NoHost => "it has to name a host",
        }
    }
}

/// Why nobody signs on, or not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No provider has such an address.
    #[error("this is not the address of an issuer: {}; copy it from your identity provider as it stands there", .why.words())]
    NotAnIssuer {
        /// What is wrong with it.
        why: Wrong,
    },
    /// No provider knows anybody by it.
    #[error(
        "this has characters that a client's id or secret never has, or is empty, or longer than {longest}: copy it again"
    )]
    NotAClient {
        /// So long it may be.
        longest: usize,
    },
    /// It does not say whom it means.
    #[error(
        "your identity provider did not say who you are; ask whoever runs it to send a subject of at most 255 characters, \
         or sign in without it"
    )]
    NoSubject,
    /// It has no address for them.
    #[error(
        "your identity provider did not tell us your address; ask whoever runs it to send the claim `email`, or sign in \
         without it"
    )]
    NoAddress,
    /// It does not say that the address is theirs.
    #[error(
        "your identity provider does not say that your address is yours; ask whoever runs it to send `email_verified`, or \
         sign in without it"
    )]
    NotVerified,
    /// The account has not proven that the address is its own to vouch for.
    #[error(
        "this account has not proven that `{domain}` is its domain, so nobody with an address there signs in this way; ask \
         an owner to prove it, or sign in without your identity provider"
    )]
    ForeignDomain {
        /// The domain.
        domain: String,
    },
    /// Nobody who may sign in has that address.
    #[error("you are not a member of this account; ask an owner or an administrator to invite you")]
    NotAMember,
    /// Their subject is another than before.
    #[error(
        "your identity provider knows you as somebody else than the last time; sign in without it, and ask an owner to look \
         into this"
    )]
    AnotherSubject,
}

impl Refusal {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAnIssuer { .. } => "not_an_issuer",
            Self::NotAClient { .. } => "not_a_client",
            Self::NoSubject => "sign_on_no_subject",
            Self::NoAddress => "sign_on_no_address",
            Self::NotVerified => "sign_on_not_verified",
            Self::ForeignDomain { .. } => "sign_on_foreign_domain",
            Self::NotAMember => "sign_on_not_a_member",
            Self::AnotherSubject => "sign_on_another_subject",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::NotAnIssuer { .. } | Self::NotAClient { .. } => Severity::Unprocessable,
            Self::NoSubject
            | Self::NoAddress
            | Self::NotVerified
            | Self::ForeignDomain { .. }
            | Self::NotAMember
            | Self::AnotherSubject => Severity::Forbidden,
        }
    }
}
