//! `key check`: what it says of a typed key, and that it needs nothing but the key.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use serde_json::Value;

use super::quorate;

/// The key whose form `paper_key::form` holds on to.
const KEY: [&str; 4] = ["0410-6105-0RX3", "3GG2-8A1C-606C", "T3GF-208H-44EG", "RM2M-B1E6-0S41"];

fn check(typed: &str, args: &[&str]) -> (Option<i32>, String, String) {
    let mut child = quorate(&[&["key", "check"], args].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_key_that_is_right_is_named() {
    for typed in [KEY.join("\n"), KEY.join("-"), KEY.join("\n").to_lowercase().replace('0', "o")] {
        let (code, out, err) = check(&typed, &[]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
        assert_eq!(out, "key 0410-6105 is typed as on its sheet; whether it is still good, a drill tells\n");
    }
}

#[test]
fn the_wrong_line_is_named() {
    let typed = KEY.join("\n").replace("8A1C", "81AC");
    let (code, out, _) = check(&typed, &[]);
    assert_eq!((code, out.as_str()), (Some(1), "line 2 is not as on the sheet: compare it character by character\n"));
    let (code, out, _) = check(&typed, &["--json"]);
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &said["right"], &said["number"]), (Some(1), &Value::Bool(false), &Value::Null));
    assert_eq!(said["faults"][0]["line"], 2);
}

#[test]
fn nothing_and_nonsense_are_refused() {
    assert_eq!(check("", &[]).0, Some(1));
    assert!(check("\n \n", &[]).1.starts_with("type the key as it stands on its sheet"));
    let mut child = quorate(&["key", "check"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&[0xff, 0xfe]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("is no text"));
}

#[test]
fn a_key_is_never_an_argument() {
    let (code, out, err) = check("", &["0000-0000-0001"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
}
