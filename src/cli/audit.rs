//! `quorate audit`: replays and verifies the activity log, and what is published of it.
//!
//! Verifying needs the database alone, so that an auditor can do it on a copy without the server's secret.

use std::{fs, path::Path, process::ExitCode, sync::Arc};

use data_encoding::BASE64;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    account::{account_id, no_account},
    args::Global,
    audit_args::{AuditCheckpoint, AuditCommand, AuditKeys, AuditRotateKey, AuditVerify},
    failure::Failure,
    operator::with_service,
    output::print_data,
    run::{block_on, configuration},
};
use crate::{
    activity::log::note::{Note, Verifier},
    app::{
        audit::{Findings, verify},
        audit_log::Kept,
        error::Error,
        seal::RotateLogKey,
        view::log::{CheckpointView, LogKeyView, checkpoint, keys},
    },
    hash::Hash,
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
    log: LogReport,
}

#[derive(Serialize)]
struct Problem {
    account: AccountId,
    problem: String,
}

/// What was found of the tree over all accounts.
#[derive(Serialize)]
struct LogReport {
    sealed: u64,
    checkpoints: u64,
    problems: Vec<String>,
}

impl From<Findings> for Report {
    fn from(found: Findings) -> Self {
        let problems = found.problems.into_iter();
        Self {
            accounts: found.accounts,
            entries: found.entries,
            problems: problems.map(|(account, what)| Problem { account, problem: what.to_string() }).collect(),
            log: LogReport {
                sealed: found.sealed.entries,
                checkpoints: found.sealed.checkpoints,
                problems: found.sealed.problems.iter().map(ToString::to_string).collect(),
            },
        }
    }
}

/// Checks the activity log, and shows what is published of it.
pub fn run(global: &Global, command: &AuditCommand) -> anyhow::Result<ExitCode> {
    match command {
        AuditCommand::Verify(args) => verify_log(global, args),
        AuditCommand::Checkpoint(args) => last_checkpoint(global, args),
        AuditCommand::Keys(args) => list_keys(global, args),
        AuditCommand::RotateKey(args) => rotate_key(global, args),
    }
}

fn verify_log(global: &Global, args: &AuditVerify) -> anyhow::Result<ExitCode> {
    let only = args.account.as_deref().map(account_id).transpose()?;
    let kept = Kept {
        checkpoint: args.checkpoint.as_deref().map(read_note).transpose()?,
        root: args.sealed.as_deref().map(read_root).transpose()?,
        key: args.key.as_deref().map(read_key).transpose()?,
    };
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
        let shown = bar.clone();
        let found = verify(&db, only, &kept, Arc::new(move |count| shown.inc(count))).await;
        bar.finish_and_clear();
        db.close().await;
        let found = found.map_err(|error| match (error, only) {
            (Error::NotFound, Some(account)) => no_account(account).into(),
            (error, _) => anyhow::Error::from(error),
        })?;
        let whole = found.whole();
        print_data(args.form, &Report::from(found), |report, out| {
            for problem in &report.log.problems {
                writeln!(out, "{problem}")?;
            }
            for Problem { account, problem } in &report.problems {
                writeln!(out, "{account}: {problem}")?;
            }
            let verdict = match report.problems.len() {
                0 if whole => "all verified".to_owned(),
                0 => "the log is broken".to_owned(),
                count => format!("{count} broken"),
            };
            let LogReport { sealed, checkpoints, .. } = report.log;
            writeln!(out, "{} accounts, {} entries: {verdict}", report.accounts, report.entries)?;
            writeln!(out, "{sealed} of them sealed by {checkpoints} checkpoints")
        })?;
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

fn read_note(file: &Path) -> anyhow::Result<Note> {
    let unusable = |problem: String| Failure::usage(format!("`{}`: {problem}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| unusable(format!("cannot be read ({})", error.kind())))?;
    Ok(text.parse().map_err(|error: crate::activity::log::note::Malformed| unusable(error.to_string()))?)
}

fn read_root(typed: &str) -> Result<(u64, Hash), Failure> {
    let read = || {
        let (size, root) = typed.split_once(':')?;
        let root = BASE64.decode(root.as_bytes()).ok()?;
        Some((size.parse().ok()?, Hash::from_bytes(root.try_into().ok()?)))
    };
    read().ok_or_else(|| {
        Failure::usage("`--sealed`: write the number and the root as the alert has them, with a colon between")
    })
}

pub(super) fn read_key(typed: &str) -> Result<Verifier, Failure> {
    typed.parse().map_err(|error: crate::activity::log::note::Malformed| Failure::usage(format!("`--key`: {error}")))
}

fn last_checkpoint(global: &Global, args: &AuditCheckpoint) -> anyhow::Result<ExitCode> {
    with_service(global, async |app, _| {
        let none =
            || Failure::work("nothing has been sealed yet").with_help("a service that runs seals every few seconds");
        let last = checkpoint(app).await?.ok_or_else(none)?;
        print_data(args.form, &last, |last: &CheckpointView, out| write!(out, "{}", last.note))
    })
}

fn list_keys(global: &Global, args: &AuditKeys) -> anyhow::Result<ExitCode> {
    with_service(global, async |app, _| {
        print_data(args.form, &keys(app).await?, |keys: &Vec<LogKeyView>, out| {
            if keys.is_empty() {
                writeln!(out, "no keys yet; the first one is made when something is sealed")?;
            }
            for key in keys {
                writeln!(out, "{}  since checkpoint {}", key.key, key.first_checkpoint)?;
            }
            Ok(())
        })
    })
}

fn rotate_key(global: &Global, args: &AuditRotateKey) -> anyhow::Result<ExitCode> {
    with_service(global, async |app, _| {
        let key = LogKeyView::from(app.db.run(RotateLogKey { app: app.clone() }).await?);
        print_data(args.form, &key, |key, out| {
            writeln!(out, "{}  from checkpoint {} on", key.key, key.first_checkpoint)
        })
    })
}
