//! The command line as a person meets it: help, exit codes, errors.

mod activity;
mod audit;
mod audit_log;
mod audited;
mod demo;
mod doctor;
mod kept;
mod key;
mod log;
mod mail;
mod mutations;
mod operator;
pub mod place;
mod presets;
mod serve;

use std::process::{Command, Output, Stdio};

use clap::{CommandFactory, Parser, Subcommand};
use quorate::cli::args::{self, Cli};

fn quorate(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    command.args(args).env_clear().stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = quorate(args).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Every command that has arguments prepared, also those that are still to come.
#[derive(Parser)]
struct All {
    #[command(flatten)]
    _global: args::Global,
    #[command(subcommand)]
    _command: AllCommands,
}

#[derive(Subcommand)]
enum AllCommands {
    Demo(args::Demo),
    Serve(args::Serve),
    Init(args::Init),
    Migrate(args::Migrate),
    #[command(subcommand)]
    Account(args::AccountCommand),
    #[command(subcommand)]
    Token(args::TokenCommand),
    #[command(subcommand)]
    Audit(quorate::cli::audit_args::AuditCommand),
    #[command(subcommand)]
    Certificate(args::CertificateCommand),
    #[command(subcommand)]
    Activity(quorate::cli::activity_args::ActivityCommand),
    #[command(subcommand)]
    Mail(args::MailCommand),
    #[command(subcommand)]
    Key(args::KeyCommand),
    Doctor(args::Doctor),
    #[command(name = "openapi")]
    OpenApi(args::OpenApi),
    Completions(args::Completions),
}

/// The command lines in the help of this command and those below it; each command must have one of its own.
fn examples(command: &clap::Command, path: &str, found: &mut Vec<String>) {
    let help = command.get_after_help().map_or_else(|| panic!("`{path}` has no example"), ToString::to_string);
    let own: Vec<_> = help
        .replace("\\\n", "")
        .lines()
        .filter(|line| line.starts_with("  "))
        .map(|line| line.trim().to_owned())
        .collect();
    assert!(!own.is_empty() && own.iter().all(|example| example.starts_with(path)), "`{path}`: {help}");
    found.extend(own);
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        examples(below, &format!("{path} {}", below.get_name()), found);
    }
}

#[test]
fn every_command_has_an_example_that_can_be_typed() {
    let mut found = Vec::new();
    examples(&Cli::command(), "quorate", &mut found);
    let all = All::command().after_help("  quorate");
    all.clone().debug_assert();
    Cli::command().debug_assert();
    examples(&all, "quorate", &mut found);
    for example in found.iter().filter(|example| *example != "quorate") {
        let typed = words(example);
        All::try_parse_from(&typed).unwrap_or_else(|error| panic!("{example}: {error}"));
    }
    assert!(found.len() > 12, "{found:?}");
}

/// What a shell makes of the line, as far as our examples go.
fn words(line: &str) -> Vec<String> {
    let line = line.split(" > ").next().and_then(|line| line.split(" < ").next()).unwrap();
    let (mut words, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn help_and_version_succeed() {
    let (code, out, err) = run(&["--help"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("Example:") && !out.contains('\x1b'), "{out}");
    assert_eq!(run(&["--version"]), (Some(0), format!("quorate {}\n", env!("CARGO_PKG_VERSION")), String::new()));
}

#[test]
fn what_cannot_be_typed_exits_with_2() {
    for args in
        [&["no-such-command"][..], &["completions"], &["completions", "no-such-shell"], &["--no-such-flag"], &[]]
    {
        let (code, out, err) = run(args);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}");
        assert!(!err.is_empty());
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, err) = run(&["completions", shell]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{shell}");
        assert!(out.contains("completions"), "{shell}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = quorate(&["completions", "bash"]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

mod failures {
    use std::process::ExitCode;

    use quorate::cli::{
        args::Global,
        failure::{Failure, report},
        run::configuration,
    };

    #[test]
    fn the_exit_code_tells_work_from_usage() {
        let code = |error: anyhow::Error| format!("{:?}", report(&error));
        let is = |code: ExitCode| format!("{code:?}");
        assert_eq!(code(Failure::work("it is broken").into()), is(ExitCode::from(1)));
        assert_eq!(
            code(Failure::usage("that is no account").with_help("look with `quorate account list`").into()),
            is(ExitCode::from(2))
        );
        assert_eq!(code(anyhow::anyhow!("cannot").context("while trying")), is(ExitCode::from(1)));
        let wrong = Global { database: Some("nowhere".into()), data_dir: Some("/tmp".into()), ..Global::default() };
        assert_eq!(code(configuration(&wrong, None).unwrap_err().into()), is(ExitCode::from(2)));
        let gone = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert_eq!(code(anyhow::Error::from(gone).context("while printing")), is(ExitCode::SUCCESS));
    }
}
