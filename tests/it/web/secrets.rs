//! Invariant 17 through the front door: an account is recovered by paper key over HTTP, and of all that was secret on the way
//! nothing is in the database, the outbox or the log, however it is written.

use std::collections::BTreeSet;

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, Specification};
use jiff::SignedDuration;
use quorate::{
    jobs::{
        deadlines,
        deliver::{Delivered, deliver},
    },
    mail::mailbox,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::{
    log::taken,
    pages::{
        paper_keys::confirmed,
        recover::{key_code, link_at},
    },
    site::House,
};
use crate::{
    app::dump::dump,
    harness::{TestDb, authenticator::Device, on_both, proof::PASSWORD},
};

on_both!(nothing_secret_is_kept);

const SITE: &str = "http://localhost:8080";
const NORA: &str = "nora@example.com";

async fn nothing_secret_is_kept(test: TestDb) {
    taken();
    let house = House::furnished_as("recommended", test).await.at(SITE);
    let mut secrets = BTreeSet::from([PASSWORD.to_owned(), house.operator.clone()]);
    let lines = play(&house, &mut secrets).await;
    mailed(&house, &mut secrets).await;
    let bits = bits(&lines);
    let database = dump(&house.test).await;
    let log = taken();
    // So that this cannot pass on empty texts: what is no secret is there.
    assert!(database.contains(&HEXLOWER.encode(&Sha256::digest(&bits))), "the hash of the key is not in the dump");
    assert!(log.contains("/v1/recoveries/{recovery}/confirm"), "the log is not that of the requests: {log}");
    let mut written: Vec<String> = secrets.iter().flat_map(|secret| ways(secret)).collect();
    written.extend(encoded(&bits));
    for place in [database, log] {
        let place = place.to_lowercase();
        let found: Vec<&String> = written.iter().filter(|way| place.contains(&way.to_lowercase())).collect();
        assert!(found.is_empty(), "{found:?}");
    }
    assert!(written.len() > 400, "only {} ways to write {} secrets", written.len(), secrets.len());
}

/// From the owner who issues a key to the new one who signs in. The key's lines.
async fn play(house: &House, secrets: &mut BTreeSet<String>) -> Vec<String> {
    let rita = confirmed(house).await;
    let olga = house.proven("Olga Orlova").await;
    let keys = format!("/v1/accounts/{}/recovery-users/{rita}/paper-keys", house.account);
    let issued = house.call("POST", &keys, &olga, Some(json!({}))).await.json();
    let lines: Vec<String> = serde_json::from_value(issued["lines"].clone()).unwrap();
    secrets.insert(olga);
    secrets.extend(lines.iter().cloned());
    let call = async |path: &str, body: Value| {
        let reply = house.call("POST", path, "", Some(body)).await;
        assert!((200..300).contains(&reply.status), "{path}: {}", reply.body);
        reply.json()
    };
    let key = json!({"paper_key": lines.join("\n")});
    call("/v1/paper-keys/drill", key.clone()).await;
    let begun = call("/v1/recoveries", key).await;
    let code = key_code(house).await;
    let nora = json!({"name": "Nora New", "email": NORA});
    let wanted = json!({"code": code, "kind": "replace", "new_owner": nora, "statement": "She knows the company."});
    call(&format!("/v1/recoveries/{}/confirm", begun["recovery"].as_str().unwrap()), wanted).await;
    let (_, token) = link_at(house, NORA, "nomination").await;
    call("/v1/links/redeem", json!({"token": token, "confirm": true})).await;
    let (app, post, stop) = (&house.site.app, &house.site.post, CancellationToken::new());
    while Box::pin(deliver(app, post, &stop)).await.unwrap() != Delivered::default() {}
    app.clock.advance(SignedDuration::from_hours(72));
    Box::pin(deadlines::sweep(app, &stop)).await.unwrap();
    let (_, token) = link_at(house, NORA, "new_owner_welcome").await;
    let asked = call("/v1/links/enrol/options", json!({"token": token})).await;
    let mut device = Device::at(SITE);
    let made = json!({"token": token, "ceremony": asked["ceremony"], "name": "Telephone",
        "answer": device.create(&asked["options"])});
    call("/v1/links/enrol", made).await;
    let asked = call("/v1/sign-in/passkey/options", json!({})).await;
    let shown = json!({"ceremony": asked["ceremony"], "answer": device.get(&asked["options"])});
    let entered = call("/v1/sign-in/passkey", shown).await;
    secrets.insert(entered["token"].as_str().unwrap().to_owned());
    lines
}

/// The codes in all mails, and what stands behind the `#` of their links.
async fn mailed(house: &House, secrets: &mut BTreeSet<String>) {
    let (app, post) = (&house.site.app, &house.site.post);
    for line in mailbox::list(app, post, 200).await.unwrap() {
        let opened = mailbox::letter(app, post, line.entry.id).await.unwrap().unwrap();
        let text = opened.letter.unwrap().rendered.text;
        let proofs = text.split_whitespace().filter_map(|word| word.strip_prefix("http")?.split_once('#'));
        secrets.extend(proofs.map(|(_, proof)| proof.to_owned()));
        let is_code = |line: &&str| {
            let digits = line.chars().filter(char::is_ascii_digit).count();
            matches!(digits, 8 | 16) && line.chars().all(|letter| letter.is_ascii_digit() || letter == ' ')
        };
        secrets.extend(text.lines().map(str::trim).filter(is_code).map(str::to_owned));
    }
    assert!(secrets.len() > 20, "{} secrets were mailed", secrets.len());
}

/// The 160 bits of a key, without its number and its checks.
fn bits(lines: &[String]) -> Vec<u8> {
    let own = lines.iter().flat_map(|line| line.chars().filter(|letter| *letter != '-').take(10));
    let secret: String = own.skip(8).collect();
    let mut crockford = Specification::new();
    crockford.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    crockford.encoding().unwrap().decode(secret.as_bytes()).unwrap()
}

/// A secret as it is, without what is only there to read it, backwards, and encoded.
fn ways(secret: &str) -> Vec<String> {
    let bare = secret.replace(['-', ' '], "");
    let mut ways = vec![secret.to_owned(), secret.chars().rev().collect(), bare.chars().rev().collect()];
    ways.extend(secret.contains(' ').then(|| secret.replace(' ', "+")));
    ways.extend(secret.contains(' ').then(|| secret.replace(' ', "%20")));
    ways.extend(encoded(secret.as_bytes()).into_iter().chain(encoded(bare.as_bytes())));
    // What is random in a token is base64 itself.
    let random = secret.rsplit('_').next().unwrap_or_default();
    if random.len() > 20
        && let Ok(bytes) = BASE64URL_NOPAD.decode(random.as_bytes())
    {
        ways.push(random.to_owned());
        ways.extend(encoded(&bytes));
    }
    ways.push(bare);
    ways
}

/// Bytes in the encodings that databases, programs and logs have for them; in base64 also in the midst of something longer.
fn encoded(bytes: &[u8]) -> Vec<String> {
    let listed = bytes.iter().map(u8::to_string).collect::<Vec<_>>();
    let mut all = vec![HEXLOWER.encode(bytes), BASE32_NOPAD.encode(bytes), listed.join(", "), listed.join(",")];
    for before in 0..3 {
        let shifted = [&vec![0; before], bytes].concat();
        for encoding in [BASE64_NOPAD, BASE64URL_NOPAD] {
            let text = encoding.encode(&shifted);
            // Without the characters to which the neighbours add bits.
            let whole = text.len() - usize::from(shifted.len() % 3 != 0);
            all.push(text[(before * 8).div_ceil(6)..whole].to_owned());
        }
    }
    all
}
