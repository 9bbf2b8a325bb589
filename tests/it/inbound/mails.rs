//! Mails for tests, and what becomes of one at the gate.

use quorate::{
    inbound::{
        gate::Mailed,
        letter::Letter,
        received::Received,
        refused::Refused,
        sender::{NoVerdict, Outcome, Sender, candidates},
        verify::outcome,
    },
    moment::Moment,
};

use crate::harness::dkim::{Signer, Terms};

/// Where votes go.
pub const ADDRESS: &str = "votes@quorate.example";

/// The sentence of the document.
pub const SENTENCE: &str = "The current account owner Olga Orlova (olga@acme.example) is not contactable and therefore\n\
                            Cleo Costa (cleo@acme.example) should be made the new account owner.\n";

pub fn now() -> Moment {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// A mail of Ben's, not signed yet.
pub fn mail() -> String {
    mail_saying(SENTENCE)
}

pub fn mail_saying(words: &str) -> String {
    format!(
        "From: Ben Bauer <ben@acme.example>\nTo: {ADDRESS}\nSubject: New owner\nDate: Mon, 2 Mar 2026 09:58:00 +0100\n\
         Message-ID: <1@acme.example>\n\n{words}"
    )
}

/// The mail server of Ben's company.
pub fn acme() -> Signer {
    Signer::ed25519("acme.example", 1)
}

/// That of somebody else.
pub fn evil() -> Signer {
    Signer::ed25519("evil.example", 2)
}

/// What is published at a name.
pub type Dns<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// The keys of both.
pub fn published(name: &str) -> Vec<String> {
    let signers = [acme(), evil(), Signer::rsa("acme.example")];
    signers.iter().filter(|signer| signer.name() == name).map(Signer::record).collect()
}

/// What becomes of a mail at that moment.
pub fn judge_at(mail: &[u8], dns: Dns<'_>, now: Moment) -> Result<Mailed, Refused> {
    let lines = Received::new(mail.to_vec()).with_network_lines()?;
    let letter = Letter::read(&lines)?;
    let candidates = candidates(&letter, now)?;
    let outcomes: Vec<Outcome> = candidates
        .iter()
        .map(|candidate| outcome(letter.header(), &candidate.signature, &dns(&candidate.signature.key_name())))
        .collect();
    match Sender::of(&letter, &outcomes) {
        Ok(sender) => Mailed::new(sender, &letter, &ADDRESS.parse().unwrap(), now),
        Err(NoVerdict::Refused(refused)) => Err(refused),
        Err(NoVerdict::NotNow) => panic!("nothing here is unknown"),
    }
}

/// What becomes of a mail, in a word.
pub fn judge(mail: &str) -> &'static str {
    match judge_at(mail.as_bytes(), &published, now()) {
        Ok(_) => "passed",
        Err(refused) => refused.code(),
    }
}

/// What becomes of a mail of Ben's once it is signed.
pub fn judge_signed(mail: &str) -> &'static str {
    judge(&acme().sign(mail, &Terms::default()))
}
