//! How mails leave this installation: to its mail server, or into the built-in mailbox.

use std::time::Duration;

use reqwest::Url;

use super::error::NotReady;
use crate::{
    config::{Config, Dkim, Smtp, Tls, is_loopback},
    mail::{
        dkim::Signer,
        facts::Person,
        pace::Pace,
        post::{Post, Way},
        render::Letterhead,
        smtp::{self, Login, Postman},
    },
    web::site::Mailbox,
};

/// The longest wait for one answer of a mail server. RFC 5321 grants minutes; the next attempt is never far.
const PATIENCE: Duration = Duration::from_secs(30);

/// The post office for a service that is reached at `public_url`, and whether its mailbox is open.
///
/// # Errors
/// When there is no mail server, and somebody else could reach the mailbox: whoever reads it may act for everybody.
pub fn post(config: &Config, public_url: &str) -> Result<(Post, Mailbox), NotReady> {
    let letterhead = Letterhead { service: "Quorate".to_owned(), public_url: public_url.to_owned(), checkpoint: None };
    let (from, way, mailbox) = match &config.smtp {
        Some(server) => {
            let name = server.from.name.clone().unwrap_or_else(|| letterhead.service.clone());
            let from = Person { name, address: server.from.email.to_string() };
            (from, Way::Smtp(Box::new(postman(server, public_url)?)), Mailbox::Closed)
        }
        None if config.listen.ip().is_loopback() && is_loopback(public_url) => {
            let from = Person { name: letterhead.service.clone(), address: "quorate@localhost".to_owned() };
            (from, Way::Mailbox, Mailbox::Open)
        }
        None => return Err(NotReady::NoMailServer),
    };
    let return_path = config.smtp.as_ref().and_then(|server| server.bounces.clone());
    let pace = config.smtp.as_ref().map_or_else(Pace::free, |server| Pace::within(server.pace));
    Ok((Post { return_path, pace, ..Post::new(letterhead, from, way) }, mailbox))
}

/// Whoever brings letters to the configured mail server.
///
/// # Errors
/// When the server's name cannot be used.
pub fn postman(server: &Smtp, public_url: &str) -> Result<Postman, NotReady> {
    let login = match (&server.username, &server.password) {
        (Some(user), Some(password)) => Some(Login { user: user.clone(), password: password.expose().to_owned() }),
        (_, _) => None,
    };
    Ok(Postman::new(smtp::Settings {
        host: server.host.clone(),
        port: server.port,
        tls: match server.tls {
            Tls::Implicit => smtp::Tls::Wrapped,
            Tls::Required => smtp::Tls::Required,
            Tls::Opportunistic => smtp::Tls::Opportunistic,
            Tls::None => smtp::Tls::None,
        },
        authorities: server.authorities.clone(),
        login,
        signer: server.dkim.as_ref().map(signer).transpose()?,
        hello: host(public_url).unwrap_or_else(|| "localhost".to_owned()),
        timeout: PATIENCE,
    })?)
}

/// Whoever signs the letters.
///
/// # Errors
/// When the key cannot be used, which the configuration has looked at before.
pub fn signer(dkim: &Dkim) -> Result<Signer, NotReady> {
    Ok(Signer::new(&dkim.domain, &dkim.selector, dkim.key.expose())?)
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}
