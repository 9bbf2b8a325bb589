//! The tiles of the log, where C2SP `tlog-tiles` has them: whoever watches the log computes every proof from them.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    activity::log::tiles::{Place, WIDTH},
    app::{app::App, error::Error, view::log::tile},
    web::problem::Problem,
};

/// A tile, or the beginning of one that is not full yet. Either never changes.
pub async fn get(State(app): State<App>, Path(path): Path<String>) -> Result<Response, Problem> {
    let (place, width) = read(&path).ok_or(Error::NotFound)?;
    let hashes = tile(&app, place, width).await.map_err(Error::from)?.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, hashes).into_response())
}

/// `LEVEL/INDEX` or `LEVEL/INDEX.p/WIDTH`, the index in groups of three digits, each but the last behind an `x`.
fn read(path: &str) -> Option<(Place, usize)> {
    let (level, rest) = path.split_once('/')?;
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, number(width, 3)?),
        None => (rest, WIDTH as u64),
    };
    let mut read = 0_u64;
    let groups: Vec<_> = index.split('/').collect();
    let (last, before) = groups.split_last()?;
    for group in before.iter().map(|group| group.strip_prefix('x')).chain([Some(*last)]) {
        let group = group.filter(|group| group.len() == 3 && group.bytes().all(|digit| digit.is_ascii_digit()))?;
        read = read.checked_mul(1000)?.checked_add(group.parse().ok()?)?;
    }
    let place = Place { level: u8::try_from(number(level, 2)?).ok()?, index: read };
    // One way to write each place, so that caches have it once.
    let canonical = before.first().is_none_or(|first| *first != "x000");
    let width = usize::try_from(width).ok().filter(|width| (1..=WIDTH).contains(width))?;
    canonical.then_some((place, width))
}

fn number(text: &str, longest: usize) -> Option<u64> {
    let fits = text.len() <= longest && text.bytes().all(|digit| digit.is_ascii_digit());
    let number = fits.then(|| text.parse().ok()).flatten()?;
    (text == "0" || !text.starts_with('0')).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_written_in_one_way() {
        let place = |level, index| Place { level, index };
        assert_eq!(read("0/000"), Some((place(0, 0), 256)));
        assert_eq!(read("1/067.p/12"), Some((place(1, 67), 12)));
        assert_eq!(read("0/x001/x234/067"), Some((place(0, 1_234_067), 256)));
        for wrong in [
            "",
            "0",
            "0/",
            "0/0",
            "0/0000",
            "0/x000/001",
            "00/000",
            "-1/000",
            "300/000",
            "0/001/002",
            "0/000.p/",
            "0/000.p/0",
            "0/000.p/257",
            "0/000.p/01",
            "0/x001",
            "a/000",
            "0/+01",
            "+1/000",
            "100/000",
            "0/000.p/+1",
            "0/000.p/0012",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
