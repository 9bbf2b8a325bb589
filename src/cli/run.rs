//! From what was typed to the command that does it.

use std::{env, fs, process::ExitCode};

use clap::Parser;

use super::{
    account, activity,
    args::{self, Cli, Command, Global, Listen, LogForm},
    audit, certificate, completions, demo, doctor,
    failure::report,
    init, key, mail, migrate, openapi, serve, token,
};
use crate::config::{Config, ConfigError, Sources, load};

/// The whole program: reads the arguments, runs the command, reports a failure.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too. A reader that has gone away needs no answer.
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let done = match &cli.command {
        Command::Serve(args) => serve::run(&cli.global, args),
        Command::Demo(args) => demo::run::run(&cli.global, args),
        Command::Init(args) => init::run(&cli.global, args),
        Command::Migrate(args) => migrate::run(&cli.global, args),
        Command::Account(command) => account::run(&cli.global, command),
        Command::Token(command) => token::run(&cli.global, command),
        Command::Audit(command) => audit::run(&cli.global, command),
        Command::Certificate(command) => certificate::run(command),
        Command::Activity(command) => activity::run(&cli.global, command),
        Command::Mail(command) => mail::run(&cli.global, command),
        Command::Key(command) => key::run(command),
        Command::Doctor(args) => doctor::run(&cli.global, args),
        Command::OpenApi(args::OpenApi) => openapi::run(),
        Command::Completions(args) => completions::run(args),
    };
    done.unwrap_or_else(|error| report(&error))
}

/// Runs a command that waits: on the database, on the network.
pub fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Reads the configuration for a command.
pub fn configuration(global: &Global, listen: Option<&Listen>) -> Result<Config, ConfigError> {
    let log_format = global.log_format.map(|form| match form {
        LogForm::Text => "text".to_owned(),
        LogForm::Json => "json".to_owned(),
    });
    let flags = [
        ("data_dir", global.data_dir.clone()),
        ("database", global.database.clone()),
        ("listen", listen.and_then(|listen| listen.listen.clone())),
        ("log.format", log_format),
    ];
    load(&Sources {
        flags: flags.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
        file: global.config.clone(),
        // A variable that is not text is none of ours.
        environment: env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        read: &|path| fs::read_to_string(path),
    })
}
