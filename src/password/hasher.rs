//! The slow hash (argon2id) that is stored of a password. It is computed beside the requests, as many at a time as there
//! are processors, so that many tries at once make tries wait and nothing else.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::available_parallelism,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{Error as HashError, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking};
use zeroize::Zeroizing;

use super::{
    judge::{Weak, judge},
    typed::Password,
};

/// How much work one hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory: u32,
    /// How often it is gone over.
    pub passes: u32,
}

impl Cost {
    /// What the service uses: 19 MiB, twice.
    pub const STANDARD: Self = Self { memory: 19 * 1024, passes: 2 };
}

/// Computes and compares hashes. Clones share their places and their count.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    computed: Arc<AtomicU64>,
    nobodys: Arc<str>,
}

/// A hash could not be computed, or is none. Logged, never shown.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The computation broke off.
    #[error("the hash of a password could not be computed")]
    Broken,
    /// What stands in the database is no hash.
    #[error("the stored hash of a password cannot be read")]
    Unreadable,
}

impl Passwords {
    /// With that cost for new hashes; those that are there keep theirs. A cost that makes no sense is the standard one.
    #[must_use]
    pub fn new(cost: Cost) -> Self {
        let params = Params::new(cost.memory, cost.passes, 1, None).unwrap_or(Params::DEFAULT);
        let places = available_parallelism().map_or(1, usize::from);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobodys = argon2.hash_password_with_salt(&[], b"a hash of nobody").map(|hash| hash.to_string());
        Self {
            argon2,
            places: Arc::new(Semaphore::new(places)),
            computed: Arc::default(),
            nobodys: nobodys.unwrap_or_default().into(),
        }
    }

    /// The hash of a new password, if it is good enough for somebody of whom these texts are known.
    ///
    /// # Errors
    /// When it cannot be computed.
    pub async fn enrol(
        &self,
        password: Password,
        known: Vec<String>,
        salt: [u8; 16],
    ) -> Result<Result<Zeroizing<String>, Weak>, Failed> {
        self.beside(move |this| match judge(&password, &known) {
            Ok(()) => Ok(Ok(Zeroizing::new(this.hash(&password, &salt)?.to_string()))),
            Err(weak) => Ok(Err(weak)),
        })
        .await
    }

    /// Which of these hashes is that of the password, if any. All of them are computed: what it costs does not tell which.
    ///
    /// # Errors
    /// When they cannot be computed.
    pub async fn weigh(&self, password: Password, hashes: Vec<String>) -> Result<Option<usize>, Failed> {
        self.beside(move |this| {
            let mut right = None;
            for (place, hash) in hashes.iter().enumerate() {
                if this.is_right(&password, hash)? {
                    right = Some(place);
                }
            }
            Ok(right)
        })
        .await
    }

    /// A hash that is no password's, and costs what one does: what stands in where there is nothing to compare.
    #[must_use]
    pub fn nobodys(&self) -> &str {
        &self.nobodys
    }

    /// How many hashes were computed since the service started.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, Failed> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Failed::Broken)?;
        let this = self.clone();
        // The place goes along: work whose request was given up goes on to its end, and counts as long.
        let working = spawn_blocking(move || {
            let done = work(&this);
            drop(place);
            done
        });
        working.await.map_err(|_| Failed::Broken)?
    }

    fn hash(&self, password: &Password, salt: &[u8; 16]) -> Result<PasswordHash, Failed> {
        self.computed.fetch_add(1, Ordering::Relaxed);
        self.argon2.hash_password_with_salt(password.reveal().as_bytes(), salt).map_err(|_| Failed::Broken)
    }

    fn is_right(&self, password: &Password, hash: &str) -> Result<bool, Failed> {
        self.computed.fetch_add(1, Ordering::Relaxed);
        let stored = PasswordHash::new(hash).map_err(|_| Failed::Unreadable)?;
        match self.argon2.verify_password(password.reveal().as_bytes(), &stored) {
            Ok(()) => Ok(true),
            Err(HashError::PasswordInvalid) => Ok(false),
            Err(_) => Err(Failed::Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOW: Cost = Cost { memory: 8, passes: 1 };

    async fn made(passwords: &Passwords, text: &str, salt: u8) -> String {
        let hash = passwords.enrol(Password::typed(text), Vec::new(), [salt; 16]).await.unwrap().unwrap();
        hash.to_string()
    }

    #[test]
    fn the_standard_is_what_the_documents_say() {
        let passwords = Passwords::new(Cost::STANDARD);
        let hash = passwords.hash(&Password::typed("x"), &[1; 16]).unwrap().to_string();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn the_right_one_of_several_is_found_at_the_same_cost() {
        let passwords = Passwords::new(LOW);
        let hashes = vec![
            made(&passwords, "tractor-violet-armchair", 1).await,
            made(&passwords, "ledger-monsoon-octagon", 2).await,
            passwords.nobodys().to_owned(),
        ];
        for (text, right) in
            [("tractor-violet-armchair", Some(0)), ("ledger-monsoon-octagon", Some(1)), ("something else", None)]
        {
            let before = passwords.computed();
            assert_eq!(passwords.weigh(Password::typed(text), hashes.clone()).await.unwrap(), right, "{text}");
            assert_eq!(passwords.computed() - before, 3, "{text}");
        }
    }

    #[tokio::test]
    async fn a_salt_makes_equal_passwords_differ_and_what_is_no_hash_is_told() {
        let passwords = Passwords::new(LOW);
        let one = made(&passwords, "tractor-violet-armchair", 1).await;
        assert_ne!(one, made(&passwords, "tractor-violet-armchair", 2).await);
        assert_eq!(one, made(&passwords, "tractor-violet-armchair", 1).await);
        let broken = passwords.weigh(Password::typed("anything"), vec!["plain text".to_owned()]).await;
        assert!(matches!(broken, Err(Failed::Unreadable)));
    }
}
