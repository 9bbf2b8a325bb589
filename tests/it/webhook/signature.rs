//! How webhooks are signed.

use quorate::webhook::signature::{Secret, signatures};
use zeroize::Zeroizing;

/// The example of the standard's own libraries.
const EXAMPLE: (&str, &str, i64, &str, &str) = (
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    1_614_265_330,
    "{\"test\": 2432232314}",
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
);

#[test]
fn it_signs_as_the_standard_does() {
    let (secret, id, seconds, body, signature) = EXAMPLE;
    let secret = Secret::read(secret).unwrap();
    assert_eq!(signatures([&secret], id, seconds, body.as_bytes()), signature);
    for (id, seconds, body) in [("msg", seconds, body), (id, seconds + 1, body), (id, seconds, "{}")] {
        assert_ne!(signatures([&secret], id, seconds, body.as_bytes()), signature);
    }
}

#[test]
fn each_secret_signs() {
    let (first, second) = (Secret::of(&Zeroizing::new([1; 32])), Secret::of(&Zeroizing::new([2; 32])));
    let both = signatures([&first, &second], "id", 1, b"body");
    let (one, other) = both.split_once(' ').unwrap();
    assert_eq!(one, signatures([&first], "id", 1, b"body"));
    assert_eq!(other, signatures([&second], "id", 1, b"body"));
    assert_eq!(signatures([], "id", 1, b"body"), "");
}

#[test]
fn a_secret_has_one_written_form() {
    let secret = Secret::of(&Zeroizing::new([7; 32]));
    let text = secret.text();
    assert_eq!(*text, "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
    assert_eq!(*Secret::read(&text).unwrap().text(), *text);
    assert_eq!(format!("{secret:?}"), "[secret]");
    for bad in ["", "whsec_", "whsec_AAAA", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=", "whsec_#"] {
        assert!(Secret::read(bad).is_err(), "{bad}");
    }
}
