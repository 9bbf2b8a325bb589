//! How a command fails: what is printed, and the exit code.
//!
//! 1 means that the work could not be done, 2 that what was asked for or configured cannot be used. Nobody is shown a
//! backtrace.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use crate::{config::ConfigError, service::error::NotReady};

/// A failure with advice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    message: String,
    help: Option<String>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Work,
    Usage,
}

impl Failure {
    /// The work could not be done.
    pub fn work(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, kind: Kind::Work }
    }

    /// What was asked for or configured cannot be used.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, kind: Kind::Usage }
    }

    /// The same, saying what to do.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Prints the error on standard error and gives the exit code. A reader that has gone away is no error.
pub fn report(error: &anyhow::Error) -> ExitCode {
    let broken_pipe = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    if error.chain().any(|cause| cause.downcast_ref().is_some_and(broken_pipe)) {
        return ExitCode::SUCCESS;
    }
    let (lines, code) = if let Some(error) = error.downcast_ref::<ConfigError>() {
        let line = |problem: &crate::config::ConfigProblem| {
            (format!("`{}`: {}", problem.key, problem.detail), Some(problem.help.clone()))
        };
        (error.problems.iter().map(line).collect(), ExitCode::from(2))
    } else if let Some(failure) = error.downcast_ref::<Failure>() {
        let code = match failure.kind {
            Kind::Work => ExitCode::FAILURE,
            Kind::Usage => ExitCode::from(2),
        };
        (vec![(format!("{error:#}"), failure.help.clone())], code)
    } else if let Some(not_ready) = error.downcast_ref::<NotReady>() {
        let code = if not_ready.is_usage() { ExitCode::from(2) } else { ExitCode::FAILURE };
        (vec![(format!("{error:#}"), not_ready.help().map(str::to_owned))], code)
    } else {
        (vec![(format!("{error:#}"), None)], ExitCode::FAILURE)
    };
    // Where even standard error is gone, the exit code is all there is to say.
    drop(print(&lines));
    code
}

fn print(lines: &[(String, Option<String>)]) -> io::Result<()> {
    let mut out = io::stderr().lock();
    let (red, blue, plain) = if colours(&out) { ("\x1b[1;31m", "\x1b[1;34m", "\x1b[0m") } else { ("", "", "") };
    for (message, help) in lines {
        writeln!(out, "{red}error{plain}: {message}")?;
        if let Some(help) = help {
            writeln!(out, "{blue}help{plain}: {help}")?;
        }
    }
    Ok(())
}

/// Whether to colour what is written there: a terminal, and no wish to the contrary (<https://no-color.org>).
pub fn colours(out: &impl IsTerminal) -> bool {
    out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|wish| wish.is_empty())
}
