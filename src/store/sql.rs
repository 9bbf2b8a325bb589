//! One statement: its text, its values, its rows. The same for both databases.
//!
//! A value and a row must suit both drivers, which the compiler checks through [`Value`] and [`Row`]. Texts use
//! `$1`, `$2`, …; where a text cannot be the same on both, it is a [`Pair`].

use serde::de::DeserializeOwned;
use sqlx::{
    Arguments, AssertSqlSafe, Encode, FromRow, PgConnection, Postgres, SqlSafeStr, SqlStr, Sqlite, SqliteConnection,
    Type,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};

use super::{error::DbError, tx::Progress};

/// What can be bound to a statement. `'v` is how long it is borrowed, which no caller has to name.
pub trait Value<'v>: Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, Postgres> + Type<Postgres> {}
impl<'v, T> Value<'v> for T where T: Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, Postgres> + Type<Postgres> {}

/// What a row can be read into: a struct that derives `sqlx::FromRow`, or a tuple.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// The two spellings of a statement that cannot be written once.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

impl From<&'static str> for Pair {
    fn from(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }
}

/// A statement being put together. Made by [`super::tx::Tx::sql`].
#[must_use = "a statement does nothing until it is run"]
pub struct Sql<'t> {
    text: &'static str,
    lock: Lock,
    target: Target<'t>,
    progress: &'t mut Progress,
    trouble: Option<DbError>,
}

/// The connection it will run on, with the values bound so far.
pub(super) enum Target<'t> {
    Sqlite(&'t mut SqliteConnection, SqliteArguments),
    Postgres(&'t mut PgConnection, PgArguments),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    None,
    Wait,
    Skip,
}

impl<'t> Sql<'t> {
    pub(super) fn new(text: &'static str, target: Target<'t>, progress: &'t mut Progress) -> Self {
        let trouble = progress.refusal(text);
        Self { text, lock: Lock::None, target, progress, trouble }
    }

    /// Binds the next value, `$1` first.
    pub fn bind<'v>(mut self, value: impl Value<'v>) -> Self {
        let bound = match &mut self.target {
            Target::Sqlite(_, arguments) => arguments.add(value),
            Target::Postgres(_, arguments) => arguments.add(value),
        };
        if let Err(error) = bound {
            self.trouble.get_or_insert(DbError::Sqlx(sqlx::Error::Encode(error)));
        }
        self
    }

    /// Locks the rows until the unit of work ends. SQLite has one writer at a time and needs no word for it.
    pub fn for_update(mut self) -> Self {
        self.lock = Lock::Wait;
        self
    }

    /// The same, passing over rows that somebody else has locked: for sweeps that run on several replicas.
    pub fn for_update_skip_locked(mut self) -> Self {
        self.lock = Lock::Skip;
        self
    }

    /// The one row there is. None or several are an error.
    ///
    /// # Errors
    /// When the database fails, when there is no row, and when there are several.
    pub async fn one<R: Row>(self) -> Result<R, DbError> {
        let text = self.text;
        self.maybe().await?.ok_or(DbError::NoRow(text))
    }

    /// The row, if there is one. Several are an error.
    ///
    /// # Errors
    /// When the database fails, and when there are several rows.
    pub async fn maybe<R: Row>(self) -> Result<Option<R>, DbError> {
        let text = self.text;
        // All rows, not the first: a stream left half read can leave an `insert … returning` unfinished on SQLite.
        let mut rows = self.all::<R>().await?.into_iter();
        match (rows.next(), rows.next()) {
            (row, None) => Ok(row),
            (_, Some(_)) => Err(DbError::ManyRows(text)),
        }
    }

    /// All rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all<R: Row>(self) -> Result<Vec<R>, DbError> {
        let (text, target, progress) = self.ready()?;
        progress.start()?;
        let rows = match target {
            Target::Sqlite(connection, arguments) => {
                sqlx::query_as_with::<Sqlite, R, _>(text, arguments).fetch_all(connection).await
            }
            Target::Postgres(connection, arguments) => {
                sqlx::query_as_with::<Postgres, R, _>(text, arguments).fetch_all(connection).await
            }
        };
        progress.finish(rows)
    }

    /// All rows, of a statement that packs them into one value on SQLite: see [`super::packed`].
    ///
    /// # Errors
    /// As [`Self::one`], and when a row is not of that shape.
    pub async fn packed<R: Row + DeserializeOwned>(self) -> Result<Vec<R>, DbError> {
        match self.target {
            Target::Postgres(..) => self.all().await,
            Target::Sqlite(..) => {
                let rows: String = self.scalar().await?;
                serde_json::from_str(&rows).map_err(|error| DbError::Sqlx(sqlx::Error::Decode(error.into())))
            }
        }
    }

    /// The only column of the only row, as in `select count(*) …`.
    ///
    /// # Errors
    /// As [`Self::one`].
    pub async fn scalar<T>(self) -> Result<T, DbError>
    where
        (T,): Row,
    {
        self.one::<(T,)>().await.map(|(value,)| value)
    }

    /// The only column of the row, if there is one.
    ///
    /// # Errors
    /// As [`Self::maybe`].
    pub async fn maybe_scalar<T>(self) -> Result<Option<T>, DbError>
    where
        (T,): Row,
    {
        Ok(self.maybe::<(T,)>().await?.map(|(value,)| value))
    }

    /// The only column of all rows.
    ///
    /// # Errors
    /// As [`Self::all`].
    pub async fn scalars<T>(self) -> Result<Vec<T>, DbError>
    where
        (T,): Row,
    {
        Ok(self.all::<(T,)>().await?.into_iter().map(|(value,)| value).collect())
    }

    /// Runs it and says how many rows it wrote.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run(self) -> Result<u64, DbError> {
        let (text, target, progress) = self.ready()?;
        progress.start()?;
        let written = match target {
            Target::Sqlite(connection, arguments) => sqlx::query_with::<Sqlite, _>(text, arguments)
                .execute(connection)
                .await
                .map(|done| done.rows_affected()),
            Target::Postgres(connection, arguments) => sqlx::query_with::<Postgres, _>(text, arguments)
                .execute(connection)
                .await
                .map(|done| done.rows_affected()),
        };
        progress.finish(written)
    }

    fn ready(self) -> Result<(SqlStr, Target<'t>, &'t mut Progress), DbError> {
        let Self { text, lock, target, progress, trouble } = self;
        if let Some(trouble) = trouble {
            return Err(trouble);
        }
        if lock != Lock::None && !progress.may_write() {
            return Err(DbError::Misuse { what: "rows are locked outside a unit of work", text });
        }
        let (bound, words) = match &target {
            Target::Sqlite(_, arguments) => (arguments.len(), ""),
            Target::Postgres(_, arguments) => (arguments.len(), lock.words()),
        };
        // SQLite takes a missing value for NULL without a word.
        if bound != placeholders(text) {
            return Err(DbError::Misuse { what: "the number of values is not the number of placeholders", text });
        }
        let text =
            if words.is_empty() { text.into_sql_str() } else { AssertSqlSafe(format!("{text}{words}")).into_sql_str() };
        Ok((text, target, progress))
    }
}

impl Lock {
    const fn words(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Wait => " for update",
            Self::Skip => " for update skip locked",
        }
    }
}

/// The highest number behind a `$`.
fn placeholders(text: &str) -> usize {
    text.split('$')
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            rest.get(..end)?.parse().ok()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn counts_placeholders() {
        for (text, count) in [("", 0), ("select 1", 0), ("$1", 1), ("a = $2 and b = $1 or c = $2", 2), ("$1, $12)", 12)]
        {
            assert_eq!(placeholders(text), count, "{text}");
        }
        assert_eq!(placeholders("json_extract(data, '$.name') = $1"), 1);
    }
}
