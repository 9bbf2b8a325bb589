//! Every route, and the description of the API that is generated from them.

use axum::{
    Extension, Router,
    body::Bytes,
    http::header::CONTENT_TYPE,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Description, SecurityRequirement,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    access, account, activity, assets, caller::AsksByItself, case, drill, guard::own_forms, health, layers::layers,
    link, log, mail, mailbox, me, member, metrics, owner, paper_key, policy, preset, problem_page, readiness, recover,
    recovery_user, roster, rotation::rotate, session, settings, sign_on, signed_in::dress, site::Site, start,
    throttle::limit, token, transfer, webhook,
};
use crate::config::Limits;

/// The whole site, ready to be served.
pub fn router(site: &Site, limits: Limits) -> Router {
    let (api, description) = api().split_for_parts();
    // Written once, as a text: a route is cloned with all that it holds.
    let description = Bytes::from(description.to_json().unwrap_or_default());
    let routes = api
        .merge(pages(site))
        .route("/metrics", get(metrics::near))
        .route("/log/tile/{*place}", get(log::tile::get))
        .route("/openapi.json", get(move || async move { ([(CONTENT_TYPE, "application/json")], description) }))
        .layer(from_fn_with_state(site.clone(), limit))
        .with_state(site.clone());
    layers(routes, site.observer(), limits)
}

/// The description of the API, OpenAPI 3.1.
pub fn description() -> Description {
    api().split_for_parts().1
}

fn api() -> OpenApiRouter<Site> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(session::sign_in::api))
        .routes(routes!(session::confirm::api))
        .routes(routes!(session::link::api))
        .routes(routes!(session::password::api))
        .routes(routes!(session::sign_out::api))
        .routes(routes!(session::passkey::options))
        .routes(routes!(session::passkey::api))
        .routes(routes!(session::prove::api))
        .routes(routes!(session::prove::options))
        .routes(routes!(me::show::api, me::rename::api))
        .routes(routes!(me::time_zone::api))
        .routes(routes!(me::ask_address::api))
        .routes(routes!(me::change_address::api))
        .routes(routes!(me::password::show, me::password::set, me::password::remove))
        .routes(routes!(me::devices::list, me::devices::add))
        .routes(routes!(me::devices::options))
        .routes(routes!(me::devices::rename, me::devices::remove))
        .routes(routes!(me::sessions::list, me::sessions::end_others))
        .routes(routes!(me::sessions::end))
        .routes(routes!(token::list::api, token::create::api))
        .routes(routes!(token::revoke::api))
        .routes(routes!(account::create::api, account::list::api))
        .routes(routes!(account::show::api, account::rename::api))
        .routes(routes!(account::children::api))
        .routes(routes!(account::status::suspend))
        .routes(routes!(account::status::resume))
        .routes(routes!(account::status::close, account::status::keep))
        .routes(routes!(preset::list::api))
        .routes(routes!(access::evaluation::api))
        .routes(routes!(access::evaluations::api))
        .routes(routes!(access::metadata::api))
        .routes(routes!(policy::show::api, policy::edit::api))
        .routes(routes!(policy::cancel::api))
        .routes(routes!(settings::show::api))
        .routes(routes!(settings::branding::api))
        .routes(routes!(settings::reference::api))
        .routes(routes!(settings::logo::show, settings::logo::set, settings::logo::remove))
        .routes(routes!(settings::domains::put, settings::domains::remove))
        .routes(routes!(settings::domains::verify))
        .routes(routes!(settings::join::api))
        .routes(routes!(settings::sign_on::show, settings::sign_on::set, settings::sign_on::remove))
        .routes(routes!(member::list::api, member::invite::api))
        .routes(routes!(member::show::api, member::change::api, member::remove::api))
        .routes(routes!(member::accept::api))
        .routes(routes!(member::leave::api))
        .routes(routes!(owner::list::api, owner::grant::api))
        .routes(routes!(owner::revoke::api))
        .routes(routes!(owner::primary::api))
        .routes(routes!(transfer::list::api, transfer::offer::api))
        .routes(routes!(transfer::show::api))
        .routes(routes!(transfer::answer::accept))
        .routes(routes!(transfer::answer::decline))
        .routes(routes!(transfer::answer::cancel))
        .routes(routes!(roster::show::api))
        .routes(routes!(roster::say::contest))
        .routes(routes!(roster::say::confirm))
        .routes(routes!(readiness::show::api))
        .routes(routes!(readiness::digest::api))
        .routes(routes!(case::list::api, case::open::api))
        .routes(routes!(case::show::api))
        .routes(routes!(case::certificate::api))
        .routes(routes!(case::vote::cast, case::vote::take_back))
        .routes(routes!(case::vote::options))
        .routes(routes!(case::object::pause))
        .routes(routes!(case::object::veto))
        .routes(routes!(case::withdraw::api))
        .routes(routes!(activity::list::api))
        .routes(routes!(mail::of_account::api))
        .routes(routes!(mail::of_case::api))
        .routes(routes!(mail::inbound::api, mail::receive::api))
        .routes(routes!(mail::report::api))
        .routes(routes!(link::redeem::api))
        .routes(routes!(health::up))
        .routes(routes!(health::able))
        .merge(paper_keys())
        .merge(webhooks())
        .merge(sealed_log())
}

fn sealed_log() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(log::checkpoint::api))
        .routes(routes!(log::checkpoint::of_account))
        .routes(routes!(log::proof::api))
        .routes(routes!(log::keys::api))
}

fn webhooks() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(webhook::list::api, webhook::add::api))
        .routes(routes!(webhook::remove::api))
        .routes(routes!(webhook::secret::api))
        .routes(routes!(webhook::turn::enable))
        .routes(routes!(webhook::turn::disable))
        .routes(routes!(webhook::test::api))
        .routes(routes!(webhook::deliveries::api))
}

fn paper_keys() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(recovery_user::list::api, recovery_user::add::api))
        .routes(routes!(recovery_user::remove::api))
        .routes(routes!(recovery_user::confirm::api))
        .routes(routes!(paper_key::list::api, paper_key::issue::api))
        .routes(routes!(paper_key::revoke::api))
        .routes(routes!(drill::begin::api))
        .routes(routes!(drill::end::api))
        .routes(routes!(recover::present::api))
        .routes(routes!(recover::show::api))
        .routes(routes!(recover::redeem::api))
        .routes(routes!(link::enrol::options))
        .routes(routes!(link::enrol::api))
}

/// The pages. Those that a form is sent to show their beginning to whoever comes back to them without it.
fn pages(site: &Site) -> Router<Site> {
    Router::new()
        .route("/", get(start::show))
        .merge(entrances())
        .merge(recovery_users())
        .merge(webhook_pages())
        .merge(proofs(site))
        .route("/me", get(me::show::page_of))
        .route("/me/name", get(me::sessions::nothing).post(me::rename::page_of))
        .route("/me/time-zone", get(me::time_zone::form).post(me::time_zone::page_of))
        .route("/me/email", get(me::sessions::nothing).post(me::ask_address::page_of))
        .route("/me/email/code", get(me::change_address::form).post(me::change_address::page_of))
        .route("/me/password", get(me::password_page::form).post(me::password_page::send))
        .route("/me/password/remove", get(me::password_page::ask).post(me::password_page::remove))
        .route("/me/devices/add", get(me::device_pages::form).post(me::device_pages::send))
        .route("/me/devices/{device}/name", get(me::device_pages::name).post(me::device_pages::send_name))
        .route("/me/devices/{device}/remove", get(me::device_pages::ask).post(me::device_pages::remove))
        .route("/me/sessions/end-others", get(me::sessions::nothing).post(me::sessions::others_page))
        .route("/me/sessions/{session}/end", get(me::sessions::nothing).post(me::sessions::page_of))
        .route("/accounts/{account}", get(account::show::page_of))
        .route("/accounts/{account}/children", get(account::children::page_of))
        .route("/accounts/{account}/children/new", get(account::create_child::form).post(account::create_child::send))
        .route("/accounts/{account}/status/{act}", get(account::status::ask).post(account::status::press))
        .route("/accounts/{account}/members", get(member::list::page_of).post(member::invite::send))
        .route("/accounts/{account}/members/{user}", get(member::show::page_of))
        .route("/accounts/{account}/members/{user}/{deed}", get(member::confirm::show).post(member::confirm::press))
        .route("/accounts/{account}/owners", get(owner::page::page_of))
        .route("/accounts/{account}/owners/choose", get(owner::page::choose))
        .route("/transfers/{transfer}", get(transfer::deed::page_of))
        .route("/transfers/{transfer}/{deed}", get(transfer::deed::ask).post(transfer::deed::press))
        .route("/accounts/{account}/policy", get(policy::show::page_of))
        .route("/accounts/{account}/policy/change", get(policy::change_page::form).post(policy::change_page::send))
        .route("/accounts/{account}/policy/cancel", get(policy::cancel::ask).post(policy::cancel::send))
        .route("/accounts/{account}/settings", get(settings::page::page_of).post(settings::page::send))
        .route("/accounts/{account}/settings/logo", get(settings::page::page_of).post(settings::logo::send))
        .route(
            "/accounts/{account}/settings/sign-on",
            get(settings::sign_on_page::page_of).post(settings::sign_on_page::send),
        )
        .route("/accounts/{account}/logo", get(settings::logo::picture))
        .route("/accounts/{account}/join", get(settings::join::nothing).post(settings::join::send))
        .route("/accounts/{account}/roster", get(roster::show::page_of))
        .route(
            "/accounts/{account}/roster/{change}/contest",
            get(roster::say::contest_form).post(roster::say::contest_page),
        )
        .route(
            "/accounts/{account}/roster/{change}/confirm",
            get(roster::say::confirm_form).post(roster::say::confirm_page),
        )
        .route("/accounts/{account}/mails", get(mail::of_account::page_of))
        .route("/accounts/{account}/activity", get(activity::page::page_of))
        .route("/accounts/{account}/activity/export/{form}", get(activity::page::send))
        .route("/accounts/{account}/readiness", get(readiness::show::page_of))
        .route("/accounts/{account}/readiness/digest", get(readiness::digest::nothing).post(readiness::digest::page_of))
        .route("/accounts/{account}/cases/new", get(case::open_page::form).post(case::open_page::send))
        .route("/accounts/{account}/cases", get(case::list::page_of))
        .route("/cases/{case}", get(case::show::page_of))
        .route("/cases/{case}/live", get(case::live::stream).layer(Extension(AsksByItself)))
        .route("/cases/{case}/vote", get(case::vote::form).post(case::vote::send))
        .route("/cases/{case}/ballot/take-back", get(case::vote::ask_back).post(case::vote::send_back))
        .route("/cases/{case}/pause", get(case::object::ask_pause).post(case::object::send_pause))
        .route("/cases/{case}/veto", get(case::object::ask_veto).post(case::object::send_veto))
        .route("/cases/{case}/withdraw", get(case::withdraw::ask).post(case::withdraw::send))
        .route("/l/{link}", get(link::open::page_of))
        .route("/l/{link}/show", get(link::open::page_of).post(link::show::page_of))
        .route("/l/{link}/do", get(link::open::page_of).post(link::act::page_of))
        .route("/l/{link}/enrol", get(link::open::page_of).post(link::enrol::send))
        .route("/l/{link}/code", get(link::open::page_of).post(link::code::send))
        .route("/mailbox", get(mailbox::list::show))
        .route("/mailbox/{mail}", get(mailbox::letter::show))
        .route("/mailbox/{mail}/html", get(mailbox::letter::html))
        .route("/docs/problems", get(problem_page::show))
        .route("/assets/quorate.css", get(assets::style))
        .route("/assets/brand/{colour}", get(settings::brand_style::style))
        .route("/assets/quorate.js", get(assets::script))
        .route("/assets/live.js", get(assets::live_script))
        .route("/assets/passkey.js", get(assets::passkey_script))
        .layer(from_fn_with_state(site.app.clone(), own_forms))
        .layer(from_fn_with_state(site.clone(), dress))
}

/// Where people sign in, and out.
fn entrances() -> Router<Site> {
    Router::new()
        .route("/sign-in", get(session::sign_in::form).post(session::sign_in::send))
        .route("/sign-in/password", get(session::confirm::begin_again).post(session::password::form))
        .route("/sign-in/passkey", get(session::confirm::begin_again).post(session::passkey::form))
        .route("/sign-in/code", get(session::confirm::begin_again).post(session::confirm::form))
        .route("/sign-in/link/{request}", get(session::link::open).post(session::link::press))
        .route("/sign-in/link/{request}/show", get(session::link::open).post(session::link::show))
        .route("/sign-on", get(sign_on::ask::form).post(sign_on::ask::send))
        .route("/sign-on/{account}", get(sign_on::begin::form).post(sign_on::begin::send))
        .route("/sign-on/{account}/return", get(sign_on::come_back::page_of))
        .route("/sign-out", get(session::sign_out::nothing).post(session::sign_out::page_of))
}

/// Where owners choose recovery users, and where these confirm their addresses.
fn recovery_users() -> Router<Site> {
    Router::new()
        .route("/accounts/{account}/recovery-users", get(recovery_user::page::page_of).post(recovery_user::add::send))
        .route(
            "/accounts/{account}/recovery-users/{user}/remove",
            get(recovery_user::remove::ask).post(recovery_user::remove::press),
        )
        .route(
            "/accounts/{account}/recovery-users/{user}/paper-keys",
            get(paper_key::page::page_of).post(paper_key::page::send),
        )
        .route("/paper-keys/{key}/revoke", get(paper_key::revoke::ask).post(paper_key::revoke::press))
        .route("/drill", get(drill::begin::form).post(drill::begin::send))
        .route("/recover", get(recover::present::form).post(recover::present::send))
        .route("/recover/code", get(recover::present::nothing).post(recover::show::send))
        .route("/recover/do", get(recover::present::nothing).post(recover::redeem::send))
        .route("/drill/code", get(drill::end::nothing).post(drill::end::send))
        .route("/recovery-address/{link}", get(recovery_user::address::open))
        .route("/recovery-address/{link}/show", get(recovery_user::address::open).post(recovery_user::address::show))
        .route("/recovery-address/{link}/do", get(recovery_user::address::open).post(recovery_user::address::press))
        .route("/recovery-address/{link}/code", get(recovery_user::address::open).post(recovery_user::address::code))
}

/// Where owners set webhooks up.
fn webhook_pages() -> Router<Site> {
    Router::new()
        .route("/accounts/{account}/settings/webhooks", get(webhook::page::page_of).post(webhook::page::send))
        .route(
            "/accounts/{account}/settings/webhooks/{webhook}",
            get(webhook::endpoint_page::page_of).post(webhook::endpoint_page::send),
        )
        .route(
            "/accounts/{account}/settings/webhooks/{webhook}/{deed}",
            get(webhook::deed::ask).post(webhook::deed::press),
        )
}

/// Where people show who they are. Asking for a code shows nothing yet.
fn proofs(site: &Site) -> Router<Site> {
    let shown = Router::new()
        .route("/prove", post(session::prove::page_of))
        .route("/prove/password", post(session::prove::by_password))
        .route("/prove/passkey", post(session::prove::by_passkey))
        .layer(from_fn_with_state(site.app.clone(), rotate));
    Router::new()
        .route("/prove", get(session::prove::form))
        .route("/prove/password", get(session::prove::form))
        .route("/prove/passkey", get(session::prove::form))
        .route("/prove/code", get(session::prove::form).post(session::prove::send))
        .merge(shown)
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Quorate", description = "Gives an account a new owner when its owner is lost, by a majority of its administrators."),
    modifiers(&Credentials)
)]
struct Api;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, description: &mut Description) {
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            "__Host-quorate",
            "What the sign-in page sets, for pages of the same origin. Over plain http it is called `quorate`.",
        ));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
        let either = ["bearer", "cookie"].map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new()));
        description.security = Some(either.into());
    }
}
