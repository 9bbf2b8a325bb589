//! Joining an account by e-mail domain: whoever has an address in a domain that the account has proven to be its own may
//! join in a role of its choice, never as an administrator.
//!
//! The proof is a DNS record that only the domain's own people can publish. It names the account, so that one account's
//! record proves nothing for another.

use std::{fmt, str::FromStr};

use jiff::SignedDuration;

use crate::{
    hash,
    id::AccountId,
    moment::Moment,
    ownership::{
        account::{self, Use},
        address::Email,
        preset::{Role, RoleAccess},
        refusal::Refusal,
    },
};

/// Domains in which anybody can have an address, one on each line.
const PUBLIC: &str = include_str!("public_mail_domains.txt");

/// How long a proof lasts before the record is looked for again.
pub const PROVEN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// By how many domains people join one account at most.
pub const MOST_DOMAINS: usize = 20;

/// A domain in lower case, without a dot at its end, that is no public mail domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(String);

/// A domain by which people join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinDomain {
    /// The domain. Subdomains are other domains.
    pub domain: Domain,
    /// The name of the role in which people join.
    pub role: String,
    /// When the record was last found.
    pub proven_at: Option<Moment>,
}

/// What the domain's people publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TxtRecord {
    /// Where, as in `_quorate.example.org`.
    pub name: String,
    /// What.
    pub value: String,
}

impl Domain {
    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A domain that was taken before. The list of public mail domains may have grown since: nobody joins by one that is
    /// on it now, and it can still be read and taken away.
    ///
    /// # Errors
    /// [`Refusal::NotADomain`].
    pub fn taken(text: &str) -> Result<Self, Refusal> {
        let typed = text.trim().to_ascii_lowercase();
        let name = typed.strip_prefix('@').unwrap_or(&typed);
        let name = name.strip_suffix('.').unwrap_or(name);
        // An address in the domain is one that we could write to, so the domain is one that an address can have.
        let wrong = || Refusal::NotADomain { text: typed.chars().take(80).collect() };
        let address: Email = format!("a@{name}").parse().map_err(|_| wrong())?;
        let is_number = name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if address.domain() == name && !is_number { Ok(Self(name.to_owned())) } else { Err(wrong()) }
    }

    /// Whether anybody can have an address in it.
    fn is_public(&self) -> bool {
        PUBLIC.lines().any(|known| self.0 == known || self.0.ends_with(&format!(".{known}")))
    }

    /// The record that proves that the domain lets people join this account.
    #[must_use]
    pub fn record(&self, account: AccountId) -> TxtRecord {
        let hash = hash::Hash::of(&format!("quorate join\n{account}\n{}", self.0)).to_string();
        TxtRecord { name: format!("_quorate.{}", self.0), value: format!("quorate-join={hash}") }
    }

    /// Whether one of the texts found at the record's name is the one that proves it.
    pub fn is_proven_by<'a>(&self, account: AccountId, found: impl IntoIterator<Item = &'a str>) -> bool {
        let record = self.record(account);
        found.into_iter().any(|text| text.trim() == record.value)
    }
}

impl FromStr for Domain {
    type Err = Refusal;

    /// Reads `Example.org`, `@example.org` and `example.org.` as the same domain. International names are written in their
    /// ASCII form (`xn--…`).
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let domain = Self::taken(text)?;
        if domain.is_public() { Err(Refusal::PublicDomain { domain: domain.0 }) } else { Ok(domain) }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JoinDomain {
    /// Whether it is the account's own now, and not one in which anybody can have an address: the list of those may have grown
    /// since it was added.
    #[must_use]
    pub fn vouches(&self, now: Moment) -> bool {
        self.is_proven(now) && !self.domain.is_public()
    }

    /// Whether people can join by it now: its record was found, and not too long ago.
    #[must_use]
    pub fn is_proven(&self, now: Moment) -> bool {
        self.proven_at.is_some_and(|at| at <= now && now < at.after(PROVEN_FOR))
    }
}

/// A domain by which people would join in that role, unproven.
///
/// # Errors
/// [`Refusal::JoinRole`] for a role that joining must not give.
pub fn with_domain(domain: Domain, role: &Role) -> Result<JoinDomain, Refusal> {
    require_plain(role)?;
    Ok(JoinDomain { domain, role: role.name.clone(), proven_at: None })
}

/// Decides whether somebody who has proven that this address is theirs joins by domain, and by which. `role_of` finds a
/// role by name; it is asked again, because the catalogue may have changed since.
///
/// # Errors
/// The reason for the refusal.
pub fn may_join<'d, 'r>(
    domains: &'d [JoinDomain],
    email: &Email,
    role_of: impl Fn(&str) -> Option<&'r Role>,
    account: account::Status,
    now: Moment,
) -> Result<(&'d JoinDomain, &'r Role), Refusal> {
    let open = |join: &&JoinDomain| join.domain.as_str() == email.domain() && join.vouches(now);
    // First of all: only who has such an address learns anything of the account.
    let join = domains.iter().find(open).ok_or(Refusal::DomainNotOpen)?;
    account.allows(Use::Arrange)?;
    let role = role_of(&join.role).ok_or(Refusal::DomainNotOpen)?;
    require_plain(role)?;
    Ok((join, role))
}

fn require_plain(role: &Role) -> Result<(), Refusal> {
    if role.is_plain() && role.access == RoleAccess::Given { Ok(()) } else { Err(Refusal::JoinRole) }
}
