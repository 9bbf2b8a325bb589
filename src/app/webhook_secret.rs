//! The secrets by which receivers know that webhooks are ours.

use zeroize::Zeroizing;

use super::{app::App, error::Error};
use crate::{
    id::WebhookId,
    moment::Moment,
    sealed::{NotOpened, Sealed},
    store::webhooks::Endpoint,
    webhook::signature::Secret,
};

/// A new secret for an endpoint: as it is shown once, and as it is kept.
pub(super) fn draw(app: &App, webhook: WebhookId) -> Result<(Zeroizing<String>, Sealed), Error> {
    let text = Secret::of(&Zeroizing::new(app.chance.bytes())).text();
    let sealed = Sealed::seal(&app.secret, &app.chance, &about(webhook), &text)?;
    Ok((text, sealed))
}

/// The secrets with which something is signed for an endpoint now: the one in force, and for a while the one before.
///
/// # Errors
/// [`NotOpened`].
pub fn in_use(app: &App, endpoint: &Endpoint, now: Moment) -> Result<Vec<Secret>, NotOpened> {
    let before = endpoint.previous.as_ref().filter(|(_, until)| now < *until).map(|(sealed, _)| sealed);
    let sealed = [Some(&endpoint.secret), before].into_iter().flatten();
    let open = |sealed: &Sealed| {
        let text = sealed.open(&app.secret, &about(endpoint.id))?;
        Secret::read(&text).map_err(|_| NotOpened)
    };
    sealed.map(open).collect()
}

/// What the secret belongs to.
fn about(webhook: WebhookId) -> Vec<u8> {
    format!("webhook secret\n{webhook}").into_bytes()
}
