//! What the routes share.

use std::sync::Arc;

use axum::extract::FromRef;

use super::{case::live::Places, layers::Observer, throttle::Throttle};
use crate::{app::app::App, jobs::pulse::Pulse, mail::post::Post};

/// What the routes share. Clones share everything.
#[derive(Clone)]
pub struct Site {
    /// The use cases.
    pub app: App,
    /// How mails are written, for the built-in mailbox.
    pub post: Arc<Post>,
    /// Whether the sweeps still run.
    pub pulse: Pulse,
    /// Whether the built-in mailbox is served.
    pub mailbox: Mailbox,
    /// How many pages are told at once when what they show has changed.
    pub places: Places,
    /// How often one address of the network may try to come in.
    pub throttle: Throttle,
}

/// Whether the built-in mailbox page is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailbox {
    /// On loopback, with no mail server and no public address: mails are read here.
    Open,
    /// There is none.
    Closed,
}

impl Site {
    /// What stands around every request of this site.
    #[must_use]
    pub fn observer(&self) -> Observer {
        let App { clock, chance, db, .. } = &self.app;
        let service = self.post.letterhead.service.as_str().into();
        Observer { clock: clock.clone(), chance: chance.clone(), meter: db.meter().clone(), service }
    }
}

impl FromRef<Site> for App {
    fn from_ref(site: &Site) -> Self {
        site.app.clone()
    }
}
