//! A program of the story's company that is told what happens. It shares nothing with the service but the secret of its endpoint,
//! and checks by itself that what arrives is right, after Standard Webhooks.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::{Context, anyhow, ensure};
use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use data_encoding::BASE64;
use ring::hmac;
use serde_json::Value;
use tokio::{net::TcpListener, sync::mpsc, time::timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::client::text;
use crate::{config::Limits, web::server};

/// The longest wait for a webhook.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program. It ends when it is dropped.
pub struct Receiver {
    /// Where it takes webhooks.
    pub url: String,
    arrived: mpsc::UnboundedReceiver<Arrived>,
    _stop: DropGuard,
}

/// A webhook, as it arrived.
struct Arrived {
    headers: HeaderMap,
    body: String,
}

impl Receiver {
    /// Starts it, on this machine.
    pub async fn start(limits: Limits) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/hooks", listener.local_addr()?);
        let (sender, arrived) = mpsc::unbounded_channel();
        let take = async move |headers: HeaderMap, body: String| {
            // When nobody listens any more, the story is over.
            drop(sender.send(Arrived { headers, body }));
            StatusCode::NO_CONTENT
        };
        let (routes, stop) = (Router::new().route("/hooks", post(take)), CancellationToken::new());
        tokio::spawn(server::serve(listener, routes, limits, stop.clone()));
        Ok(Self { url, arrived, _stop: stop.drop_guard() })
    }

    /// Waits for a webhook of that type, and checks each that arrives.
    pub async fn next(&mut self, kind: &str, secret: &str) -> anyhow::Result<Value> {
        loop {
            let arrived = timeout(PATIENCE, self.arrived.recv()).await;
            let arrived = arrived.with_context(|| format!("no webhook `{kind}` arrived within {PATIENCE:?}"))?;
            let arrived = arrived.context("the receiver has ended")?;
            ensure!(is_signed(&arrived, secret)?, "a webhook is not signed with its secret: {}", arrived.body);
            let changed = Arrived { headers: arrived.headers.clone(), body: format!("{} ", arrived.body) };
            ensure!(!is_signed(&changed, secret)?, "a webhook that was changed should not be right: {}", arrived.body);
            let told: Value = serde_json::from_str(&arrived.body)?;
            if text(&told, "/type")? == kind {
                return Ok(told);
            }
        }
    }
}

/// Whether one of its signatures is made with the secret, over the webhook's id, its moment and its body.
fn is_signed(arrived: &Arrived, secret: &str) -> anyhow::Result<bool> {
    let header = |name: &str| -> anyhow::Result<&str> {
        let value = arrived.headers.get(name).ok_or_else(|| anyhow!("a webhook has no `{name}`"))?;
        Ok(value.to_str()?)
    };
    let secret = secret.strip_prefix("whsec_").context("a secret begins with `whsec_`")?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &BASE64.decode(secret.as_bytes())?);
    let signed = format!("{}.{}.{}", header("webhook-id")?, header("webhook-timestamp")?, arrived.body);
    let is_right = |signature: &str| {
        let proof = signature.strip_prefix("v1,").and_then(|proof| BASE64.decode(proof.as_bytes()).ok());
        proof.is_some_and(|proof| hmac::verify(&key, signed.as_bytes(), &proof).is_ok())
    };
    Ok(header("webhook-signature")?.split(' ').any(is_right))
}
