//! One webhook handed to its receiver, and what that answers.

use std::{fmt, sync::Arc, time::Duration};

use jiff::SignedDuration;
use reqwest::{
    Method, Request, Url,
    header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT},
};
use tokio::time::timeout;

use super::{
    client::{Outside, Unreached, why},
    network::{Barred, allowed},
};
use crate::{
    clock::Stopwatch,
    moment::Moment,
    ownership::networks::Networks,
    webhook::{
        address::{Address, Wrong},
        refusal::Refusal,
        schedule::retry_after,
    },
};

/// The longest that a receiver may take, from the connection to the end of what is read of its answer.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// So much is read of an answer, and no more: whoever takes a webhook has nothing to say.
const READ: usize = 4096;
/// So many letters of it are kept, for the owners to see what went wrong.
const KEPT: usize = 512;

/// Those who receive webhooks. Clones share everything.
#[derive(Clone)]
pub struct Receivers(Arc<Shared>);

struct Shared {
    outside: Outside,
    patience: Duration,
}

/// A webhook on its way: its headers and its body.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub seconds: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// The body.
    pub body: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The receiver answered.
    Answered {
        /// The status.
        status: u16,
        /// The beginning of what it said, as far as it can be shown.
        excerpt: String,
        /// How long it asks to be left alone.
        asked: Option<SignedDuration>,
    },
    /// It did not.
    Silent(Unreached),
}

impl Reply {
    /// Whether the receiver took it.
    #[must_use]
    pub const fn is_taken(&self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }
}

impl Receivers {
    /// Those in these networks.
    #[must_use]
    pub fn new(networks: Networks) -> Self {
        Self::waited_for(networks, PATIENCE)
    }

    /// The same, each of them given so long and no longer.
    #[must_use]
    pub fn waited_for(networks: Networks, patience: Duration) -> Self {
        Self(Arc::new(Shared { outside: Outside::new(networks, patience), patience }))
    }

    /// Where they may be.
    #[must_use]
    pub fn networks(&self) -> Networks {
        self.0.outside.networks()
    }

    /// Reads the address of a new one.
    ///
    /// # Errors
    /// [`Refusal::Address`].
    pub fn read(&self, text: &str) -> Result<Address, Refusal> {
        let address = Address::read(text, self.networks())?;
        let wrong = |why| Refusal::Address { why };
        let url: Url = address.as_str().parse().map_err(|_| wrong(Wrong::NoHost))?;
        match allowed(&url, self.networks()) {
            Ok(()) => Ok(address),
            Err(Barred::Scheme) => Err(wrong(Wrong::NotHttps)),
            Err(Barred::PrivateNetwork) => Err(wrong(Wrong::PrivateNetwork)),
        }
    }

    /// Hands a webhook over, and says how long that took. Nothing is tried twice.
    pub async fn hand_over(&self, to: &Address, parcel: Parcel, now: Moment) -> (Reply, Duration) {
        let watch = Stopwatch::start();
        let reply = match timeout(self.0.patience, self.call(to, parcel, now)).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(unreached)) => Reply::Silent(unreached),
            Err(_) => Reply::Silent(Unreached::TooSlow),
        };
        (reply, watch.passed())
    }

    async fn call(&self, to: &Address, parcel: Parcel, now: Moment) -> Result<Reply, Unreached> {
        let url: Url = to.as_str().parse().map_err(|_| Barred::Scheme)?;
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("quorate/", env!("CARGO_PKG_VERSION"))));
        for (name, value) in [
            ("webhook-id", parcel.id),
            ("webhook-timestamp", parcel.seconds.to_string()),
            ("webhook-signature", parcel.signature),
        ] {
            let value = HeaderValue::try_from(value).map_err(|_| Unreached::NoClient)?;
            headers.insert(HeaderName::from_static(name), value);
        }
        *request.body_mut() = Some(parcel.body.into());
        let mut answer = self.0.outside.send(request).await?;
        let status = answer.status().as_u16();
        let asked = answer.headers().get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?, now));
        let mut said = Vec::new();
        while said.len() < READ
            && let Some(piece) = answer.chunk().await.map_err(|error| why(&error))?
        {
            said.extend_from_slice(&piece);
        }
        Ok(Reply::Answered { status, excerpt: excerpt(&said), asked })
    }
}

impl fmt::Debug for Receivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receivers")
    }
}

/// The beginning of what a receiver said, in one line that can be printed.
fn excerpt(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let printed: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let words: Vec<&str> = printed.split_whitespace().collect();
    words.join(" ").chars().take(KEPT).collect()
}
