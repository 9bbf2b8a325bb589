//! The key with which mails are signed.

use std::path::PathBuf;

use lettre::message::Mailbox;

use super::{build::Reader, secret::Secret, settings::Dkim};
use crate::mail::dkim::Signer;

/// What was given of it.
pub(super) struct Given {
    domain: Option<String>,
    selector: Option<String>,
    key: Option<(PathBuf, Secret)>,
}

const KEY: &str = "smtp.dkim_key_file";
const SELECTOR: &str = "smtp.dkim_selector";
const DOMAIN: &str = "smtp.dkim_domain";

/// Takes out what was given.
pub(super) fn given(reader: &mut Reader<'_>) -> Given {
    let (domain, selector) = (reader.text(DOMAIN), reader.text(SELECTOR));
    let key = reader.file_at(KEY).map(|(path, text)| (path, Secret::new(text)));
    Given { domain, selector, key }
}

/// Reads it. `None` where nothing of it is given, or where it is wrong, which is then noted.
pub(super) fn read(reader: &mut Reader<'_>, given: Given, from: &Mailbox) -> Option<Dkim> {
    let sender = from.email.domain().to_ascii_lowercase();
    let (selector, (file, key)) = match (given.selector, given.key) {
        (Some(selector), Some(key)) => (selector, key),
        (None, None) => {
            if given.domain.is_some() {
                reader.given.problem(
                    DOMAIN,
                    "given without a key",
                    "add `smtp.dkim_selector` and `smtp.dkim_key_file`",
                );
            }
            return None;
        }
        (selector, _) => {
            let missing = if selector.is_some() { KEY } else { SELECTOR };
            reader.given.problem(missing, "missing, while the other is there", "give both or neither");
            return None;
        }
    };
    let domain = given.domain.map_or_else(|| sender.clone(), |domain| domain.to_ascii_lowercase());
    if !is_name(&domain) || !is_name(&selector) {
        let key = if is_name(&domain) { SELECTOR } else { DOMAIN };
        reader.given.problem(key, "not a name that can stand in the DNS", "write one like `example.org`, or `quorate`");
        return None;
    }
    if sender != domain && !sender.ends_with(&format!(".{domain}")) {
        // Whoever gets the mail compares both, and finds a signature of somebody else (RFC 7489).
        let detail = format!("`{domain}` is not the domain of the sender, `{sender}`, nor one above it");
        reader.given.problem(
            DOMAIN,
            detail,
            "write that domain, or take the key out to have it taken from `smtp.from`",
        );
        return None;
    }
    if let Err(problem) = Signer::new(&domain, &selector, key.expose()) {
        let help =
            "make one with `openssl genpkey -algorithm ed25519`, or `-algorithm rsa -pkeyopt rsa_keygen_bits:2048`";
        reader.given.problem(KEY, problem.to_string(), help);
        return None;
    }
    Some(Dkim { domain, selector, file, key })
}

/// Whether it is made of what names in the DNS are.
fn is_name(text: &str) -> bool {
    let label = |label: &str| {
        let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (1..=63).contains(&label.len()) && letters
    };
    text.len() <= 200 && text.split('.').all(label)
}
