//! `quorate serve`: runs the service until a signal ends it.
//!
//! The first SIGTERM or SIGINT lets what is under way finish; see [`Running::shut_down`] for the order. The second one
//! ends the process at once.

use std::process::ExitCode;

use super::{
    args::{Global, Serve},
    logging,
    run::{block_on, configuration},
    signals::Signals,
};
use crate::{
    config::Config,
    jobs::run::Intervals,
    service::{
        open::{Outdated, Sources},
        run::{Ended, Running, start},
    },
};

/// Runs the service.
pub fn run(global: &Global, args: &Serve) -> anyhow::Result<ExitCode> {
    let config = configuration(global, Some(&args.listen))?;
    logging::start(&config.log)?;
    let outdated = if args.auto_migrate { Outdated::Migrate } else { Outdated::Refuse };
    block_on(async move {
        let mut signals = Signals::listen()?;
        let every = Intervals {
            sweep: config.jobs.sweep,
            keep_personal: config.retention.personal_values,
            ..Intervals::default()
        };
        let running = start(&config, Sources::system(), outdated, every).await?;
        let metrics = running.metrics_address.map(tracing::field::display);
        tracing::info!(address = %running.address, metrics, public_url = running.app.public_url, "ready");
        let signal = signals.next().await;
        tracing::info!(signal, "ending: no new connections, and what is under way finishes");
        Ok(end(running, &mut signals, &config).await)
    })
}

/// Ends the service: well, or at once with a second signal.
pub async fn end(running: Running, signals: &mut Signals, config: &Config) -> ExitCode {
    tokio::select! {
        Ended { requests, sweeps } = running.shut_down() => {
            tracing::info!(?requests, ?sweeps, "ended");
            ExitCode::SUCCESS
        }
        signal = signals.next() => {
            let patience = config.limits.drain;
            tracing::warn!(signal, ?patience, "ended by a second signal before everything had finished");
            ExitCode::FAILURE
        }
    }
}
