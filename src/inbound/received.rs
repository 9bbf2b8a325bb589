//! A mail as it came in: its bytes, with line ends of one kind.

use super::refused::{Broken, Refused};

/// The largest mail that is read. A vote is a sentence; this leaves room for a company's letterhead.
pub const MOST_BYTES: usize = 1024 * 1024;

/// A mail as it came in. Whoever receives one reads at most one byte more than [`MOST_BYTES`] of it.
pub struct Received(Vec<u8>);

impl Received {
    /// What came in, or its beginning where it is larger than what is read.
    #[must_use]
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// What came in.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it is larger than what is read.
    #[must_use]
    pub const fn is_too_large(&self) -> bool {
        self.0.len() > MOST_BYTES
    }

    /// The mail with the line ends that signatures are computed over.
    ///
    /// A pipe hands over lines that end with a bare LF, the network such that end with CRLF. A mail in which both occur, or
    /// a bare CR, would be read by different programs in different ways, and is none.
    ///
    /// # Errors
    /// [`Refused::TooLarge`], or [`Refused::Broken`] for such line ends and for zero bytes.
    pub fn with_network_lines(&self) -> Result<Vec<u8>, Refused> {
        if self.is_too_large() {
            return Err(Refused::TooLarge);
        }
        let bytes = without_mailbox_line(&self.0);
        if bytes.contains(&0) {
            return Err(Broken::ZeroByte.into());
        }
        let pairs = bytes.windows(2).filter(|pair| *pair == b"\r\n").count();
        let returns = bytes.split(|byte| *byte == b'\r').skip(1).count();
        let feeds = bytes.split(|byte| *byte == b'\n').skip(1).count();
        if returns != pairs || (pairs > 0 && feeds != pairs) {
            return Err(Broken::LineEnds.into());
        }
        if pairs == feeds {
            return Ok(bytes.to_vec());
        }
        let mut lines = Vec::with_capacity(bytes.len() + feeds);
        for byte in bytes {
            if *byte == b'\n' {
                lines.push(b'\r');
            }
            lines.push(*byte);
        }
        Ok(lines)
    }
}

/// Some pipes put a line before the mail that begins with `From ` and is no header.
fn without_mailbox_line(bytes: &[u8]) -> &[u8] {
    if !bytes.starts_with(b"From ") {
        return bytes;
    }
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    bytes.get(end..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Result<String, Refused> {
        let lines = Received::new(text.as_bytes().to_vec()).with_network_lines()?;
        Ok(String::from_utf8(lines).unwrap())
    }

    #[test]
    fn lines_end_in_one_way() {
        assert_eq!(lines("a: b\n\nc\n").unwrap(), "a: b\r\n\r\nc\r\n");
        assert_eq!(lines("a: b\r\n\r\nc\r\n").unwrap(), "a: b\r\n\r\nc\r\n");
        assert_eq!(lines("From kim@example.org Mon Mar  2\na: b\n").unwrap(), "a: b\r\n");
    }

    #[test]
    fn lines_that_two_programs_would_read_differently_are_none() {
        for bad in ["a: b\r\n\r\nc\n", "a: b\n\r\nc\n", "a: b\rc: d\n", "a: b\r\r\n"] {
            assert_eq!(lines(bad), Err(Broken::LineEnds.into()), "{bad:?}");
        }
        assert_eq!(lines("a: \0b\n"), Err(Broken::ZeroByte.into()));
        assert_eq!(lines(&"a".repeat(MOST_BYTES + 1)), Err(Refused::TooLarge));
    }
}
