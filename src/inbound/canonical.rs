//! The form in which a body is signed (RFC 6376, 3.4). Our own, because that of the library at hand takes a line of blanks at the
//! end of a mail for one with words.

use super::signature::Form;
use crate::hash::Hash;

/// The hash of a body in that form.
#[must_use]
pub fn body_hash(body: &[u8], form: Form) -> Hash {
    let mut lines: Vec<Vec<u8>> = body.split(|byte| *byte == b'\n').map(|line| smooth(line, form)).collect();
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    let mut text = lines.join(&b"\r\n"[..]);
    match form {
        Form::Relaxed if lines.is_empty() => {}
        Form::Relaxed | Form::Simple => text.extend(b"\r\n"),
    }
    Hash::of_parts(&[&text])
}

fn smooth(line: &[u8], form: Form) -> Vec<u8> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match form {
        Form::Simple => line.to_vec(),
        Form::Relaxed => {
            let mut smooth: Vec<u8> = Vec::with_capacity(line.len());
            for byte in line {
                match byte {
                    b' ' | b'\t' if smooth.last() == Some(&b' ') => {}
                    b' ' | b'\t' => smooth.push(b' '),
                    _ => smooth.push(*byte),
                }
            }
            if smooth.last() == Some(&b' ') {
                smooth.pop();
            }
            smooth
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_change_on_the_way_changes_nothing() {
        // The example of the standard, and the ends of mails.
        let relaxed = |body: &str| body_hash(body.as_bytes(), Form::Relaxed);
        assert_eq!(relaxed(" C \r\nD \t E\r\n\r\n\r\n"), Hash::of(" C\r\nD E\r\n"));
        assert_eq!(relaxed("C\r\n \t\r\n\r\n  "), Hash::of("C\r\n"));
        assert_eq!(relaxed("C"), Hash::of("C\r\n"));
        assert_eq!(relaxed("\r\n"), Hash::of(""));
        let simple = |body: &str| body_hash(body.as_bytes(), Form::Simple);
        assert_eq!(simple(" C \r\nD \t E\r\n\r\n\r\n"), Hash::of(" C \r\nD \t E\r\n"));
        assert_eq!(simple("C\r\n \r\n"), Hash::of("C\r\n \r\n"));
        assert_eq!(simple(""), Hash::of("\r\n"));
    }
}
