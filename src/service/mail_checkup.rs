//! The part of the checkup that is about mail: whether the mail server takes ours, and whether others can tell that they are ours.

use super::{
    checkup::{Line, private},
    mailing,
    open::dns,
};
use crate::{
    config::{Config, Dkim},
    dns::Found,
};

/// Looks at it.
pub(super) async fn lines(config: &Config) -> Vec<Line> {
    let mut lines = vec![mail_server(config).await];
    if let Some(dkim) = config.smtp.as_ref().and_then(|server| server.dkim.as_ref()) {
        lines.push(private("signing key", &dkim.file, 0o007));
        lines.push(signatures(config, dkim).await);
    }
    lines
}

async fn mail_server(config: &Config) -> Line {
    const CHECK: &str = "mail server";
    let Some(server) = &config.smtp else {
        return match mailing::post(config, &config.public_url) {
            Ok(_) => Line::ok(CHECK, "there is none; mails go to the built-in mailbox, on this machine only"),
            Err(problem) => Line::not_ready(CHECK, &problem),
        };
    };
    let (host, port) = (&server.host, server.port);
    match mailing::postman(server, &config.public_url) {
        Err(problem) => Line::not_ready(CHECK, &problem),
        Ok(postman) => match postman.try_out(&server.from.email).await {
            Ok(()) => Line::ok(CHECK, format!("`{host}:{port}` takes our mails")),
            Err(answer) => Line::fail(CHECK, format!("`{host}:{port}`: {answer}"), "mend the keys under `smtp`"),
        },
    }
}

/// Whether the domain has published what signatures are checked with.
async fn signatures(config: &Config, dkim: &Dkim) -> Line {
    const CHECK: &str = "signatures of mails";
    let record = match mailing::signer(dkim) {
        Ok(signer) => signer.record(),
        Err(problem) => return Line::not_ready(CHECK, &problem),
    };
    let publish = format!("publish at `{}` the TXT record `{}`", record.name, record.text);
    match dns(config).texts(&record.name).await {
        Found::Texts(texts) if texts.iter().any(|text| key_in(text) == key_in(&record.text)) => {
            Line::ok(CHECK, format!("mails are signed, and `{}` has the key to check them", record.name))
        }
        Found::Texts(_) => Line::fail(CHECK, format!("`{}` has another key", record.name), publish),
        Found::Nothing => Line::fail(CHECK, format!("there is no key at `{}`", record.name), publish),
        Found::Silent => Line::warn(CHECK, "the DNS did not say whether the key is published", publish),
    }
}

/// The key in a record, whatever else stands there and however it is spaced.
fn key_in(record: &str) -> Option<String> {
    let mut tags = record.split(';').filter_map(|tag| tag.split_once('='));
    let (_, key) = tags.find(|(name, _)| name.trim() == "p")?;
    Some(key.split_whitespace().collect())
}
