//! Who looks at a page: a person who has signed in, or somebody who is asked to do so first and then comes back.

use axum::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts, Request, State},
    http::{Method, StatusCode, Uri, request::Parts},
    middleware,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    banner::Banner,
    branded::brand_at,
    caller::Caller,
    cookie::Jar,
    next::Next,
    notice::Notice,
    page::{self, Came, Head, Reader},
    problem::Problem,
    site::Site,
    threat::Threat,
};
use crate::{
    app::{
        app::App,
        me::{myself, threats},
        principal::Principal,
    },
    id::UserId,
    mail::plain_text,
};

/// A person who has signed in, and what every page of theirs has above.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Them, with their session.
    pub principal: Principal,
    /// Who they are.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// What stands above the page.
    pub head: Head,
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn
where
    Site: FromRef<S>,
    App: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let site = Site::from_ref(state);
        let mut person = match look(parts, state, &site).await {
            Err(problem) if problem.status == StatusCode::UNAUTHORIZED => return Err(sign_in_first(parts, &site)),
            looked => looked.map_err(IntoResponse::into_response)?,
        };
        // Only the page itself shows it, and whoever may not know of the account gets another page.
        person.head.banner = Banner::of(parts, &site.app).await.map_err(IntoResponse::into_response)?;
        Ok(person)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for SignedIn
where
    Site: FromRef<S>,
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        match look(parts, state, &Site::from_ref(state)).await {
            Err(problem) if problem.status == StatusCode::UNAUTHORIZED => Ok(None),
            looked => looked.map(Some),
        }
    }
}

/// Gives a page that tells of a problem the head of the person who has signed in, so that they find their way on.
pub async fn dress(State(site): State<Site>, request: Request, next: middleware::Next) -> Response {
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.uri = request.uri().clone();
    if page::is_asked_for(request.headers()) {
        parts.headers = request.headers().clone();
    }
    let mut response = next.run(request).await;
    let refused = response.extensions().get::<Problem>().is_some_and(|problem| problem.status.is_client_error());
    if refused && let Ok(person) = look(&mut parts, &site, &site).await {
        response.extensions_mut().insert(Head { notice: None, ..person.head });
    }
    response
}

async fn look<S: Send + Sync>(parts: &mut Parts, state: &S, site: &Site) -> Result<SignedIn, Problem>
where
    App: FromRef<S>,
{
    let Caller(principal) = Caller::from_request_parts(parts, state).await?;
    let person = myself(&site.app, &principal).await?;
    let came = if principal.within().is_some() { Came::ThroughOrganization } else { Came::ByThemselves };
    let reader = Reader::Person { name: plain_text::name(&person.name), came };
    let brand = brand_at(&site.app, parts.uri.path(), &principal).await?;
    let threats = threats(&site.app, &principal).await?;
    let threats = threats.into_iter().map(Threat::of).collect();
    let head = Head { reader, brand, threats, notice: Notice::of(&parts.uri), ..Head::of(site) };
    Ok(SignedIn { principal, user: person.id, email: plain_text::address(person.email.as_str()), head })
}

/// Sends somebody to sign in, and back to where they wanted to go. A form that was sent in vain is lost: its page also
/// answers to whoever just opens its address.
fn sign_in_first(parts: &Parts, site: &Site) -> Response {
    let wanted = if parts.method == Method::GET { path_and_query(&parts.uri) } else { parts.uri.path() };
    let page = wanted.parse::<Next>().unwrap_or_default().after("/sign-in");
    let had_session = Jar::of(&site.app.public_url).token(&parts.headers).is_some();
    Redirect::to(&if had_session { Notice::SessionEnded.on(&page) } else { page }).into_response()
}

fn path_and_query(address: &Uri) -> &str {
    address.path_and_query().map_or("/", |both| both.as_str())
}
