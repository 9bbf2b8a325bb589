//! What a sweep does with the things that are due: each is worked on by itself, one that fails stops no other, and the
//! next sweep tries it again.

use std::{fmt::Display, future::Future, ops::AddAssign};

use tokio_util::sync::CancellationToken;

use super::crowd::crowd;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many were looked at.
    pub looked_at: usize,
    /// How many of them failed, and are looked at again by the next sweep.
    pub failed: usize,
}

impl AddAssign for Swept {
    fn add_assign(&mut self, more: Self) {
        self.looked_at += more.looked_at;
        self.failed += more.failed;
    }
}

/// Does the work for each id, until `stop` is cancelled. `failure` is what the log says of one that failed.
pub(super) async fn each<K, T, E, F>(
    due: impl IntoIterator<Item = (K, F)>,
    stop: &CancellationToken,
    failure: &'static str,
) -> Swept
where
    K: Display + Send + 'static,
    T: Send + 'static,
    E: Display + Send + 'static,
    F: Future<Output = Result<T, E>> + Send + 'static,
{
    let work = due.into_iter().map(|(id, one)| {
        let stop = stop.clone();
        (id, async move { if stop.is_cancelled() { Ok(()) } else { one.await.map(drop) } })
    });
    let mut swept = Swept::default();
    for (id, outcome) in crowd(work).await {
        swept.looked_at += 1;
        let trouble = match outcome {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it stopped with a panic".to_owned(),
        };
        swept.failed += 1;
        tracing::error!(%id, trouble, "{failure}; the next sweep tries again");
    }
    swept
}
