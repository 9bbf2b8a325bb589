//! `quorate init`: makes an installation, and says what to do next.

use std::{path::PathBuf, process::ExitCode};

use serde::Serialize;

use super::{
    args::{Global, Init},
    output::print_data,
    run::{block_on, configuration},
    token::NewToken,
};
use crate::{
    config::{Config, Database},
    service::{
        install::{Installed, install},
        open::Sources,
    },
};

/// What was made.
#[derive(Serialize)]
struct Made {
    data_dir: PathBuf,
    secret_file: PathBuf,
    /// The file of the embedded database, or `postgres`: its address may hold a password.
    database: String,
    operator_token: NewToken,
}

/// Makes an installation.
pub fn run(global: &Global, args: &Init) -> anyhow::Result<ExitCode> {
    let config = configuration(global, None)?;
    block_on(async move {
        let Installed { app, operator } = install(&config, Sources::system()).await?;
        app.db.close().await;
        let database = match &config.database {
            Database::Sqlite(path) => path.display().to_string(),
            Database::Postgres(_) => "postgres".to_owned(),
        };
        let Config { data_dir, secret_file, .. } = config;
        let made = Made { data_dir, secret_file, database, operator_token: NewToken::from(&operator) };
        print_data(args.form, &made, |made, out| {
            writeln!(out, "database        {}", made.database)?;
            writeln!(out, "server secret   {}", made.secret_file.display())?;
            writeln!(out, "operator token  {}", made.operator_token.token)?;
            writeln!(out)?;
            writeln!(out, "Keep the token now: it is not shown again. Put the server secret into your backup.")?;
            writeln!(out)?;
            writeln!(out, "Next: `quorate serve` runs the service, `quorate account create` makes an account,")?;
            writeln!(out, "`quorate doctor` says whether all is well. Give them the same options as this command.")
        })?;
        Ok(ExitCode::SUCCESS)
    })
}
