//! Work on many things at once, but not on all of them: one that takes long, or panics, stops no other.

use std::future::Future;

use tokio::task::{JoinError, JoinSet};
use tokio_util::task::AbortOnDropHandle;

/// So many are worked on at once.
const WIDTH: usize = 8;

/// Does all of it and says what came of each, in the order in which they ended. Dropped, it stops all of them.
pub(super) async fn crowd<K, T, F>(work: impl IntoIterator<Item = (K, F)>) -> Vec<(K, Result<T, JoinError>)>
where
    K: Send + 'static,
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut running = JoinSet::new();
    let mut ended = Vec::new();
    for (key, one) in work {
        if running.len() >= WIDTH {
            ended.extend(running.join_next().await.and_then(Result::ok));
        }
        // In a task of its own inside, so that a panic comes out together with its key.
        let started = tokio::spawn(one);
        running.spawn(async move { (key, AbortOnDropHandle::new(started).await) });
    }
    while let Some(one) = running.join_next().await {
        ended.extend(one.ok());
    }
    ended
}
