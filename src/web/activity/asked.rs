//! What somebody looks for in the log, out of the query of an address: for programs and for people.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use url::form_urlencoded::Serializer;

use crate::{
    activity::topic::{self, Topic},
    app::view::{
        activity::EntryFilter,
        activity_page::{Place, Somebody},
    },
    moment::Moment,
    web::problem::{FieldError, Problem},
    zone::Zone,
};

/// What was asked for, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked(Vec<(String, String)>);

/// What was asked for, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    /// Which entries.
    pub filter: EntryFilter,
    /// Whose, where somebody is looked for.
    pub somebody: Option<Somebody>,
    /// Where the page begins.
    pub place: Place,
}

/// One thing that is wrong with what was asked for: the parameter, and what to do.
pub type Misfit = (&'static str, &'static str);

/// How dates and people are written.
#[derive(Debug, Clone, Copy)]
pub enum Spelling<'z> {
    /// As programs do: moments of RFC 3339, and ids.
    Program,
    /// As people do: days in their time zone, the last one included, and addresses.
    Person(&'z Zone),
}

/// What is looked for, in the order in which it stands in an address.
const NAMES: [&str; 7] = ["topic", "kind", "person", "actor", "case", "from", "until"];

/// Of these, several can be looked for.
const SEVERAL: [&str; 2] = ["topic", "kind"];

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(mut pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
            let said = "the query of this address cannot be read: send names and values, percent-encoded";
            return Err(Problem::malformed(said));
        };
        // A form sends what was left empty, too.
        pairs.retain(|(_, value)| !value.trim().is_empty());
        Ok(Self(pairs))
    }
}

impl Asked {
    /// The last value of that name, as it was typed.
    #[must_use]
    pub fn typed(&self, name: &str) -> &str {
        let last = self.0.iter().rev().find(|(known, _)| known == name);
        last.map_or("", |(_, value)| value.trim())
    }

    /// Every value of that name. Of topics and kinds several may stand in one, with commas between; of all others one counts.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        if !SEVERAL.contains(&name) {
            return Some(self.typed(name)).filter(|value| !value.is_empty()).into_iter().collect();
        }
        let values = self.0.iter().filter(|(known, _)| known == name);
        values.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    /// Whether anything is looked for.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.0.iter().any(|(name, _)| NAMES.contains(&name.as_str()))
    }

    /// Everything that is looked for, each with its name.
    pub fn filters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        NAMES.into_iter().flat_map(|name| self.all(name).into_iter().map(move |value| (name, value)))
    }

    /// The query of an address that looks for the same, without one thing, and with another.
    #[must_use]
    pub fn query(&self, without: Option<(&str, &str)>, with: Option<(&str, &str)>) -> String {
        let kept = self.filters().filter(|filter| Some(*filter) != without);
        let mut query = Serializer::new(String::new());
        query.extend_pairs(kept).extend_pairs(with);
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// Understands it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn understood(&self, spelling: Spelling<'_>) -> Result<Understood, Vec<Misfit>> {
        let mut misfits = Vec::new();
        let mut kinds = Vec::new();
        for word in self.all("topic") {
            match word.parse::<Topic>() {
                Ok(topic) => kinds.extend(topic.kinds()),
                Err(_) => {
                    misfits.push(("topic", "no group of entries is called so: choose one of those that are offered"));
                }
            }
        }
        for word in self.all("kind") {
            match topic::known(word) {
                Some(kind) => kinds.push(kind),
                None => misfits.push(("kind", "no kind of entry is called so: write one like `case.opened`")),
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        let mut filter = EntryFilter { kinds, ..EntryFilter::default() };
        filter.actor = self.id("actor", "not the id of a person: send one like `user_…`", &mut misfits);
        filter.case = self.id("case", "not the id of a case: send one like `case_…`", &mut misfits);
        let somebody = self.somebody(spelling, &mut misfits);
        self.moments(spelling, &mut filter, &mut misfits);
        let place = self.place(&mut misfits);
        if misfits.is_empty() { Ok(Understood { filter, somebody, place }) } else { Err(misfits) }
    }

    fn id<T: std::str::FromStr>(
        &self,
        name: &'static str,
        wrong: &'static str,
        misfits: &mut Vec<Misfit>,
    ) -> Option<T> {
        let typed = Some(self.typed(name)).filter(|typed| !typed.is_empty())?;
        let id = typed.parse().ok();
        if id.is_none() {
            misfits.push((name, wrong));
        }
        id
    }

    fn somebody(&self, spelling: Spelling<'_>, misfits: &mut Vec<Misfit>) -> Option<Somebody> {
        let typed = Some(self.typed("person")).filter(|typed| !typed.is_empty())?;
        let somebody = match (typed.parse(), spelling) {
            (Ok(user), _) => Some(Somebody::Id(user)),
            (Err(_), Spelling::Person(_)) => typed.parse().ok().map(Somebody::Address),
            (Err(_), Spelling::Program) => None,
        };
        if somebody.is_none() {
            misfits.push((
                "person",
                match spelling {
                    Spelling::Program => "not the id of a person: send one like `user_…`",
                    Spelling::Person(_) => "not the address of a person: write one like `alex@example.org`",
                },
            ));
        }
        somebody
    }

    fn moments(&self, spelling: Spelling<'_>, filter: &mut EntryFilter, misfits: &mut Vec<Misfit>) {
        let wrong = match spelling {
            Spelling::Program => "not a moment: send one of RFC 3339, such as `2026-11-22T14:05:00Z`",
            Spelling::Person(_) => "not a day: write year, month and day, such as 2026-11-22",
        };
        let mut bound = |name: &'static str, end: usize| -> Option<Moment> {
            let typed = Some(self.typed(name)).filter(|typed| !typed.is_empty())?;
            let moment = match spelling {
                Spelling::Program => typed.parse().ok(),
                Spelling::Person(zone) => zone.day(typed).map(|day| if end == 0 { day.0 } else { day.1 }),
            };
            if moment.is_none() {
                misfits.push((name, wrong));
            }
            moment
        };
        (filter.from, filter.before) = (bound("from", 0), bound("until", 1));
        if let (Some(from), Some(before)) = (filter.from, filter.before)
            && from >= before
        {
            misfits.push(("until", "before it begins: choose an end behind the beginning"));
        }
    }

    fn place(&self, misfits: &mut Vec<Misfit>) -> Place {
        match (self.typed("before"), self.typed("after")) {
            ("", "") => Place::Newest,
            (before, "") => before.parse().map(Place::Before).unwrap_or_default(),
            // Programs send what a page gave them as `next`; it must be one of ours.
            (_, after) => after.parse().map_or_else(
                |_| {
                    misfits.push(("after", "not a cursor of this list: send the `next` of the page before, unchanged"));
                    Place::Newest
                },
                Place::After,
            ),
        }
    }
}

/// What is wrong, as programs are told.
#[must_use]
pub fn refused(misfits: Vec<Misfit>) -> Problem {
    let error = |(name, says): Misfit| FieldError::parameter(name, "invalid_parameter", says);
    Problem::invalid(misfits.into_iter().map(error).collect())
}
