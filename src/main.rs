//! The program `quorate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    quorate::cli::run::main()
}
