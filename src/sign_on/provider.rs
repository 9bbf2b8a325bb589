//! What is known of providers: how they describe themselves, and their keys. Kept for ten minutes at most, in memory; any
//! replica finds it out by itself.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::SignedDuration;
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    failed::{Failed, Why},
    http::Http,
};
use crate::{
    moment::Moment,
    outside::network::allowed,
    ownership::sign_on::{Issuer, Networks},
};

/// For how long what a provider says of itself is taken.
const KEPT: SignedDuration = SignedDuration::from_mins(10);
/// How soon its keys are asked for again, where a signature is by none of them.
const KEYS_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// Of so many providers something is kept.
const MOST_KEPT: usize = 256;
/// So many conversations are held at once: whoever begins many must not keep the service's connections.
const MOST_AT_ONCE: usize = 32;

/// How a provider describes itself.
pub(super) type Description = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What the library does not read by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Extra {
    /// Whether it names itself when it sends somebody back (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Extra {}

/// The providers, as far as they are known. Clones share everything.
#[derive(Clone)]
pub struct Providers(Arc<Shared>);

struct Shared {
    http: Http,
    known: Mutex<BTreeMap<String, Known>>,
    places: Semaphore,
}

#[derive(Clone)]
pub(super) struct Known {
    pub description: Arc<Description>,
    at: Moment,
}

impl Providers {
    /// Nothing is known of any yet.
    #[must_use]
    pub fn new(networks: Networks) -> Self {
        let http = Http::new(networks);
        Self(Arc::new(Shared { http, known: Mutex::default(), places: Semaphore::new(MOST_AT_ONCE) }))
    }

    /// Where a provider may be.
    #[must_use]
    pub fn networks(&self) -> Networks {
        self.0.http.networks()
    }

    pub(super) fn http(&self) -> &Http {
        &self.0.http
    }

    /// A place for one conversation.
    pub(super) fn place(&self) -> Result<SemaphorePermit<'_>, Failed> {
        self.0.places.try_acquire().map_err(|_| Failed::Busy)
    }

    /// How a provider describes itself, with its keys.
    pub(super) async fn described(&self, issuer: &Issuer, now: Moment) -> Result<Known, Failed> {
        let fresh = |known: &Known| known.at <= now && now.since(known.at) < KEPT;
        match self.known(issuer).filter(fresh) {
            Some(known) => Ok(known),
            None => self.ask(issuer, now).await,
        }
    }

    /// The same, asked anew, because a signature is by none of the keys that are known; nothing, if that was just done.
    pub(super) async fn described_anew(&self, issuer: &Issuer, now: Moment) -> Result<Option<Known>, Failed> {
        let just = |known: &Known| known.at <= now && now.since(known.at) < KEYS_AGAIN;
        if self.known(issuer).is_some_and(|known| just(&known)) {
            Ok(None)
        } else {
            self.ask(issuer, now).await.map(Some)
        }
    }

    fn known(&self, issuer: &Issuer) -> Option<Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer.as_str()).cloned()
    }

    async fn ask(&self, issuer: &Issuer, now: Moment) -> Result<Known, Failed> {
        let networks = self.networks();
        let url = IssuerUrl::new(issuer.as_str().to_owned()).map_err(|_| Failed::Described(Why::Issuer))?;
        let description = Description::discover_async(url, &self.0.http).await.map_err(|error| of_discovery(&error))?;
        // Browsers are sent there, so it must be a page, and the account's people are asked for passwords on it.
        allowed(description.authorization_endpoint().url(), networks).map_err(|_| Failed::Described(Why::Scheme))?;
        let known = Known { description: Arc::new(description), at: now };
        let mut all = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(issuer.as_str().to_owned(), known.clone());
        if all.len() > MOST_KEPT
            && let Some(oldest) = all.iter().min_by_key(|(_, known)| known.at).map(|(issuer, _)| issuer.clone())
        {
            all.remove(&oldest);
        }
        Ok(known)
    }
}

fn of_discovery(error: &DiscoveryError<Failed>) -> Failed {
    match error {
        DiscoveryError::Request(failed) => *failed,
        DiscoveryError::Validation(_) => Failed::Described(Why::Issuer),
        DiscoveryError::Parse(_)
        | DiscoveryError::Response(..)
        | DiscoveryError::UrlParse(_)
        | DiscoveryError::Other(_)
        | _ => Failed::Described(Why::Answer),
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Providers")
    }
}
