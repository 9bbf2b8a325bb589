//! Asks the DNS for the texts at a name. The only place that does; nothing else in the service looks anything up there but
//! the addresses of its mail server, its database and of identity providers.
//!
//! Answers are not kept: somebody who has just published a record presses a button to have it found.

use std::{fmt, net::SocketAddr, time::Duration};

use hickory_resolver::{
    Resolver, ResolverBuilder, TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
    proto::rr::{Name, RData},
};
use tokio::time::timeout;

/// The longest wait for an answer, all tries together. It stays below what a request may take.
const PATIENCE: Duration = Duration::from_secs(6);
/// The wait for one try.
const TRY: Duration = Duration::from_secs(2);

/// The DNS, as servers near us tell of it. Clones share everything.
#[derive(Clone)]
pub struct Dns(Option<TokioResolver>);

/// What was found at a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// These texts.
    Texts(Vec<String>),
    /// The DNS says that there is none.
    Nothing,
    /// Nobody answered, or not what was asked. There may be some.
    Silent,
}

impl Dns {
    /// Asks the servers that this machine asks. Where it names none, nobody is asked.
    #[must_use]
    pub fn of_system() -> Self {
        match Resolver::builder_tokio() {
            Ok(builder) => Self::built(builder),
            Err(error) => {
                tracing::warn!(%error, "this machine names no DNS server, so no domain can be proven; set `dns_servers`");
                Self(None)
            }
        }
    }

    /// Asks these servers, one after the other; nobody if there are none.
    #[must_use]
    pub fn of_servers(servers: &[SocketAddr]) -> Self {
        if servers.is_empty() {
            return Self(None);
        }
        let at = |server: &SocketAddr| {
            let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
            for connection in &mut connections {
                connection.port = server.port();
            }
            NameServerConfig::new(server.ip(), true, connections)
        };
        let config = ResolverConfig::from_name_servers(servers.iter().map(at).collect());
        Self::built(Resolver::builder_with_config(config, TokioRuntimeProvider::default()))
    }

    fn built(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Self {
        let options = builder.options_mut();
        options.cache_size = 0;
        options.timeout = TRY;
        options.attempts = 2;
        match builder.build() {
            Ok(resolver) => Self(Some(resolver)),
            Err(error) => {
                tracing::warn!(%error, "the DNS cannot be asked, so no domain can be proven; set `dns_servers`");
                Self(None)
            }
        }
    }

    /// The texts (TXT records) at that name. The pieces of each are put together.
    pub async fn texts(&self, name: &str) -> Found {
        let (Some(resolver), Ok(mut name)) = (&self.0, Name::from_ascii(name)) else { return Found::Silent };
        // Never below a domain of this machine's own.
        name.set_fqdn(true);
        match timeout(PATIENCE, resolver.txt_lookup(name)).await {
            Ok(Ok(lookup)) => {
                let data = lookup.answers().iter().map(|record| &record.data);
                Found::Texts(data.filter_map(text).collect())
            }
            Ok(Err(error)) if error.is_no_records_found() || error.is_nx_domain() => Found::Nothing,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the DNS did not answer");
                Found::Silent
            }
            Err(_) => Found::Silent,
        }
    }
}

fn text(data: &RData) -> Option<String> {
    if let RData::TXT(text) = data { Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()) } else { None }
}

impl fmt::Debug for Dns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Dns(asked)" } else { "Dns(nobody)" })
    }
}
