//! `quorate key check`: says which line of a typed paper key is wrong. It asks nobody, so it works without a service.
//!
//! The key is read from standard input only: what is typed as an argument stays in the shell's history.

use std::{
    io::{self, BufRead, IsTerminal, Read, Write},
    process::ExitCode,
};

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    args::{KeyCheck, KeyCommand},
    failure::Failure,
    output::print_data,
};
use crate::paper_key::{form::LINES, key::Number, read::read};

/// More than anybody types.
const LONGEST: u64 = 4096;

/// What was found. Nothing of the key but its number.
#[derive(Serialize)]
struct Report {
    right: bool,
    number: Option<Number>,
    faults: Vec<Fault>,
}

#[derive(Serialize)]
struct Fault {
    line: Option<u8>,
    detail: String,
}

/// Checks a key; the exit code says whether it is well-formed.
pub fn run(command: &KeyCommand) -> anyhow::Result<ExitCode> {
    match command {
        KeyCommand::Check(args) => check(args),
    }
}

fn check(args: &KeyCheck) -> anyhow::Result<ExitCode> {
    let read = read(&typed()?);
    let report = match &read {
        Ok(key) => Report { right: true, number: Some(key.number()), faults: Vec::new() },
        Err(wrong) => {
            let faults = wrong.0.iter().map(|fault| Fault { line: fault.line(), detail: fault.to_string() });
            Report { right: false, number: None, faults: faults.collect() }
        }
    };
    print_data(args.form, &report, |report, out| {
        if let Some(number) = report.number {
            writeln!(out, "key {number} is typed as on its sheet; whether it is still good, a drill tells")?;
        }
        report.faults.iter().try_for_each(|fault| writeln!(out, "{}", fault.detail))
    })?;
    Ok(if report.right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What stands on standard input. Whoever sits there is asked line by line.
fn typed() -> anyhow::Result<Zeroizing<String>> {
    let input = io::stdin().lock();
    let is_terminal = input.is_terminal();
    let mut input = input.take(LONGEST);
    let no_text = || Failure::usage("what stands on standard input is no text");
    // Room for all of it, so that no outgrown piece stays behind in memory.
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(LONGEST)?));
    if is_terminal {
        for line in 1..=LINES {
            let mut out = io::stderr().lock();
            write!(out, "line {line}: ")?;
            out.flush()?;
            input.read_line(&mut text).map_err(|_| no_text())?;
        }
    } else {
        input.read_to_string(&mut text).map_err(|_| no_text())?;
    }
    Ok(text)
}
