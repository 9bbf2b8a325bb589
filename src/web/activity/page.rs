//! The page of the activity log: what happened, the newest first, and a form that looks for some of it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use super::{
    asked::{Asked, Spelling, Understood, refused},
    export::{Format, export},
    seal::Sealed,
    told::Told,
};
use crate::{
    activity::topic::Topic,
    app::{
        app::App,
        view::{
            activity::EntryView,
            activity_page::{Frame, Stretch, frame, look, stretch},
            log::account_checkpoint,
        },
    },
    id::{AccountId, UserId},
    mail::plain_text,
    web::{
        extract::Path,
        page::{Head, page},
        problem::Problem,
        signed_in::SignedIn,
        wrong::Wrong,
    },
    zone::Zone,
};

#[derive(Template)]
#[template(path = "activity.html", config = "src/web/templates/askama.toml")]
struct ActivityPage {
    head: Head,
    account: AccountId,
    asked: Asked,
    zone: Zone,
    /// Whom the form offers to look for: name and address.
    people: Vec<(String, String)>,
    chips: Vec<Chip>,
    /// Nothing when what was asked for could not be understood.
    found: Option<Found>,
    /// Nothing while nothing has been sealed.
    sealed: Option<Sealed>,
    wrong: Wrong,
}

/// Something that is looked for, and where to go to look without it.
struct Chip {
    label: String,
    without: String,
}

struct Found {
    entries: Vec<Written>,
    newer: Option<String>,
    older: Option<String>,
    /// Back to the newest entries that are found.
    newest: String,
}

/// An entry on the page.
struct Written {
    told: Told,
    when: String,
    /// Personal values as they were recorded.
    recorded: Vec<(String, Recorded)>,
    hash: String,
    prev: String,
}

/// A personal value.
enum Recorded {
    Value(String),
    Erased,
    /// Only owners are told.
    Withheld,
}

impl ActivityPage {
    fn is_ticked(&self, topic: Topic) -> bool {
        self.asked.all("topic").contains(&topic.word())
    }

    fn address(&self) -> String {
        format!("/accounts/{}/activity", self.account)
    }

    /// Where only that stands which concerns a person.
    fn only(&self, user: &UserId) -> String {
        format!("{}?person={user}", self.address())
    }

    /// A browser shows nothing where a day is wanted and something else stands: then what was typed would be lost.
    fn day_field(&self, name: &str) -> &'static str {
        let typed = self.asked.typed(name);
        if typed.is_empty() || self.zone.day(typed).is_some() { "date" } else { "text" }
    }

    fn days(&self) -> String {
        format!("Days begin and end as in {}.", self.zone)
    }

    /// Where the same is exported. What cannot be understood cannot be exported.
    fn export(&self, form: &str) -> String {
        format!("{}/export/{form}{}", self.address(), self.asked.query(None, None))
    }
}

/// The page.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    asked: Asked,
) -> Result<Response, Problem> {
    let SignedIn { principal, head, .. } = person;
    let Frame { account_name, zone, people } = frame(&app, &principal, account).await?;
    let found = match asked.understood(Spelling::Person(&zone)).map_err(refused) {
        Ok(Understood { filter, somebody, place }) => {
            stretch(&app, &principal, account, filter, place, somebody).await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    let (found, wrong) = match found {
        Ok(found) => (Some(found), Wrong::default()),
        Err(problem) => (None, Wrong::of(problem, &[])?),
    };
    let sealed = Sealed::of(account_checkpoint(&app, &principal, account).await?, &zone);
    let head = head.below("Accounts", "/").below(plain_text::name(&account_name), format!("/accounts/{account}"));
    let people = people.iter().map(|(name, email)| (plain_text::name(name), plain_text::address(email))).collect();
    let called = found.as_ref().and_then(|found| found.person.as_deref());
    let shown = ActivityPage {
        head,
        account,
        people,
        chips: chips(account, &asked, called),
        found: found.map(|found| written(account, &asked, &zone, &found)),
        sealed,
        asked,
        zone,
        wrong: wrong.clone(),
    };
    Ok(wrong.marked(page(&shown)?.into_response()))
}

/// Everything that the page finds, as a file.
///
/// # Errors
/// 404 for whoever may not know of the account, and for another form than ours; 422 for what cannot be understood.
pub async fn send(
    State(app): State<App>,
    person: SignedIn,
    Path((account, form)): Path<(AccountId, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let format = match form.as_str() {
        "jsonl" => Format::JsonLines,
        "csv" => Format::Csv,
        _ => return Err(Problem::not_found()),
    };
    let Frame { zone, .. } = frame(&app, &person.principal, account).await?;
    let Understood { mut filter, somebody, .. } = asked.understood(Spelling::Person(&zone)).map_err(refused)?;
    if let Some(somebody) = somebody {
        filter.person = Some(look(&app, &person.principal, account, somebody).await?);
    }
    export(&app, &person.principal, account, filter, format).await
}

fn chips(account: AccountId, asked: &Asked, called: Option<&str>) -> Vec<Chip> {
    let chip = |(name, value): (&'static str, &str)| {
        let label = match name {
            "topic" => value.parse().map_or_else(|_| plain_text::name(value), |topic: Topic| topic.title().to_owned()),
            "person" => format!("Concerns {}", called.map_or_else(|| plain_text::address(value), plain_text::name)),
            "actor" => format!("Done by {}", plain_text::address(value)),
            "case" => format!("Case {}", plain_text::address(value)),
            "from" => format!("From {}", plain_text::address(value)),
            "until" => format!("To {}", plain_text::address(value)),
            _ => plain_text::address(value),
        };
        Chip { label, without: format!("/accounts/{account}/activity{}", asked.query(Some((name, value)), None)) }
    };
    asked.filters().map(chip).collect()
}

fn written(account: AccountId, asked: &Asked, zone: &Zone, found: &Stretch) -> Found {
    let here = |with: Option<(&str, &str)>| format!("/accounts/{account}/activity{}", asked.query(None, with));
    let at = |name: &str, seq: i64| here(Some((name, &seq.to_string())));
    let called = |user: UserId| found.names.get(&user).map(String::as_str);
    Found {
        entries: found.entries.iter().map(|view| entry(view, &called, zone)).collect(),
        newer: found.newer.map(|seq| at("after", seq)),
        older: found.older.map(|seq| at("before", seq)),
        newest: here(None),
    }
}

fn entry<'n>(view: &EntryView, called: &impl Fn(UserId) -> Option<&'n str>, zone: &Zone) -> Written {
    let told = Told::of(view, called, zone);
    let recorded = |name: &String| match view.values.get(name) {
        Some(value) => Recorded::Value(plain_text::quotation(value).join(" ")),
        None if view.withheld.contains(name) => Recorded::Withheld,
        None if view.erased.contains(name) => Recorded::Erased,
        // It is long, and for whoever checks a certificate.
        None => Recorded::Value("kept as the proof of the ballot".to_owned()),
    };
    let value = |name: &String| (name.replace('_', " "), recorded(name));
    Written {
        when: zone.when(told.at),
        told,
        recorded: view.entry.personal.keys().map(value).collect(),
        hash: view.hash.to_string(),
        prev: view.entry.prev.to_string(),
    }
}
