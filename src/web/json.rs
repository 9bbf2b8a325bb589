//! Reading a JSON body: strictly, and saying where it is wrong.
//!
//! The types read carry `deny_unknown_fields`. The parser's own sentences speak of its types and repeat the input, which
//! may be a secret, so they are put into our words; sentences of our own types (ids, addresses) are shown as they are.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use super::problem::{FieldError, Problem};

/// A JSON body, read or written.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(not_marked());
        }
        // The body stands in memory by now, see `layers.rs`; what fails here is a client that went away.
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|_| Problem::malformed("the body did not arrive whole: send it again"))?;
        read(&body).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

impl Problem {
    /// The request cannot be read at all.
    pub fn malformed(detail: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "the request cannot be read", detail)
    }
}

pub(super) fn not_marked() -> Problem {
    let detail = "the body is not marked as JSON: send `Content-Type: application/json`";
    let title = "not a type of content read here";
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", title, detail)
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        match error.inner().classify() {
            Category::Data => Problem::invalid(vec![field_error(pointer, &error.inner().to_string())]),
            Category::Syntax | Category::Eof | Category::Io => not_json(),
        }
    })?;
    reader.end().map_err(|_| not_json())?;
    Ok(value)
}

fn not_json() -> Problem {
    Problem::malformed("the body is not one whole JSON value: check its quotes, commas and brackets")
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push(&mut pointer, &index.to_string()),
            Segment::Map { key } => push(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

/// Puts the parser's sentence into ours. Its beginnings are those of `serde::de::Error`'s provided methods.
fn field_error(mut pointer: String, sentence: &str) -> FieldError {
    let sentence = sentence.rsplit_once(" at line ").map_or(sentence, |(sentence, _)| sentence);
    let expected = sentence.rsplit_once(", expected ").map(|(_, expected)| expected);
    if let Some(field) = sentence.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        push(&mut pointer, field);
        FieldError::at(pointer, "missing_field", "this field is missing: add it")
    } else if sentence.starts_with("unknown field `") {
        let known = expected.filter(|expected| expected.contains('`'));
        let hint = known.map_or_else(|| "take it out".to_owned(), |known| format!("take it out; expected {known}"));
        FieldError::at(pointer, "unknown_field", format!("no such field here: {hint}"))
    } else if let Some(field) = sentence.strip_prefix("duplicate field `").and_then(|rest| rest.strip_suffix('`')) {
        push(&mut pointer, field);
        FieldError::at(pointer, "duplicate_field", "this field is here twice: send it once")
    } else if sentence.starts_with("unknown variant `") {
        let known = expected.unwrap_or("another one");
        FieldError::at(pointer, "unknown_value", format!("not a value known here: expected {known}"))
    } else if ["invalid type: ", "invalid value: ", "invalid length "].iter().any(|start| sentence.starts_with(start)) {
        let wanted = expected.map_or("something else", in_json_words);
        FieldError::at(pointer, "wrong_type", format!("not of the right type: expected {wanted}"))
    } else {
        FieldError::at(pointer, "invalid_value", sentence)
    }
}

/// What the parser calls by the names of its types, in the words of JSON.
fn in_json_words(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" | "string or map" | "an array" | "null" => expected,
        "a boolean" => "true or false",
        "a sequence" => "an array",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        _ if expected.starts_with("struct ") || expected.starts_with("a map") => "an object",
        _ if expected.starts_with("enum ") || expected.starts_with("variant ") => "one of the known values",
        _ if expected.starts_with("tuple ") || expected.starts_with("a tuple") => "an array",
        other => other,
    }
}
