//! Lists: the page a client asks for, and the page it gets.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::{FieldError, Problem};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct List<T> {
    /// The things on this page, in the list's order.
    pub items: Vec<T>,
    /// What to send as `after` to get the next page; null on the last one.
    pub next: Option<String>,
}

/// Which page of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many things, 1 to 200.
    pub limit: u16,
    /// The `next` of the page before; the first page has none.
    pub after: Option<String>,
}

/// The query parameters of every list, as the API description shows them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many things to list, 1 to 200; 50 where it is left out.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
}

const LARGEST: u16 = 200;
const USUAL: u16 = 50;
/// Cursors are ours, and shorter than this.
const LONGEST_CURSOR: usize = 512;

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Read leniently: a list may have filters of its own beside these.
        let Ok(Query(PageQuery { limit, after })) = Query::try_from_uri(&parts.uri) else {
            return Err(invalid("limit", "send `limit` and `after` at most once each"));
        };
        let limit = match limit {
            None => USUAL,
            Some(text) => match text.parse() {
                Ok(limit @ 1..=LARGEST) => limit,
                Ok(_) | Err(_) => {
                    return Err(invalid("limit", "not a whole number from 1 to 200: send one, or leave it out"));
                }
            },
        };
        let usable = |cursor: &String| {
            !cursor.is_empty() && cursor.len() <= LONGEST_CURSOR && cursor.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if after.as_ref().is_some_and(|cursor| !usable(cursor)) {
            return Err(invalid("after", "not a cursor: send the `next` of the page before, unchanged"));
        }
        Ok(Self { limit, after })
    }
}

impl Page {
    /// The id after which the page begins.
    ///
    /// # Errors
    /// When the cursor is none of this list's.
    pub fn cursor<T: FromStr>(&self) -> Result<Option<T>, Problem> {
        let wrong = |_| invalid("after", "not a cursor of this list: send the `next` of the page before, unchanged");
        self.after.as_deref().map(str::parse).transpose().map_err(wrong)
    }

    /// How many rows to read: one more than wanted, to learn whether there is a next page.
    #[must_use]
    pub const fn fetch(&self) -> u16 {
        self.limit + 1
    }
}

/// Makes a page of the rows that were read, each named by `cursor` for the next page.
pub fn page<T>(mut rows: Vec<T>, wanted: &Page, cursor: impl Fn(&T) -> String) -> List<T> {
    let limit = usize::from(wanted.limit);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(cursor);
    List { items: rows, next }
}

fn invalid(name: &'static str, detail: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::parameter(name, "invalid_parameter", detail)])
}
