//! What real mail programs and servers send passes.

use super::mails::{SENTENCE, acme, judge, judge_at, judge_signed, mail, mail_saying, now, published};
use crate::harness::dkim::{Signer, Terms};

#[test]
fn every_form_of_a_signature_is_taken() {
    for signer in [acme(), Signer::rsa("acme.example")] {
        for form in ["relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple"] {
            let mail = mail().replace("New owner", "New  owner\n\tof   Acme").replace("should", "should  \t ");
            let mail = format!("{mail}\n\n \n");
            let signed = signer.sign(&mail, &Terms { form, ..Terms::default() });
            assert_eq!(judge(&signed), "passed", "{form}");
            // As a pipe hands it over.
            assert_eq!(judge(&signed.replace("\r\n", "\n")), "passed", "{form}");
            assert_eq!(judge(&signed.replace("New  owner", "New  owners")), "signature_wrong", "{form}");
            assert_eq!(judge(&signed.replace("Cleo", "Dora")), "body_changed", "{form}");
        }
    }
}

#[test]
fn what_relays_add_changes_nothing() {
    let signed = acme().sign(&mail(), &Terms::tags("t=1772441880; x=1772528280; i=@mail.acme.example; z=From:x; "));
    let relay = "Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\r\n";
    let on_its_way =
        format!("Return-Path: <ben@acme.example>\r\nDelivered-To: votes@quorate.example\r\n{relay}{signed}");
    assert_eq!(judge(&on_its_way), "passed");
    // A relay that signs too is nobody to us, above and below.
    let other = super::mails::evil().sign(&signed, &Terms::default());
    assert_eq!(judge(&other), "passed");
    let (theirs, _) = other.split_once("\r\nDKIM-Signature:").unwrap();
    let (ours, rest) = signed.split_once("\r\nFrom:").unwrap();
    assert_eq!(judge(&format!("{ours}\r\n{theirs}\r\nFrom:{rest}")), "passed");
    // The second of two signatures suffices, where the key of the first is not there any more.
    let old = Signer { selector: "old", ..acme() };
    assert_eq!(judge(&old.sign(&signed, &Terms::default())), "passed");
}

#[test]
fn a_key_is_published_as_keys_are() {
    let signed = Signer::rsa("acme.example").sign(&mail(), &Terms::default());
    let record = published("rsa._domainkey.acme.example").remove(0);
    let (_, key) = record.split_once("p=").unwrap();
    // Between other tags, broken over pieces, and wrapped as most programs print it.
    let wrapped = {
        let key = data_encoding::BASE64.decode(key.as_bytes()).unwrap();
        let mut der = vec![0x30, 0x82, 0, 0];
        der.extend([0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0]);
        der.extend([3, 0x82]);
        der.extend(u16::try_from(key.len() + 1).unwrap().to_be_bytes());
        der.push(0);
        der.extend(&key);
        let length = u16::try_from(der.len() - 4).unwrap().to_be_bytes();
        der[2..4].copy_from_slice(&length);
        data_encoding::BASE64.encode(&der)
    };
    for record in [
        record.clone(),
        format!("k=rsa; t=s; s=email; h=sha256; p={key}"),
        format!("p={} {}", &key[..40], &key[40..]),
        format!("v=DKIM1; p={wrapped}"),
    ] {
        let dns = |_: &str| vec!["v=spf1 -all".to_owned(), record.clone()];
        assert!(judge_at(signed.as_bytes(), &dns, now()).is_ok(), "{record}");
    }
}

#[test]
fn a_text_comes_in_many_wrappings() {
    let with = |fields: &str, body: &str| {
        let (header, _) =
            mail_saying("").split_once("\n\n").map(|(header, body)| (header.to_owned(), body.len())).unwrap();
        format!("{header}\nMIME-Version: 1.0\n{fields}\n\n{body}")
    };
    let html = "<p>The current account owner …</p>\n";
    let alternative = format!(
        "--b1\nContent-Type: text/plain; charset=UTF-8\n\n{SENTENCE}\n--b1\nContent-Type: text/html\n\n{html}\n--b1--\n"
    );
    let quoted = SENTENCE.replace("therefore\n", "there=\nfore\n").replace("is not", "is=20not");
    let mixed = format!(
        "Some preamble.\n--b2\nContent-Type: multipart/alternative; boundary=b1\n\n{alternative}\n--b2\n\
         Content-Type: image/png\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b2\n\
         Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nnothing\n--b2--\nThe end.\n"
    );
    let covering = Terms::covering(&["From", "To", "Subject", "Date", "Content-Type", "Content-Transfer-Encoding"]);
    for (fields, body) in [
        ("Content-Type: text/plain; charset=utf-8; format=flowed", SENTENCE.to_owned()),
        ("Content-Type: text/plain; charset=\"us-ascii\"\nContent-Transfer-Encoding: 7bit", SENTENCE.to_owned()),
        ("Content-Type: multipart/alternative; boundary=\"b1\"", alternative.clone()),
        ("Content-Type: multipart/mixed; boundary=b2", mixed),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable", quoted),
        (
            "Content-Type: text/plain\nContent-Transfer-Encoding: base64",
            format!("{}\n", data_encoding::BASE64.encode(SENTENCE.as_bytes())),
        ),
    ] {
        assert_eq!(judge(&acme().sign(&with(fields, &body), &covering)), "passed", "{fields}");
    }
    // Where the body says itself what its parts are, the field that says it too need not be covered.
    let mail = with("Content-Type: multipart/alternative; boundary=b1", &alternative);
    assert_eq!(judge_signed(&mail), "passed");
}
