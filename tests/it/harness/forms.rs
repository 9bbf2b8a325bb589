//! Looks for a text in all the forms in which it may have got somewhere.

use std::fmt::Write;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

/// The text as it is, in JSON, in a URL, in hexadecimal, as a list of bytes, and in base64 wherever it began.
pub fn forms(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let mut url = String::new();
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(*byte)),
            _ => write!(url, "%{byte:02X}").unwrap(),
        }
    }
    let json = serde_json::to_string(text).unwrap();
    let mut all = vec![
        text.to_owned(),
        json.trim_matches('"').to_owned(),
        url.replace("%20", "+"),
        url.to_lowercase(),
        url,
        HEXLOWER.encode(bytes),
        HEXUPPER.encode(bytes),
        list.join(", "),
        list.join(","),
    ];
    for before in 0..3 {
        let shifted = [&vec![0; before], bytes].concat();
        for base in [&BASE64_NOPAD, &BASE64URL_NOPAD] {
            // Only those letters that depend on nothing else than the text.
            let (from, to) = ((before * 8).div_ceil(6), shifted.len() * 8 / 6);
            all.push(base.encode(&shifted)[from..to].to_owned());
        }
    }
    all
}

/// The forms of a text that stand somewhere. Digits are found only as a number of their own: longer ones, and fractions,
/// hold any digits by chance.
pub fn found(text: &str, place: &str) -> Vec<String> {
    let all_digits = |form: &str| form.bytes().all(|byte| byte.is_ascii_digit());
    let alone = |form: &str| {
        place.match_indices(form).any(|(at, _)| {
            let before = place[..at].chars().next_back();
            let after = place[at + form.len()..].chars().next();
            !before.is_some_and(|letter| letter.is_ascii_digit() || letter == '.')
                && !after.is_some_and(|letter| letter.is_ascii_digit())
        })
    };
    let is_there = |form: &String| if all_digits(form) { alone(form) } else { place.contains(form.as_str()) };
    forms(text).into_iter().filter(is_there).collect()
}

#[test]
fn every_form_is_found() {
    for text in ["first.owner@example.org", "Administrator Ä", "12345678", "\"It is gone\",\nsaid one."] {
        for form in forms(text) {
            assert!(form.len() >= 8, "`{form}` is too short to mean anything");
            assert!(!found(text, &format!("before {form} after")).is_empty(), "`{form}`");
        }
        for before in ["", "a", "ab"] {
            let hidden = BASE64_NOPAD.encode(format!("{before}{text}xyz").as_bytes());
            assert!(!found(text, &hidden).is_empty(), "{hidden}");
        }
    }
    assert_eq!(found("12345678", "0.12345678 and 123456789"), Vec::<String>::new());
}
