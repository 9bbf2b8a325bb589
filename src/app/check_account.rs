//! The check that runs while the service does: whether the log and the tables of an account tell the same, and whether an active one has
//! an owner who can act. Where not, nothing comes of a count there any more until it is mended.

use super::{app::App, audit, error::Error};
use crate::{
    id::AccountId,
    moment::Moment,
    ownership::account::Status,
    store::{
        accounts,
        db::Unit,
        error::DbError,
        halts::{self, Halt},
        members,
        tx::Tx,
    },
};

/// The longest text of what is wrong that is kept, in characters.
const LONGEST: usize = 500;

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// Nothing is wrong.
    Well,
    /// Nothing is wrong any more: the account goes on.
    Lifted,
    /// Something is wrong, and nothing comes of a count there.
    Halted(String),
}

/// Checks an account, and halts it or lets it go on.
///
/// # Errors
/// When the database fails.
pub async fn check_account(app: &App, account: AccountId) -> Result<Checked, Error> {
    let wrong = look(app, account).await?;
    if let Some(why) = &wrong {
        tracing::error!(%account, why, "an account was halted: somebody has written into the database");
    }
    let why = wrong.map(|why| why.chars().take(LONGEST).collect::<String>());
    app.db.run(Settle { account, why, now: app.now() }).await.map_err(Error::from)
}

async fn look(app: &App, account: AccountId) -> Result<Option<String>, Error> {
    match audit::account(&app.db, account).await {
        Ok(Some(broken)) => return Ok(Some(broken.to_string())),
        Ok(None) => {}
        // Rows that make no sense are what this looks for.
        Err(Error::Internal(corrupt @ DbError::Corrupt { .. })) => return Ok(Some(corrupt.to_string())),
        Err(error) => return Err(error),
    }
    let mut tx = app.db.snapshot().await?;
    let Some(found) = accounts::find(&mut tx, account).await? else { return Ok(None) };
    // INVARIANT 1. There is no act by which owners, be it they themselves, come to be unable to act: `ownership::protection` refuses all.
    let people = members::key_people(&mut tx, account).await?;
    let owned = people.iter().any(|person| person.member.is_effective_owner());
    let unowned = found.status == Status::Active && !owned;
    Ok(unowned.then(|| {
        "the account is active, and none of its owners can act: each is suspended, invited or not confirmed".to_owned()
    }))
}

struct Settle {
    account: AccountId,
    why: Option<String>,
    now: Moment,
}

impl Unit for Settle {
    type Out = Checked;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Checked, DbError> {
        let account_id = self.account;
        Ok(match &self.why {
            Some(why) => {
                halts::put(tx, &Halt { account_id, why: why.clone(), found_at: self.now }).await?;
                Checked::Halted(why.clone())
            }
            None if halts::lift(tx, account_id).await? => Checked::Lifted,
            None => Checked::Well,
        })
    }
}
