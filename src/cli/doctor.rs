//! `quorate doctor`: says what is wrong with this installation, and how to mend it. Exits with 1 when something is.

use std::process::ExitCode;

use super::{
    args::{Doctor, Global},
    failure::colours,
    output::print_data,
    run::{block_on, configuration},
};
use crate::{
    clock::Clock,
    config::ConfigProblem,
    service::checkup::{Line, Verdict, checkup},
};

/// Looks at everything, and prints what it saw.
pub fn run(global: &Global, args: &Doctor) -> anyhow::Result<ExitCode> {
    let lines = match configuration(global, None) {
        Ok(config) => {
            let mut lines = Vec::new();
            block_on(async {
                lines = checkup(&config, &Clock::system()).await;
                Ok(ExitCode::SUCCESS)
            })?;
            lines
        }
        Err(error) => error.problems.into_iter().map(unreadable).collect(),
    };
    let (green, yellow, red, plain) =
        if colours(&std::io::stdout()) { ("\x1b[32m", "\x1b[33m", "\x1b[1;31m", "\x1b[0m") } else { ("", "", "", "") };
    print_data(args.form, &lines, |lines, out| {
        for Line { check, verdict, detail, mend } in lines {
            let (colour, word) = match verdict {
                Verdict::Ok => (green, "ok"),
                Verdict::Warn => (yellow, "warn"),
                Verdict::Fail => (red, "fail"),
            };
            writeln!(out, "{colour}{word:4}{plain}  {check}: {detail}")?;
            if let Some(mend) = mend {
                writeln!(out, "      to mend it: {mend}")?;
            }
        }
        Ok(())
    })?;
    let worst = lines.iter().map(|line| line.verdict).max();
    Ok(if worst == Some(Verdict::Fail) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn unreadable(problem: ConfigProblem) -> Line {
    Line::fail("configuration", format!("`{}`: {}", problem.key, problem.detail), problem.help)
}
