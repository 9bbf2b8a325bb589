//! What the library keeps to itself, by way of its written form.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::refused::Refused;
use crate::secret::Challenge;

/// Reads what a browser sent.
pub(super) fn read<T: DeserializeOwned>(answer: &Value) -> Result<T, Refused> {
    T::deserialize(answer).map_err(|_| Refused::Unfit)
}

/// The library draws a challenge of its own; ours takes its place.
pub(super) fn with_challenge<S: Serialize + DeserializeOwned>(state: &S, challenge: &Challenge) -> Result<S, Refused> {
    let mut state = serde_json::to_value(state).map_err(|_| Refused::Unfit)?;
    let ours = data_encoding::BASE64URL_NOPAD.encode(challenge.as_bytes());
    *state.get_mut("challenge").ok_or(Refused::Unfit)? = Value::String(ours);
    serde_json::from_value(state).map_err(|_| Refused::Unfit)
}
