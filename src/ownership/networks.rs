//! Where those may be whom the service calls because an account's owners said so.

/// Where they may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Networks {
    /// In the public network, by https.
    #[default]
    Public,
    /// In a network of the operator's own too; on this machine also by plain http.
    Private,
}

impl Networks {
    /// Whether an address of that scheme and host (with its port) can be called at all.
    #[must_use]
    pub fn allow(self, scheme: &str, host: &str) -> bool {
        match (scheme, self) {
            ("https", Self::Public | Self::Private) => true,
            ("http", Self::Private) => is_this_machine(host),
            _ => false,
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    ["127.0.0.1", "[::1]", "localhost"].contains(&name)
}
