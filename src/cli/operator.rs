//! What the commands share that do an operator's work on the service's database.

use std::process::ExitCode;

use super::{
    args::Global,
    run::{block_on, configuration},
};
use crate::{
    app::{app::App, principal::Principal},
    service::open::{Outdated, Sources, open},
};

/// Opens the service, does the work as an operator, and closes it. Whoever may read the server's secret and the database
/// may do everything anyway, so no token is asked for; the activity log says that it was done on the machine.
pub fn with_service(
    global: &Global,
    work: impl AsyncFnOnce(&App, Principal) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let config = configuration(global, None)?;
    block_on(async move {
        let app = open(&config, Sources::system(), Outdated::Refuse).await?;
        let done = work(&app, Principal::Operator { token: None }).await;
        app.db.close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}
