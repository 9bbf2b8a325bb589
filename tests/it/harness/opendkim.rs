//! A signer of mails that is not ours: `OpenDKIM` as a milter, which signs what a mail server hands to it with the key of its
//! sender's domain, and leaves everything else as it is.

use std::{path::Path, process::Command};

use data_encoding::BASE64;

use super::{
    nameserver::Record,
    program::{Program, free_port, is_there, output},
};

const OPENDKIM: &str = "/usr/sbin/opendkim";

/// A running signer.
pub struct Opendkim {
    /// Where a mail server finds it.
    pub port: u16,
    /// The keys that its domains publish.
    pub records: Vec<Record>,
    program: Program,
}

impl Opendkim {
    /// A signer for those domains, or nothing where there is none; where signatures must be tested, it fails instead.
    ///
    /// A mail's sender is whom `Sender` names, if there is one, and not whom `From` does: so it also signs, in the name of its own
    /// domain, what somebody there sends in another one's name.
    pub async fn start(domains: &[&str]) -> Option<Self> {
        if !is_there(OPENDKIM, "QUORATE_TEST_REQUIRE_DKIM") {
            return None;
        }
        let (directory, port) = (Program::directory("opendkim"), free_port());
        let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).unwrap();
        let place = directory.display();
        let (mut records, mut keys, mut senders) = (Vec::new(), String::new(), String::new());
        for domain in domains {
            let name = format!("post._domainkey.{domain}");
            records.push((name.clone(), key(&directory.join(domain))));
            keys += &format!("{name} {domain}:post:{place}/{domain}\n");
            senders += &format!("*@{domain} {name}\n");
        }
        write("keys", &keys);
        write("senders", &senders);
        // It reads the keys as root, from a directory below one where everybody may write.
        let settings = format!(
            "Mode s\nSocket inet:{port}@127.0.0.1\nCanonicalization relaxed/relaxed\nSignatureAlgorithm rsa-sha256\n\
             KeyTable file:{place}/keys\nSigningTable refile:{place}/senders\nSenderHeaders Sender,From\n\
             OversignHeaders From\nInternalHosts 127.0.0.1\nRequireSafeKeys no\nSyslog no\n"
        );
        write("opendkim.conf", &settings);
        let mut command = Command::new(OPENDKIM);
        command.args(["-f", "-x"]).arg(directory.join("opendkim.conf"));
        Some(Self { port, records, program: Program::start(directory, &mut command, port).await })
    }

    /// What it says of itself.
    pub fn log(&self) -> String {
        self.program.log()
    }
}

/// Makes a key there, and says what its domain publishes.
fn key(file: &Path) -> String {
    let how = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out"];
    output(Command::new("openssl").args(how).arg(file));
    let public = output(Command::new("openssl").args(["pkey", "-pubout", "-outform", "DER", "-in"]).arg(file));
    format!("v=DKIM1; k=rsa; p={}", BASE64.encode(&public))
}
