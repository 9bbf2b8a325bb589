//! `quorate openapi`: prints the description of the API, as `/openapi.json` serves it.

use std::process::ExitCode;

use super::output::print;
use crate::web::router::description;

/// Prints the description.
pub fn run() -> anyhow::Result<ExitCode> {
    let text = description().to_pretty_json()?;
    print(|out| writeln!(out, "{text}"))?;
    Ok(ExitCode::SUCCESS)
}
