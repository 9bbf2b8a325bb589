//! Whether a case has changed, for a page that is open.

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::CaseId,
    store::{docket, scene},
};

/// Whether somebody may read a case.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn may_watch(app: &App, principal: &Principal, id: CaseId) -> Result<(), Error> {
    let mut tx = app.db.read().await?;
    let scene = scene::load(&mut tx, id, None).await?.ok_or(Error::NotFound)?;
    rights::may_read_case(&mut tx, principal, scene.account.id, &scene.case).await
}

/// How far a case has come. It says nothing that its reader could not have counted themselves, so who was let in a moment
/// ago is not asked again.
///
/// # Errors
/// When the database fails.
pub async fn stand(app: &App, id: CaseId) -> Result<Option<String>, Error> {
    Ok(docket::stand(&mut app.db.read().await?, id).await?.map(|stand| stand.to_string()))
}
