//! The mail server: one URL, or host, port and the rest as keys of their own.

use data_encoding::HEXLOWER_PERMISSIVE;
use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use reqwest::Url;

use super::{
    build::Reader,
    dkim,
    secret::Secret,
    settings::{Smtp, Tls},
};
use crate::mail::pace::Limits;

/// Reads the table. `None` where nothing of it is given, or where it is wrong, which is then noted.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Smtp> {
    const OTHERS: [&str; 13] = [
        "smtp.port",
        "smtp.username",
        "smtp.password",
        "smtp.password_file",
        "smtp.tls",
        "smtp.ca_file",
        "smtp.from",
        "smtp.bounce_address",
        "smtp.dkim_domain",
        "smtp.dkim_selector",
        "smtp.dkim_key_file",
        "smtp.domain_at_once",
        "smtp.domain_per_minute",
    ];
    let by_keys = ["smtp.host", "smtp.port", "smtp.tls"].into_iter().find(|key| reader.given.has(key));
    let orphan = OTHERS.into_iter().find(|key| reader.given.has(key));
    let url = reader.secret("smtp.url", "smtp.url_file");
    let server = match (url, by_keys) {
        (Some(_), Some(key)) => {
            reader.given.problem(key, "given twice, also in `smtp.url`", "keep one of the two");
            None
        }
        (Some(url), None) => of_url(reader, &url),
        (None, _) => of_keys(reader, orphan),
    };
    let username = reader.text("smtp.username");
    let password = reader.secret("smtp.password", "smtp.password_file");
    let authorities = authorities(reader);
    let from = reader.text("smtp.from");
    let bounces = reader.text("smtp.bounce_address");
    let bounces = bounces.and_then(|text| {
        let help = "write an address like `bounces@example.org`, with at most 21 letters before the `@`";
        reader.parsed("smtp.bounce_address", &text, help)
    });
    let dkim = dkim::given(reader);
    let pace = pace(reader);
    let server = server?;
    let Some(from) = from else {
        reader.given.problem(
            "smtp.from",
            "missing",
            "write the sender of the mails, like `Quorate <quorate@example.org>`",
        );
        return None;
    };
    let from = reader.parsed("smtp.from", &from, "write an address like `Quorate <quorate@example.org>`")?;
    if server.username.is_some() && (username.is_some() || password.is_some()) {
        reader.given.problem("smtp.username", "given twice, also in `smtp.url`", "keep one of the two");
    }
    let (username, password) = (server.username.or(username), server.password.or(password));
    if username.is_some() != password.is_some() {
        let (missing, there) =
            if username.is_some() { ("smtp.password", "user name") } else { ("smtp.username", "password") };
        reader.given.problem(missing, format!("missing, while there is a {there}"), "give both or neither");
    }
    if authorities.is_some() && server.tls == Tls::None {
        let help = "take it out, or let `smtp.tls` be `required`";
        reader.given.problem("smtp.ca_file", "without use, because nothing is encrypted", help);
    }
    let dkim = dkim::read(reader, dkim, &from);
    let Server { host, port, tls, .. } = server;
    Some(Smtp { host, port, username, password, tls, authorities, from, bounces, dkim, pace })
}

/// How fast mails go to one domain, unless somebody says otherwise: an account of some hundred administrators is asked for its
/// ballots within minutes, and no mail server takes us for a nuisance.
fn pace(reader: &mut Reader<'_>) -> Limits {
    let at_once = reader.number("smtp.domain_at_once", 1, 8).and_then(|number| usize::try_from(number).ok());
    let per_minute = reader.number("smtp.domain_per_minute", 1, 100_000).and_then(|number| u32::try_from(number).ok());
    Limits { at_once: at_once.unwrap_or(4), per_minute: per_minute.unwrap_or(120) }
}

struct Server {
    host: String,
    port: u16,
    tls: Tls,
    username: Option<String>,
    password: Option<Secret>,
}

fn of_keys(reader: &mut Reader<'_>, orphan: Option<&'static str>) -> Option<Server> {
    let port = reader.number("smtp.port", 1, 65_535).and_then(|port| u16::try_from(port).ok());
    let tls = match reader.text("smtp.tls").as_deref() {
        None if port == Some(465) => Tls::Implicit,
        None | Some("required") => Tls::Required,
        Some("implicit") => Tls::Implicit,
        Some("opportunistic") => Tls::Opportunistic,
        Some("none") => Tls::None,
        Some(other) => {
            let help = "write `required`, `implicit`, `opportunistic` or `none`";
            reader.given.problem("smtp.tls", format!("`{other}` is not known"), help);
            Tls::Required
        }
    };
    let Some(host) = reader.text("smtp.host") else {
        if let Some(key) = orphan {
            reader.given.problem(key, "given without a mail server", "add `smtp.host` or `smtp.url`");
        }
        return None;
    };
    Some(Server { host, port: port.unwrap_or_else(|| usual_port(tls)), tls, username: None, password: None })
}

/// The certificates that the mail server's must come from. Looked at now, so that a slip is told before a mail waits.
fn authorities(reader: &mut Reader<'_>) -> Option<String> {
    const KEY: &str = "smtp.ca_file";
    let pem = reader.file(KEY)?;
    let usable = Certificate::from_pem(pem.as_bytes()).and_then(|found| {
        let trust = TlsParameters::builder("localhost".to_owned()).certificate_store(CertificateStore::None);
        trust.add_root_certificate(found).build()
    });
    if !pem.contains("-----BEGIN CERTIFICATE-----") || usable.is_err() {
        let help = "name a file of PEM certificates, which begin with `-----BEGIN CERTIFICATE-----`";
        reader.given.problem(KEY, "no certificate can be read from the file", help);
        return None;
    }
    Some(pem)
}

fn usual_port(tls: Tls) -> u16 {
    match tls {
        Tls::Implicit => 465,
        Tls::Required => 587,
        Tls::Opportunistic | Tls::None => 25,
    }
}

fn of_url(reader: &mut Reader<'_>, url: &Secret) -> Option<Server> {
    let server = Url::parse(url.expose()).ok().and_then(|url| {
        let tls = match url.scheme() {
            "smtps" => Tls::Implicit,
            "smtp" => Tls::Required,
            _ => return None,
        };
        let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
        let username = Some(url.username()).filter(|name| !name.is_empty()).map(decoded);
        let password = url.password().map(decoded).map(Secret::new);
        Some(Server { host, port: url.port().unwrap_or_else(|| usual_port(tls)), tls, username, password })
    });
    if server.is_none() {
        // Not shown: it may hold a password.
        reader.given.problem(
            "smtp.url",
            "not a mail server",
            "write `smtps://USER:PASSWORD@HOST` or `smtp://USER:PASSWORD@HOST`",
        );
    }
    server
}

/// Undoes the percent signs that a URL needs around a password's special characters.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        match HEXLOWER_PERMISSIVE.decode(code.as_bytes()) {
            Ok(byte) if byte.len() == 1 => bytes.extend(byte.iter().chain(rest.as_bytes())),
            Ok(_) | Err(_) => bytes.extend(b"%".iter().chain(part.as_bytes())),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
