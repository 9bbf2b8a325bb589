//! How an account looks: its pages, for somebody who opens one, and its mails. An account that has set nothing itself looks
//! as the nearest one above it that has.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::settings::Colour,
};

/// What an account's pages show above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The account.
    pub account: AccountId,
    /// The account's own name.
    pub account_name: String,
    /// The name for people.
    pub name: Option<String>,
    /// Its colour.
    pub colour: Option<Colour>,
    /// When its logo was uploaded, if it has one.
    pub logo: Option<Moment>,
}

#[derive(FromRow)]
struct LookRow {
    id: AccountId,
    name: String,
    brand_name: Option<String>,
    brand_colour: Option<String>,
    changed_at: Option<Moment>,
}

impl LookRow {
    fn decode(self) -> Result<Look, DbError> {
        let corrupt = |_| DbError::corrupt("account_settings", self.id);
        Ok(Look {
            account: self.id,
            account_name: self.name,
            name: self.brand_name,
            colour: self.brand_colour.map(|text| text.parse().map_err(corrupt)).transpose()?,
            logo: self.changed_at,
        })
    }
}

/// Which account's brand an account shows; nothing where nobody has set one.
macro_rules! whose_brand {
    ($account:literal) => {
        concat!(
            "(with recursive up (id, parent_id, step) as (
                 select b.id, b.parent_id, 0 from accounts b where b.id = ",
            $account,
            " union all select b.id, b.parent_id, up.step + 1 from accounts b join up on b.id = up.parent_id)
             select up.id from up left join account_settings t on t.account_id = up.id
                 left join logos p on p.account_id = up.id
             where t.brand_name is not null or t.brand_colour is not null or p.account_id is not null
             order by up.step limit 1)"
        )
    };
}
pub(super) use whose_brand;

macro_rules! select {
    ($which:literal) => {
        concat!(
            "select a.id, a.name, s.brand_name, s.brand_colour, l.changed_at
             from accounts a join members m on m.account_id = a.id
                 left join ",
            whose_brand!($which),
            " b on true left join account_settings s on s.account_id = b.id
                 left join logos l on l.account_id = b.id
             where m.user_id = $2 and m.status <> 'suspended' and a.id = ",
            $which
        )
    };
}

/// How an account looks, for one of its members. Nobody else learns that it exists.
///
/// # Errors
/// When the database fails.
pub async fn of_account(tx: &mut Tx, account: AccountId, reader: UserId) -> Result<Option<Look>, DbError> {
    let row = tx.sql(select!("$1")).bind(account).bind(reader).maybe::<LookRow>().await?;
    row.map(LookRow::decode).transpose()
}

/// How the account of a case looks, for one of its members.
///
/// # Errors
/// When the database fails.
pub async fn of_case(tx: &mut Tx, case: CaseId, reader: UserId) -> Result<Option<Look>, DbError> {
    let text = select!("(select c.account_id from cases c where c.id = $1)");
    let row = tx.sql(text).bind(case).bind(reader).maybe::<LookRow>().await?;
    row.map(LookRow::decode).transpose()
}
