//! Which addresses get webhooks.

use quorate::{
    ownership::networks::Networks,
    webhook::{
        address::{Address, LONGEST, Wrong},
        refusal::Refusal,
    },
};

fn read(text: &str, networks: Networks) -> Result<String, Wrong> {
    match Address::read(text, networks) {
        Ok(address) => Ok(address.host().to_owned()),
        Err(Refusal::Address { why }) => Err(why),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_address_is_https_and_says_where() {
    for (text, expected) in [
        ("https://hooks.example.org", Ok("hooks.example.org")),
        ("https://hooks.example.org:8443/a/b?token=1", Ok("hooks.example.org:8443")),
        ("https://hooks.example.org?token=1", Ok("hooks.example.org")),
        ("https://[2001:db8::1]/", Ok("[2001:db8::1]")),
        ("http://hooks.example.org/", Err(Wrong::NotHttps)),
        ("http://localhost/", Err(Wrong::NotHttps)),
        ("ftp://hooks.example.org/", Err(Wrong::NotHttps)),
        ("hooks.example.org", Err(Wrong::NotHttps)),
        ("", Err(Wrong::NotHttps)),
        ("https://", Err(Wrong::NoHost)),
        ("https:///path", Err(Wrong::NoHost)),
        ("https://:443/", Err(Wrong::NoHost)),
        ("https://mia@hooks.example.org/", Err(Wrong::NamesAUser)),
        ("https://mia:secret@hooks.example.org/", Err(Wrong::NamesAUser)),
        ("https://hooks.example.org/a@b", Ok("hooks.example.org")),
        ("https://hooks.example.org/#part", Err(Wrong::Fragment)),
        ("https://hooks.example.org/ a", Err(Wrong::Characters)),
        ("https://hooks.example.org/\u{e4}", Err(Wrong::Characters)),
        ("https://hooks.example.org\\@evil.example/", Err(Wrong::Characters)),
        ("https://hooks.example.org/\n", Err(Wrong::Characters)),
    ] {
        assert_eq!(read(text, Networks::Public), expected.map(str::to_owned), "{text}");
    }
    let long = |length: usize| format!("https://h.example/{}", "a".repeat(length - 18));
    assert!(read(&long(LONGEST), Networks::Public).is_ok());
    assert_eq!(read(&long(LONGEST + 1), Networks::Public), Err(Wrong::TooLong));
}

#[test]
fn on_this_machine_plain_http_can_be_allowed() {
    for text in ["http://localhost/", "http://127.0.0.1:9000/", "http://[::1]:9000/"] {
        assert!(read(text, Networks::Private).is_ok(), "{text}");
    }
    for text in ["http://hooks.example.org/", "http://10.0.0.1/", "http://localhost.example.org/"] {
        assert_eq!(read(text, Networks::Private), Err(Wrong::NotHttps), "{text}");
    }
}

#[test]
fn what_is_printed_of_one_is_its_host() {
    let address = Address::read("https://hooks.example.org/a-secret-path", Networks::Public).unwrap();
    assert_eq!(format!("{address:?}"), "Address(hooks.example.org)");
}
