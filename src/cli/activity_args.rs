//! What can be typed behind `quorate activity`.

use clap::{Args, Subcommand};

use super::args::Form;

/// Erase personal values of the activity logs
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  quorate activity erase --user user_01h455vb4pex5vsknk084sn02q")]
pub enum ActivityCommand {
    /// Erase what the activity logs hold of one person
    Erase(ActivityErase),
}

/// Erase what the activity logs hold of one person
///
/// Names, addresses, and the statements that they wrote. The hashes still verify, and each log says how many values were erased. What
/// stands in cases that are open stays. It cannot be undone.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  quorate activity erase --user user_01h455vb4pex5vsknk084sn02q\n  quorate activity erase --recovery-user rusr_01h455vb4pex5vsknk084sn02q --yes --json"
)]
#[group(id = "person", required = true, multiple = false, args = ["user", "recovery_user"])]
pub struct ActivityErase {
    /// The person's id
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// The id of a person who was chosen to hold paper keys
    #[arg(long, value_name = "RECOVERY_USER")]
    pub recovery_user: Option<String>,
    /// One account's log only
    #[arg(long)]
    pub account: Option<String>,
    /// Do not ask back
    #[arg(long)]
    pub yes: bool,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}
