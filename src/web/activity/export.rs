//! Exporting the activity log: as JSON Lines, by which the chain can be checked, or as CSV, for people. Written piece by piece, so
//! that memory does not grow with the log.

use std::collections::BTreeMap;

use axum::{
    BoxError,
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use futures_util::stream;
use serde::Serialize;

use super::{csv, told::Told};
use crate::{
    app::{
        app::App,
        principal::Principal,
        view::{
            activity::EntryFilter,
            activity_export::{Export, Exported, Piece},
        },
    },
    hash::Hash,
    id::{AccountId, UserId},
    web::problem::Problem,
    zone::Zone,
};

/// In which form the log goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// A table.
    Csv,
}

impl Format {
    /// The form that a client accepts before JSON, if it does. The greatest weight counts, then what stands first.
    #[must_use]
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let mut best: (f32, Option<Self>) = (0.0, None);
        for range in values.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let format = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/jsonl" | "application/x-ndjson" => Some(Self::JsonLines),
                "text/csv" => Some(Self::Csv),
                "application/json" | "application/*" | "*/*" => None,
                _ => continue,
            };
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Ok(1.0), str::parse).unwrap_or(0.0);
            if weight > best.0 {
                best = (weight, format);
            }
        }
        best.1
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::JsonLines => "application/jsonl",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// The answer with everything that a filter finds.
///
/// # Errors
/// When the caller may not read the account. What fails later breaks the answer off, so that nobody takes half for the whole.
pub async fn export(
    app: &App,
    principal: &Principal,
    account: AccountId,
    filter: EntryFilter,
    format: Format,
) -> Result<Response, Problem> {
    let under_way = Export::begin(app, principal, account, filter).await?;
    let head = match format {
        Format::JsonLines => String::new(),
        Format::Csv => csv::HEADER.to_owned(),
    };
    let pieces = stream::try_unfold((under_way, Some(head)), move |(mut under_way, head)| async move {
        if let Some(head) = head {
            return Ok::<_, BoxError>(Some((head, (under_way, None))));
        }
        let piece = under_way.next().await.inspect_err(|error| {
            tracing::warn!(%error, "an export of an activity log was broken off");
        })?;
        Ok(if piece.lines.is_empty() { None } else { Some((written(&piece, format)?, (under_way, None))) })
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"activity-{account}.{}\"", format.extension());
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Problem::internal)?);
    Ok(response)
}

fn written(piece: &Piece, format: Format) -> Result<String, serde_json::Error> {
    let called = |user: UserId| piece.names.get(&user).map(String::as_str);
    let mut text = String::new();
    for line in &piece.lines {
        match format {
            Format::JsonLines => {
                text.push_str(&json_line(line)?);
                text.push('\n');
            }
            Format::Csv => {
                let told = Told::of(&line.view, &called, &Zone::default());
                text.push_str(&csv::line(&told, &line.view.hash.to_string()));
            }
        }
    }
    Ok(text)
}

#[derive(Serialize)]
struct Line<'l> {
    seq: u64,
    /// The text that was hashed, as a text: no reader and no writer of JSON between may change a letter of it.
    body: &'l str,
    hash: Hash,
    personal: BTreeMap<&'l str, Personal<'l>>,
    erased: &'l [String],
    /// What only owners are told.
    withheld: &'l [String],
}

#[derive(Serialize)]
struct Personal<'l> {
    salt: String,
    value: &'l str,
}

fn json_line(line: &Exported) -> Result<String, serde_json::Error> {
    let kept = line.view.values.iter().filter_map(|(name, value)| {
        let salt = HEXLOWER.encode(line.salts.get(name)?);
        Some((name.as_str(), Personal { salt, value }))
    });
    serde_json::to_string(&Line {
        seq: line.view.entry.seq,
        body: &line.body,
        hash: line.view.hash,
        personal: kept.collect(),
        erased: &line.view.erased,
        withheld: &line.view.withheld,
    })
}
