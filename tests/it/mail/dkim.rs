//! Signatures, checked by somebody else: dkimpy, which is Debian's `python3-dkim`, asks a DNS server for the key and looks at
//! mails as they came over the wire.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use quorate::mail::{
    dkim::{BadKey, Signer},
    smtp::{Posted, Postman, Settings, Tls},
};

use super::smtp::{letter, letter_with_everything};
use crate::harness::{dns::Records, smtp::MailServer};

/// Says whether the mail on standard input has a good signature: all of it, by the key that the DNS server names.
const CHECK: &str = r#"
import sys, dkim, dns.resolver
host, port = sys.argv[1].rsplit(":", 1)
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = [host], int(port)
def ask(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    return b"".join(next(iter(resolver.resolve(name, "TXT"))).strings)
try:
    good = dkim.verify(sys.stdin.buffer.read(), dnsfunc=ask)
except Exception as error:
    good = repr(error)
print(good)
"#;

fn checker() -> bool {
    let there = ["/usr/bin/dkimverify", "/usr/bin/openssl"].into_iter().find(|program| !Path::new(program).exists());
    let Some(program) = there else { return true };
    assert!(std::env::var_os("QUORATE_TEST_REQUIRE_DKIM").is_none(), "there is no {program}");
    println!("signatures are not checked: there is no {program}");
    false
}

/// A new key in PEM.
fn key(how: &[&str]) -> String {
    let made = Command::new("openssl").arg("genpkey").args(how).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    String::from_utf8(made.stdout).unwrap()
}

fn verified(dns: &Records, mail: &str) -> String {
    let mut command = Command::new("/usr/bin/python3");
    command.args(["-c", CHECK, &dns.address().to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut asked = command.spawn().unwrap();
    asked.stdin.take().unwrap().write_all(mail.as_bytes()).unwrap();
    String::from_utf8(asked.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}

async fn sent(signer: Option<Signer>) -> Vec<String> {
    let server = MailServer::start().await;
    let (host, hello) = ("127.0.0.1".to_owned(), "quorate.example".to_owned());
    let (port, timeout) = (server.address.port(), Duration::from_secs(20));
    let settings = Settings { host, port, tls: Tls::None, authorities: None, login: None, signer, hello, timeout };
    let postman = Postman::new(settings).unwrap();
    for letter in
        [letter("dora@acme.example"), letter_with_everything("dora@acme.example"), letter("dora@acme.example")]
    {
        assert!(matches!(postman.send(&letter).await, Posted::Accepted { .. }));
    }
    server.taken().into_iter().map(|taken| taken.raw).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_are_good_to_others() {
    if !checker() {
        return;
    }
    let dns = Records::start().await;
    let rsa = ["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"];
    for (kind, how) in [("ed25519", &["-algorithm", "ed25519"][..]), ("rsa", &rsa[..])] {
        let signer = Signer::new("Quorate.example", kind, &key(how)).unwrap();
        let record = signer.record();
        assert_eq!(record.name, format!("{kind}._domainkey.quorate.example"));
        dns.put(&record.name, &[&record.text]);
        let mails = sent(Some(signer)).await;
        assert_eq!(mails[0], mails[2], "the same letter is the same bytes, signature and all");
        for mail in &mails {
            assert!(mail.lines().all(|line| line.len() <= 998), "{mail}");
            assert_eq!(verified(&dns, mail), "True", "{kind}: {mail}");
        }
        // What somebody does to it on the way shows.
        let mail = &mails[0];
        for changed in [
            mail.replace("\r\nSubject:", "\r\nSubject: Another\r\nSubject:"),
            mail.replace("\r\nFrom:", "\r\nFrom: olga@acme.example\r\nFrom:"),
            mail.replace("\r\nTo:", "\r\nTo: everybody@acme.example\r\nTo:"),
            mail.replace("\r\nDate:", "\r\nReply-To: eve@acme.example\r\nDate:"),
            mail.replace("\r\nDate:", "\r\nCc: eve@acme.example\r\nDate:"),
            mail.replace("Auto-Submitted: auto-generated\r\n", ""),
            mail.replacen("Hello", "Goodbye", 1),
            format!("{mail}One more line.\r\n"),
        ] {
            assert_ne!(&changed, mail);
            assert_ne!(verified(&dns, &changed), "True", "{kind}: {changed}");
        }
        // Spaces at the ends of lines, and headers of the mail servers on the way, do not matter.
        let passed_on =
            format!("Received: from somewhere\r\n by somebody; today\r\n{}", mail.replace("Hello", "Hello "));
        let passed_on = passed_on.replace("Hello  ", "Hello ");
        assert_eq!(verified(&dns, &passed_on), "True", "{passed_on}");
    }
    let unsigned = sent(None).await;
    assert!(unsigned.iter().all(|mail| !mail.contains("DKIM-Signature")));
    assert_eq!(verified(&dns, &unsigned[0]), "False");
}

#[test]
fn only_good_keys_sign() {
    if !checker() {
        return;
    }
    let with = |pem: &str| Signer::new("quorate.example", "one", pem).map(|signer| signer.record().text);
    assert_eq!(with(""), Err(BadKey::NotAKey));
    assert_eq!(with("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), Err(BadKey::NotAKey));
    let short = key(&["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024"]);
    assert_eq!(with(&short), Err(BadKey::Unfit));
    let other = key(&["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    assert_eq!(with(&other), Err(BadKey::Unfit));
    let told = format!("{:?}", Signer::new("quorate.example", "one", &key(&["-algorithm", "ed25519"])));
    assert_eq!(told, "Ok(Signer { domain: \"quorate.example\", selector: \"one\", .. })");
}
