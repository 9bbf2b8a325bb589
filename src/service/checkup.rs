//! Looks at an installation the way an experienced operator would: what is well, what is not, and how to mend it.
//!
//! Each check stands for itself, so that one that fails hides no other. Nothing is changed.

use std::{fs, io, os::unix::fs::PermissionsExt, path::Path};

use jiff::SignedDuration;
use serde::Serialize;

use super::{error::NotReady, mail_checkup, open::database, presets, secret_file};
use crate::{
    clock::Clock,
    config::{Config, Database, is_loopback},
    moment::Moment,
    ownership::preset::Presets,
    store::{
        db::Db,
        docket,
        error::DbError,
        gauges::{self, RefusedMails},
        halts::{self, Halt},
        health,
        log_tree::{self, Backlog},
        mails::{self, Status},
        schema,
    },
};

/// One line of the checkup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What was looked at.
    pub check: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was found.
    pub detail: String,
    /// How to mend it, where it is not well.
    pub mend: Option<String>,
}

/// How something is. Ordered from well to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Well.
    Ok,
    /// It works, and somebody should look.
    Warn,
    /// It does not work, or is not safe.
    Fail,
}

impl Line {
    pub(super) fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Ok, detail: detail.into(), mend: None }
    }

    pub(super) fn warn(check: &'static str, detail: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Warn, detail: detail.into(), mend: Some(mend.into()) }
    }

    /// Something does not work, or is not safe.
    pub fn fail(check: &'static str, detail: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Fail, detail: detail.into(), mend: Some(mend.into()) }
    }

    pub(super) fn not_ready(check: &'static str, problem: &NotReady) -> Self {
        let mend = problem.help().unwrap_or("see whether it runs, and whether this machine reaches it");
        Self::fail(check, problem.to_string(), mend)
    }
}

/// Looks at everything.
pub async fn checkup(config: &Config, clock: &Clock) -> Vec<Line> {
    let mut lines = vec![Line::ok("configuration", "it can be read"), data_directory(config), secret(config)];
    let presets = presets::read(config.presets_dir.as_deref());
    lines.push(presets.as_ref().map_or_else(|problem| Line::not_ready("presets", problem), all_presets));
    lines.extend(database_file(config));
    match database(config).await {
        Ok(db) => {
            lines.extend(inside(config, &db, clock).await);
            if let Ok(presets) = &presets {
                lines.extend(used_presets(&db, presets).await);
            }
            db.close().await;
        }
        Err(problem) => lines.push(Line::not_ready("database", &problem)),
    }
    lines.extend(mail_checkup::lines(config).await);
    lines.push(public_url(config));
    lines
}

fn data_directory(config: &Config) -> Line {
    const CHECK: &str = "data directory";
    let path = &config.data_dir;
    let shown = path.display();
    match mode(path) {
        Ok(mode) if mode & 0o077 != 0 => Line::warn(
            CHECK,
            format!("others can look into `{shown}` (mode {mode:03o})"),
            format!("`chmod 700 {shown}`"),
        ),
        Ok(_) => Line::ok(CHECK, format!("`{shown}` is closed to others")),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !needs_data_directory(config) => {
            Line::ok(CHECK, "none is needed: the secret and the database are elsewhere")
        }
        Err(error) => Line::fail(
            CHECK,
            format!("`{shown}` cannot be looked at ({})", error.kind()),
            "run `quorate init`, or give `--data-dir` as you did then",
        ),
    }
}

fn all_presets(presets: &Presets) -> Line {
    let names: Vec<&str> = presets.all().map(|preset| preset.name.as_str()).collect();
    Line::ok("presets", format!("accounts can be made from {}", names.join(", ")))
}

/// Says something only where accounts were made from presets that are not there.
async fn used_presets(db: &Db, presets: &Presets) -> Option<Line> {
    match presets::require_used(db, presets).await {
        // What else is wrong with the database has been said already.
        Ok(()) | Err(NotReady::Database(_)) => None,
        Err(problem) => Some(Line::not_ready("presets", &problem)),
    }
}

fn needs_data_directory(config: &Config) -> bool {
    let embedded = match &config.database {
        Database::Sqlite(path) => path.starts_with(&config.data_dir),
        Database::Postgres(_) => false,
    };
    embedded || config.secret_file.starts_with(&config.data_dir)
}

fn secret(config: &Config) -> Line {
    const CHECK: &str = "server secret";
    let path = &config.secret_file;
    match secret_file::read(path) {
        Err(problem) => Line::not_ready(CHECK, &problem),
        // Container platforms hand secrets to the group of the service; to everybody they never do.
        Ok(_) => private(CHECK, path, 0o007),
    }
}

fn database_file(config: &Config) -> Option<Line> {
    match &config.database {
        Database::Sqlite(path) if path.exists() => Some(private("database file", path, 0o077)),
        Database::Sqlite(_) | Database::Postgres(_) => None,
    }
}

/// Whether nobody but the service can use a file. Whom `bad` lets in, is let in by mistake.
pub(super) fn private(check: &'static str, path: &Path, bad: u32) -> Line {
    let shown = path.display();
    match mode(path) {
        Ok(mode) if mode & bad != 0 => {
            Line::fail(check, format!("others can use `{shown}` (mode {mode:03o})"), format!("`chmod 600 {shown}`"))
        }
        Ok(mode) if mode & 0o077 != 0 => {
            let detail = format!("the group can use `{shown}` (mode {mode:03o})");
            Line::warn(check, detail, format!("`chmod 600 {shown}`, unless that is how it is mounted"))
        }
        Ok(_) => Line::ok(check, format!("`{shown}` is closed to others")),
        Err(error) => Line::fail(check, format!("`{shown}` cannot be looked at ({})", error.kind()), "mend its path"),
    }
}

fn mode(path: &Path) -> io::Result<u32> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o777)
}

async fn inside(config: &Config, db: &Db, clock: &Clock) -> Vec<Line> {
    let schema = match schema::require_current(db).await {
        Ok(()) => Line::ok("database", "it answers, and its schema is up to date"),
        // Of the rest nothing can be read.
        Err(problem) => return vec![Line::not_ready("database", &problem.into())],
    };
    let now = clock.now();
    let failed = |check| move |problem: DbError| Line::not_ready(check, &problem.into());
    let mut lines = vec![
        schema,
        clocks(db, clock).await.unwrap_or_else(failed("clock")),
        outbox(db, now).await.unwrap_or_else(failed("outbox")),
        due_cases(config, db, now).await.unwrap_or_else(failed("due cases")),
        log(db, now).await.unwrap_or_else(failed("activity log")),
        integrity(db).await.unwrap_or_else(failed("integrity")),
    ];
    if config.inbound_address.is_some() {
        lines.push(refused_mails(db, now).await.unwrap_or_else(failed("votes by mail")));
    }
    lines
}

async fn clocks(db: &Db, clock: &Clock) -> Result<Line, DbError> {
    const CHECK: &str = "clock";
    let mut tx = db.read().await?;
    // Once for the connection, and once for the time that the question takes.
    health::now(&mut tx).await?;
    let theirs = health::now(&mut tx).await?;
    let apart = clock.now().since(theirs).abs();
    let detail = format!("it is {:.3} s away from the database's", apart.as_secs_f64());
    let mend = "let both machines follow the same time servers";
    Ok(if apart > SignedDuration::from_secs(60) {
        Line::fail(CHECK, detail, mend)
    } else if apart > SignedDuration::from_secs(5) {
        Line::warn(CHECK, detail, mend)
    } else {
        Line::ok(CHECK, detail)
    })
}

async fn outbox(db: &Db, now: Moment) -> Result<Line, DbError> {
    const CHECK: &str = "outbox";
    const LATE: SignedDuration = SignedDuration::from_mins(15);
    let mut tx = db.read().await?;
    let backlog = mails::backlog(&mut tx).await?;
    let counts = mails::counts(&mut tx).await?;
    let lost: i64 = [Status::Undeliverable, Status::Bounced].iter().filter_map(|status| counts.get(status)).sum();
    let waiting = format!("{} mails wait to be sent", backlog.queued);
    Ok(if let Some(oldest) = backlog.oldest.filter(|oldest| now.since(*oldest) > LATE) {
        let detail = format!("{waiting}, one of them has been due since {oldest}");
        Line::warn(CHECK, detail, "see whether `quorate serve` runs, and what its log says of the mail server")
    } else if lost > 0 {
        let detail = format!("{lost} mails could not be delivered, or came back");
        Line::warn(CHECK, detail, "look at the mails of the accounts concerned, and correct the addresses")
    } else {
        Line::ok(CHECK, waiting)
    })
}

/// Anybody can write to where votes go. Somebody should look only where it is in the name of somebody here: a forgery, or a company
/// whose mails cannot count as they are.
async fn refused_mails(db: &Db, now: Moment) -> Result<Line, DbError> {
    const CHECK: &str = "votes by mail";
    const LATELY: SignedDuration = SignedDuration::from_hours(24);
    let RefusedMails { all, known } = gauges::refused_mails(&mut db.read().await?, now.before(LATELY)).await?;
    Ok(if known > 0 {
        let detail =
            format!("{known} mails in the name of people here were refused within 24 hours, of {all} refused ones");
        Line::warn(CHECK, detail, "`quorate mail list` says why each of them was")
    } else {
        Line::ok(CHECK, format!("{all} mails were refused within 24 hours, none in the name of anybody here"))
    })
}

async fn due_cases(config: &Config, db: &Db, now: Moment) -> Result<Line, DbError> {
    const CHECK: &str = "due cases";
    const MANY: i64 = 1000;
    let patience = SignedDuration::try_from(config.jobs.sweep.saturating_mul(3)).unwrap_or(SignedDuration::MAX);
    let late = docket::due(&mut db.read().await?, now.before(patience), MANY).await?;
    Ok(match late.first() {
        None => Line::ok(CHECK, "none is overdue"),
        Some(first) => Line::fail(
            CHECK,
            format!("{} recovery cases are overdue, first `{first}`", late.len()),
            "see that `quorate serve` runs; if it does, its log says what keeps it",
        ),
    })
}

async fn integrity(db: &Db) -> Result<Line, DbError> {
    const CHECK: &str = "integrity";
    let halted = halts::all(&mut db.read().await?).await?;
    Ok(match halted.first() {
        None => Line::ok(CHECK, "no account is halted"),
        Some(Halt { account_id, why, found_at }) => Line::fail(
            CHECK,
            format!("{} accounts are halted, first `{account_id}` since {found_at}: {why}", halted.len()),
            "somebody has written into the database: `quorate audit verify` tells all of it; compare with a backup, and with a checkpoint that was kept",
        ),
    })
}

async fn log(db: &Db, now: Moment) -> Result<Line, DbError> {
    const CHECK: &str = "activity log";
    const LATE: SignedDuration = SignedDuration::from_mins(10);
    let mut tx = db.read().await?;
    let Backlog { waiting, oldest } = log_tree::backlog(&mut tx).await?;
    let sealed = log_tree::head(&mut tx).await?.size;
    Ok(match oldest.filter(|oldest| now.since(*oldest) > LATE) {
        Some(oldest) => Line::fail(
            CHECK,
            format!("{sealed} entries are sealed, and {waiting} or more wait for it, the first since {oldest}"),
            "see that `quorate serve` runs; if it does, its log says what keeps it, and a lost key is replaced by `quorate audit rotate-key`",
        ),
        None => Line::ok(CHECK, format!("{sealed} entries are sealed, {waiting} wait for it")),
    })
}

fn public_url(config: &Config) -> Line {
    const CHECK: &str = "public address";
    let url = &config.public_url;
    let here = is_loopback(url);
    if here && !config.listen.ip().is_loopback() {
        let detail = format!("links in mails begin with `{url}`, which only this machine can open");
        Line::warn(CHECK, detail, "set `public_url` to the address that people use")
    } else if !here && !url.starts_with("https://") {
        let detail = format!("`{url}` is not encrypted, and links in mails let one act");
        Line::warn(CHECK, detail, "put the service behind TLS, and set `public_url` to its `https://` address")
    } else {
        Line::ok(CHECK, format!("links in mails begin with `{url}`"))
    }
}
