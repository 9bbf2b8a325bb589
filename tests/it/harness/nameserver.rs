//! A DNS server that is not ours: dnsmasq, which knows a few records and asks nobody.

use std::process::Command;

use super::program::{Program, is_there};

const DNSMASQ: &str = "/usr/sbin/dnsmasq";

/// A name and the text that is published there.
pub type Record = (String, String);

/// A running server.
pub struct Nameserver {
    _program: Program,
}

impl Nameserver {
    /// Whether one can be started. Where signatures must be tested, it fails instead of saying no.
    pub fn is_there() -> bool {
        is_there(DNSMASQ, "QUORATE_TEST_REQUIRE_DKIM")
    }

    /// Starts one at that port, for UDP and for TCP.
    pub async fn start(port: u16, records: &[Record]) -> Self {
        let mut command = Command::new(DNSMASQ);
        command.args(["--no-daemon", "--conf-file=/dev/null", "--pid-file", "--no-resolv", "--no-hosts"]);
        command.args(["--listen-address=127.0.0.1", "--bind-interfaces", &format!("--port={port}")]);
        for (name, text) in records {
            command.arg(format!("--txt-record={name},{}", strings(text)));
        }
        Self { _program: Program::start(Program::directory("dnsmasq"), &mut command, port).await }
    }
}

/// A text as the strings of a record, of which each has 255 bytes at most. A comma separates them, so there is none in the text.
fn strings(text: &str) -> String {
    assert!(!text.contains(','), "{text}");
    let pieces: Vec<&str> = text.as_bytes().chunks(200).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
    pieces.join(",")
}
