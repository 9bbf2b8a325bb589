//! The log: lines on standard error, for people or for programs.

use std::{io, panic};

use tracing_subscriber::EnvFilter;

use super::failure::{Failure, colours};
use crate::config::{Log, LogFormat};

/// A library that announces its every start. The configured filter comes later, and so goes before it.
const QUIET: &str = "tokio_cron_scheduler=warn";

/// Begins to log. Called once, by the commands that have something to log.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", log.filter)).map_err(|_| {
        Failure::usage("`log.filter` is not a filter").with_help("write one like `info` or `info,quorate=debug`")
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match log.format {
        LogFormat::Text => lines.with_ansi(colours(&io::stderr())).with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).try_init(),
    };
    started.map_err(|_| Failure::work("the log was started twice"))?;
    // A panic's text may quote what it stumbled over, so only its place is written.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic; please report this place");
    }));
    Ok(())
}
