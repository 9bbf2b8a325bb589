//! Tells a page of a case that is open when the case has changed. The page then shows itself anew.
//!
//! Every stream asks the database again and again, so it sees what any replica has done, and needs nothing to be told.
//! It ends after a minute and the browser comes back, so nobody watches for long who may not read the case any more.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::stream;
use serde::Deserialize;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};

use crate::{
    app::{
        app::App,
        view::live::{may_watch, stand},
    },
    id::CaseId,
    jobs::pulse::Pulse,
    web::{
        extract::{Filters, Path},
        problem::Problem,
        signed_in::SignedIn,
        site::Site,
    },
};

/// How often the database is asked.
const EVERY: Duration = Duration::from_secs(2);
/// So often, before the stream ends.
const TURNS: u32 = 30;

/// How many pages can be told at once. Each holds a connection of the server, so they get a quarter of them.
#[derive(Debug, Clone)]
pub struct Places(Arc<Semaphore>);

impl Places {
    /// Places on a server with so many connections.
    #[must_use]
    pub fn among(connections: usize) -> Self {
        Self(Arc::new(Semaphore::new(connections / 4)))
    }
}

/// What the page shows already.
#[derive(Debug, Deserialize)]
pub struct Shown {
    seen: Option<String>,
}

/// Tells when the case is further than the page shows. Where there is no place left, the answer is 204, which no browser
/// asks again: the page then stays as it was loaded, as it does without script.
///
/// # Errors
/// When the reader may not know of the case.
pub async fn stream(
    State(Site { app, pulse, places, .. }): State<Site>,
    person: SignedIn,
    Path(case): Path<CaseId>,
    Filters(Shown { seen }): Filters<Shown>,
) -> Result<Response, Problem> {
    may_watch(&app, &person.principal, case).await?;
    let Ok(place) = places.0.try_acquire_owned() else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let watch = Watch { app, pulse, case, seen: seen.unwrap_or_default(), turns: TURNS, _place: place };
    let told = stream::unfold(watch, |mut watch| async {
        watch.next().await.map(|event| (Ok::<_, Infallible>(event), watch))
    });
    let mut response = Sse::new(told).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Some proxies collect an answer before they pass it on, unless they are told not to.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

struct Watch {
    app: App,
    pulse: Pulse,
    case: CaseId,
    seen: String,
    turns: u32,
    _place: OwnedSemaphorePermit,
}

impl Watch {
    /// What to send next: how far the case has come, if the page does not show it, or a sign of life, by which a browser
    /// that has gone away is noticed. Nothing once the stream ends.
    async fn next(&mut self) -> Option<Event> {
        self.turns = self.turns.checked_sub(1)?;
        if self.turns + 1 < TURNS {
            self.pulse.unless_stopping(sleep(EVERY)).await?;
        }
        let stand = match stand(&self.app, self.case).await {
            Ok(stand) => stand?,
            Err(error) => {
                // The browser asks again, and the next answer tells what is wrong.
                tracing::warn!(%error, "cannot tell a page how far its case has come");
                return None;
            }
        };
        if stand == self.seen {
            return Some(Event::default().comment(""));
        }
        self.seen.clone_from(&stand);
        Some(Event::default().event("stand").data(stand))
    }
}
