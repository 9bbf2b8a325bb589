//! A mail comes in to vote.

use axum::{body::Body, extract::State, http::StatusCode};
use http_body_util::BodyExt;

use crate::{
    app::{
        app::App,
        receive_mail::{may_bring, receive},
        view::inbound_mail::InboundMailView,
    },
    inbound::received::{MOST_BYTES, Received},
    web::{
        caller::Caller,
        extract::Json,
        problem::{Problem, ProblemBody},
    },
};

/// Where mails come in.
pub const PATH: &str = "/v1/mail/inbound";

/// So much of a mail that is too large is taken and thrown away, so that whoever brings it hears why. Then the line is cut.
const PATIENCE: usize = 64 * 1024 * 1024;

/// A mail, or as much of it as is looked at, and one byte more where it goes on.
pub(super) async fn read(mut body: Body) -> Result<Received, Problem> {
    let (mut bytes, mut all) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::malformed("the mail did not arrive whole: send it again"))?;
        let Ok(data) = frame.into_data() else { continue };
        all = all.saturating_add(data.len());
        let room = (MOST_BYTES + 1).saturating_sub(bytes.len());
        bytes.extend(data.iter().take(room));
        if all > PATIENCE {
            break;
        }
    }
    Ok(Received::new(bytes))
}

/// What is told to whoever brings a mail that is too large.
pub(in crate::web) fn too_large(detail: String) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "mail_too_large", "the mail is too large", detail)
}

/// Bring in a mail by which somebody votes
///
/// The body is one mail as it came over the network (RFC 5322), of 1 MiB at most. For operators, and for platform tokens with the
/// scope `mail.receive`. The answer says what became of it: `counted`, or `refused` and why. The same mail once more is refused,
/// and changes nothing. A 503 means that it could not be judged now, and is to be brought again.
#[utoipa::path(post, path = "/v1/mail/inbound", tag = "mail",
    request_body(content = String, content_type = "message/rfc822"),
    responses((status = 200, body = InboundMailView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 413, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    body: Body,
) -> Result<Json<InboundMailView>, Problem> {
    may_bring(&principal)?;
    let mail = read(body).await?;
    let judged = InboundMailView::from(receive(&app, &principal, &mail).await?);
    if mail.is_too_large() {
        return Err(too_large(judged.detail.unwrap_or_default()));
    }
    Ok(Json(judged))
}
