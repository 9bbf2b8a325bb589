//! A device with passkeys in software, which can be told to misbehave.

use quorate::passkey::software::{IS_SHARED, MAY_BE_SHARED, PRESENT, SoftKey, VERIFIED};
use serde_json::Value;

/// A device with its passkeys.
pub struct Device {
    /// The page in whose name it answers.
    pub origin: String,
    /// Whether it has made sure who holds it.
    pub verifies: bool,
    /// Whether its holder's other devices share its passkeys.
    pub shares: bool,
    keys: Vec<SoftKey>,
}

impl Device {
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), verifies: true, shares: false, keys: Vec::new() }
    }

    /// The same keys on another device, which count on their own from here on.
    pub fn copy(&self) -> Self {
        let keys = self.keys.iter().map(|key| key.copy().unwrap()).collect();
        Self { origin: self.origin.clone(), verifies: self.verifies, shares: self.shares, keys }
    }

    /// Makes a passkey, as `navigator.credentials.create` does.
    pub fn create(&mut self, options: &Value) -> Value {
        self.keys.push(SoftKey::make(options).unwrap());
        self.create_again(options)
    }

    /// Says that it has just made the passkey that it made last.
    pub fn create_again(&self, options: &Value) -> Value {
        self.keys.last().unwrap().made(options, &self.origin, self.flags()).unwrap()
    }

    /// Shows the passkey that was made last of those that are asked for, as `navigator.credentials.get` does.
    pub fn get(&mut self, options: &Value) -> Value {
        let flags = self.flags();
        let place = self.keys.iter().rposition(|key| key.fits(options)).expect("the device has no such passkey");
        self.keys[place].shown(options, &self.origin, flags).unwrap()
    }

    fn flags(&self) -> u8 {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let shared = if self.shares { MAY_BE_SHARED | IS_SHARED } else { 0 };
        PRESENT | verified | shared
    }
}
