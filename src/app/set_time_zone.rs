//! A person says in which time zone mails to them write moments.

use super::{error::Error, principal::Principal};
use crate::{
    store::{db::Unit, tx::Tx, users},
    zone::{UnknownZone, Zone},
};

/// Choosing the time zone of one's mails.
pub struct SetTimeZone {
    /// The zone, by its name in the IANA database.
    pub time_zone: String,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for SetTimeZone {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let user = self.principal.person_everywhere()?;
        let unknown = |unknown: UnknownZone| Error::invalid("/time_zone", unknown.to_string());
        let zone: Zone = self.time_zone.parse().map_err(unknown)?;
        users::lock(tx, user).await?;
        Ok(users::set_time_zone(tx, user, &zone).await?)
    }
}
