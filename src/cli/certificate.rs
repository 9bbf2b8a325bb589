//! `quorate certificate verify`: checks a certificate. It asks nobody, so it works without a service and years later.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
    process::ExitCode,
};

use serde::Serialize;

use super::{
    args::{CertificateCommand, CertificateVerify},
    audit::read_key,
    failure::Failure,
    output::print_data,
};
use crate::{
    activity::certificate::{
        check::{Wrong, check},
        told::{Proof, Told},
    },
    inbound::kept::Says,
    mail::plain_text,
    recovery::{ballot::Choice, policy::BallotWay, terms::Kind},
};

/// Larger than any certificate, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What was found.
#[derive(Serialize)]
struct Report {
    valid: bool,
    code: Option<&'static str>,
    problem: Option<String>,
    certificate: Option<Told>,
}

/// Checks a certificate; the exit code says whether it is right.
pub fn run(command: &CertificateCommand) -> anyhow::Result<ExitCode> {
    match command {
        CertificateCommand::Verify(args) => verify(args),
    }
}

fn verify(args: &CertificateVerify) -> anyhow::Result<ExitCode> {
    let key = args.key.as_deref().map(read_key).transpose()?;
    let text = read(&args.file)?;
    let found = check(&text, key.as_ref());
    let valid = found.is_ok();
    let report = match found {
        Ok(told) => Report { valid, code: None, problem: None, certificate: Some(told) },
        Err(wrong) => {
            Report { valid, code: Some(Wrong::code(&wrong)), problem: Some(wrong.to_string()), certificate: None }
        }
    };
    print_data(args.form, &report, |report, out| {
        if let Some(problem) = &report.problem {
            writeln!(out, "not valid: {problem}")?;
        }
        if let Some(told) = &report.certificate {
            tell(told, out)?;
            if key.is_none() {
                writeln!(out, "\nCompare the key with one that you got elsewhere, or give it with --key.")?;
            }
        }
        Ok(())
    })?;
    Ok(if valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(file: &Path) -> Result<String, Failure> {
    let unusable = |error: io::Error| Failure::usage(format!("`{}` cannot be read ({})", file.display(), error.kind()));
    let mut text = String::new();
    let mut reader: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(fs::File::open(file).map_err(unusable)?)
    };
    (&mut reader).take(LARGEST).read_to_string(&mut text).map_err(unusable)?;
    Ok(text)
}

fn tell(told: &Told, out: &mut dyn Write) -> io::Result<()> {
    let person = |person: &crate::recovery::terms::Person| {
        format!("{} <{}> ({})", plain_text::name(&person.name), plain_text::name(&person.email), person.id)
    };
    writeln!(out, "valid: the ownership of {} changed by {}", told.account, told.case)?;
    for owner in &told.owners {
        writeln!(out, "  owner before   {}", person(owner))?;
    }
    let became = match told.kind {
        Kind::Replace => "new owner     ",
        Kind::Add => "one more owner",
    };
    writeln!(out, "  {became} {}", person(&told.nominee))?;
    writeln!(out, "  opened         {}", told.opened_at)?;
    writeln!(
        out,
        "  approvals      {} of {} who could vote, {} needed",
        told.approvals,
        told.electorate.len(),
        told.required
    )?;
    for (user, ballot) in &told.ballots {
        let choice = match ballot.choice {
            Choice::Approve => "approved",
            Choice::Reject => "rejected",
        };
        let way = match ballot.way {
            BallotWay::SignedIn => "signed in",
            BallotWay::Passkey => "with a passkey",
            BallotWay::MailLink => "by the link in a mail",
            BallotWay::PlainMail => "by a mail of their own",
        };
        writeln!(out, "    {user} {choice} at {}, {way}", ballot.cast_at)?;
        tell_proof(&ballot.proof, out)?;
    }
    for key in &told.keys {
        writeln!(out, "    {key} redeemed a paper key")?;
    }
    writeln!(out, "  waited         from {} to {}, {} pauses", told.waiting_since, told.due_at, told.pauses)?;
    writeln!(out, "  owners told    {}", if told.notice == "in_time" { "in time" } else { "not all of them in time" })?;
    for (owner, at) in &told.alerts {
        writeln!(out, "    {owner}: their mail server took the first alert at {at}")?;
    }
    writeln!(out, "  completed      {}", told.completed_at)?;
    writeln!(out, "  sealed in      {}, {} entries", told.log, told.size)
}

/// What vouches for a ballot. A mail is shown as well: whether something in it takes the ballot back is for its reader to say.
fn tell_proof(proof: &Proof, out: &mut dyn Write) -> io::Result<()> {
    let mail = match proof {
        Proof::Service => return writeln!(out, "      proof: the service's word"),
        Proof::Passkey => return writeln!(out, "      proof: what the passkey signed, and the signature is right"),
        Proof::MailGone => {
            return writeln!(
                out,
                "      proof: the service's word; the mail was erased, or left out of the certificate"
            );
        }
        Proof::Mail(mail) => mail,
    };
    let says = match mail.says {
        Says::People => "it names the owner and the nominee",
        Says::Answer => "it answers a question; that this was the case is the service's word",
    };
    writeln!(out, "      proof: a mail of {}, and its signature is right; {says}", plain_text::address(&mail.from))?;
    writeln!(out, "      signed with the key at {}, SHA-256 {}", mail.key_name, mail.key_hash)?;
    for line in mail.lines.iter().take(MOST_LINES) {
        writeln!(out, "        | {}", plain_text::line(line))?;
    }
    if mail.lines.len() > MOST_LINES {
        writeln!(out, "        | … and {} more lines; --json has them", mail.lines.len() - MOST_LINES)?;
    }
    Ok(())
}

/// So many lines of a mail are shown.
const MOST_LINES: usize = 20;
