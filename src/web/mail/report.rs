//! A report comes in that a mail of ours did not arrive.

use axum::{body::Body, extract::State};
use serde::Deserialize;

use super::receive::read;
use crate::{
    app::{app::App, error::Error, receive_mail::may_bring, record_bounce::record_bounce, view::report::ReportView},
    web::{
        caller::Caller,
        extract::{Filters, Json},
        problem::{Problem, ProblemBody},
    },
};

/// Where reports come in.
pub const PATH: &str = "/v1/mail/reports";

/// To which address the report was sent.
#[derive(Debug, Deserialize)]
pub struct SentTo {
    /// The return path that the report came to, out of the envelope: `bounces+TOKEN@…`.
    #[serde(default)]
    to: String,
}

/// Bring in a report about a mail
///
/// The body is one mail as it came over the network, which a mail server sent to the return path of a mail of ours. For operators,
/// and for platform tokens with the scope `mail.receive`. 404 where the address is the return path of none of our mails. The same
/// report once more changes nothing.
#[utoipa::path(post, path = "/v1/mail/reports", tag = "mail", params(("to" = String, Query)),
    request_body(content = String, content_type = "message/rfc822"),
    responses((status = 200, body = ReportView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Filters(sent): Filters<SentTo>,
    body: Body,
) -> Result<Json<ReportView>, Problem> {
    may_bring(&principal)?;
    let mail = read(body).await?;
    let recorded = record_bounce(&app, &sent.to, mail.bytes()).await?;
    Ok(Json(ReportView::of(recorded).ok_or(Error::NotFound)?))
}
