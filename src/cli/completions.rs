//! `quorate completions`: what a shell needs to complete our commands.

use std::process::ExitCode;

use clap::CommandFactory;

use super::{
    args::{Cli, Completions},
    output::print,
};

/// Prints the shell's completions.
pub fn run(args: &Completions) -> anyhow::Result<ExitCode> {
    // Into memory first, because clap panics where it cannot write, and the reader may be gone.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "quorate", &mut script);
    print(|out| out.write_all(&script))?;
    Ok(ExitCode::SUCCESS)
}
