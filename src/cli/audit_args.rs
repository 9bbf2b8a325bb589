//! What can be typed behind `quorate audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::Form;

/// Check the activity log
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  quorate audit verify")]
pub enum AuditCommand {
    /// Replay and verify the activity log
    Verify(AuditVerify),
    /// Print the last signed checkpoint of the log
    Checkpoint(AuditCheckpoint),
    /// List the keys that sign checkpoints
    Keys(AuditKeys),
    /// Have another key sign checkpoints
    RotateKey(AuditRotateKey),
}

/// Replay and verify the activity log
///
/// Checks every account's chain, compares columns, personal values and owners, and finds each entry in the tree over all of them,
/// whose signed checkpoints it checks. Whoever rewrites everything and signs it anew is found by what was kept elsewhere: a
/// checkpoint, which also stands in the alerts that owners got, or the key.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  quorate audit verify --account acct_01h455vb4pex5vsknk084sn02q\n  quorate audit verify --checkpoint kept.txt"
)]
pub struct AuditVerify {
    /// One account only
    #[arg(long)]
    pub account: Option<String>,
    /// A checkpoint that was kept elsewhere: the log has to be the one that it was signed for
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// What an alert says of the log: the number of its entry and the root, as `NUMBER:ROOT`
    #[arg(long, value_name = "NUMBER:ROOT")]
    pub sealed: Option<String>,
    /// A key that the log is known by, as `quorate audit keys` prints it
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Print the last signed checkpoint of the log
///
/// Keep it where nobody can change it who can change the database; `quorate audit verify --checkpoint FILE` compares.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate audit checkpoint > kept.txt")]
pub struct AuditCheckpoint {
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// List the keys that sign checkpoints
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate audit keys")]
pub struct AuditKeys {
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Have another key sign checkpoints
///
/// The next checkpoint is signed by both, so that whoever trusts the key in force comes to trust the next.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate audit rotate-key")]
pub struct AuditRotateKey {
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}
