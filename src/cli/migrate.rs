//! `quorate migrate`: brings the database to this version. An embedded one is made where there is none.

use std::process::ExitCode;

use serde::Serialize;

use super::{
    args::{Global, Migrate},
    output::print_data,
    run::{block_on, configuration},
};
use crate::{
    service::{error::NotReady, open::create_database},
    store::{
        error::DbError,
        schema::{self, STEPS, Status},
    },
};

#[derive(Serialize)]
struct Migrated {
    /// The migrations applied just now.
    applied: Vec<i64>,
    /// The last migration that the database has.
    version: i64,
}

/// Brings the database to this version.
pub fn run(global: &Global, args: &Migrate) -> anyhow::Result<ExitCode> {
    let config = configuration(global, None)?;
    block_on(async move {
        let db = create_database(&config).await?;
        let applied = match schema::status(&db).await.map_err(NotReady::from)? {
            Status::Current => Vec::new(),
            Status::Empty => STEPS.iter().map(|step| step.version).collect(),
            Status::Older { missing } => missing,
            other @ (Status::Newer { .. } | Status::Altered { .. }) => {
                return Err(NotReady::from(DbError::Schema(other)).into());
            }
        };
        schema::migrate(&db).await.map_err(NotReady::from)?;
        db.close().await;
        let version = STEPS.last().map_or(0, |step| step.version);
        print_data(args.form, &Migrated { applied, version }, |done, out| {
            if done.applied.is_empty() {
                writeln!(out, "the schema was up to date")
            } else {
                let names = STEPS.iter().filter(|step| done.applied.contains(&step.version));
                names.into_iter().try_for_each(|step| writeln!(out, "applied {:04} {}", step.version, step.name))
            }
        })?;
        Ok(ExitCode::SUCCESS)
    })
}
