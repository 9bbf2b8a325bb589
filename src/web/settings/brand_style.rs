//! The stylesheet of a colour: what pages look like in it. It depends on nothing else, so it is public and kept.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    ownership::settings::{Colour, Scheme, Shades, TextOn},
    web::{extract::Path, problem::Problem},
};

/// Where pages find the stylesheet of a colour.
#[must_use]
pub fn address(colour: Colour) -> String {
    format!("/assets/brand/{}", colour.to_string().trim_start_matches('#'))
}

/// The stylesheet of a colour.
///
/// # Errors
/// 404 for what is no colour.
pub async fn style(Path(digits): Path<String>) -> Result<Response, Problem> {
    let colour: Colour = format!("#{digits}").parse().map_err(|_| Problem::not_found())?;
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, sheet(colour)).into_response())
}

fn sheet(colour: Colour) -> String {
    let (light, dark) = (Shades::of(colour, Scheme::Light), Shades::of(colour, Scheme::Dark));
    let ink = match colour.text_on() {
        TextOn::White => Colour::WHITE,
        TextOn::Black => Colour::BLACK,
    };
    let accents = |Shades { accent, strong, ink }: Shades| {
        format!("--accent: {accent}; --accent-strong: {strong}; --accent-ink: {ink};")
    };
    format!(
        ":root {{ --brand: {colour}; --brand-ink: {ink}; {} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {} }} }}\n",
        accents(light),
        accents(dark)
    )
}
