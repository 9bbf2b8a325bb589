//! How the state of an endpoint, and what came of an attempt, are told on pages.

use crate::app::view::webhooks::{DeliveryView, WebhookView};

/// The look and the words of an endpoint's badge.
pub(super) fn badge(webhook: &WebhookView) -> (&'static str, &'static str) {
    match (webhook.status, webhook.why) {
        ("active", _) if webhook.failing_since.is_some() => ("warn", "fails"),
        ("active", _) => ("good", "on"),
        ("ending", _) => ("warn", "ends"),
        (_, Some("recovered")) => ("warn", "ended by a recovery"),
        (_, Some("failed")) => ("bad", "off: it failed"),
        (_, Some("gone")) => ("bad", "off: it is gone"),
        (_, _) => ("", "off"),
    }
}

/// What came of an attempt, in words.
pub(super) fn outcome(delivery: &DeliveryView) -> String {
    match (delivery.status, delivery.trouble.as_deref()) {
        (Some(status), _) => format!("answered {status}"),
        (None, Some("connection")) => "no connection".to_owned(),
        (None, Some("too_slow")) => "no answer in time".to_owned(),
        (None, Some("private_network")) => "its name leads into a private network, which is not called".to_owned(),
        (None, Some("address")) => "its address is not called".to_owned(),
        (None, Some(_) | None) => "this service could not send it; its operator is told".to_owned(),
    }
}
