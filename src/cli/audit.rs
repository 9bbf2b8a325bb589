//! `quorate audit verify`: replays and verifies the activity log.
//!
//! Needs the database alone, so that an auditor can run it on a copy without the server's secret.

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    account::{account_id, no_account},
    args::{AuditCommand, AuditVerify, Global},
    output::print_data,
    run::{block_on, configuration},
};
use crate::{
    app::{audit::verify, error::Error},
    id::AccountId,
    service::{error::NotReady, open::database},
    store::{audit::size, schema},
};

/// What was found.
#[derive(Serialize)]
struct Report {
    accounts: u64,
    entries: u64,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    account: AccountId,
    problem: String,
}

/// Checks the activity log; the exit code says whether it is whole.
pub fn run(global: &Global, command: &AuditCommand) -> anyhow::Result<ExitCode> {
    match command {
        AuditCommand::Verify(args) => verify_log(global, args),
    }
}

fn verify_log(global: &Global, args: &AuditVerify) -> anyhow::Result<ExitCode> {
    let only = args.account.as_deref().map(account_id).transpose()?;
    let config = configuration(global, None)?;
    block_on(async move {
        let db = database(&config).await?;
        schema::require_current(&db).await.map_err(NotReady::from)?;
        // Draws nothing where standard error is no terminal.
        let bar = ProgressBar::new(size(&mut db.read().await?).await?);
        if only.is_some() {
            bar.unset_length();
        }
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {human_pos} entries, {per_sec}, {eta} left") {
            bar.set_style(style);
        }
        let found = verify(&db, only, &mut |count| bar.inc(count)).await;
        bar.finish_and_clear();
        db.close().await;
        let found = found.map_err(|error| match (error, only) {
            (Error::NotFound, Some(account)) => no_account(account).into(),
            (error, _) => anyhow::Error::from(error),
        })?;
        let problems = found.problems.into_iter();
        let report = Report {
            accounts: found.accounts,
            entries: found.entries,
            problems: problems.map(|(account, what)| Problem { account, problem: what.to_string() }).collect(),
        };
        let whole = report.problems.is_empty();
        print_data(args.form, &report, |report, out| {
            for Problem { account, problem } in &report.problems {
                writeln!(out, "{account}: {problem}")?;
            }
            let verdict = match report.problems.len() {
                0 => "all verified".to_owned(),
                count => format!("{count} broken"),
            };
            writeln!(out, "{} accounts, {} entries: {verdict}", report.accounts, report.entries)
        })?;
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}
