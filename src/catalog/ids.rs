//! Ids and names that become file names. They are checked once, when they are made.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Error, Result, Utc};

/// A trial's id: the first 20 hexadecimal digits of the BLAKE3 hash of its canonical specification.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrialId(String);

impl TrialId {
    /// The number of hexadecimal digits of an id.
    pub const LENGTH: usize = 20;

    /// The id of the trial with this canonical specification.
    pub(super) fn of(canonical: &[u8]) -> Self {
        Self(blake3::hash(canonical).to_hex()[..Self::LENGTH].to_owned())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 15 digits as a number. Numbers sort as ids do, and are as good as unique: among 100,000 trials, the
    /// chance that two share a number is below 10^-8.
    pub(super) fn number(&self) -> i64 {
        // 15 hexadecimal digits are 60 bits, by construction.
        i64::from_str_radix(&self.0[..15], 16).unwrap_or_default()
    }

    /// The first two digits: the name of the folder that contains the trial's folder.
    #[must_use]
    pub fn shard(&self) -> &str {
        &self.0[..2]
    }
}

impl fmt::Display for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TrialId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.len() == Self::LENGTH && is_hex(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Id { what: "a trial", text: text.to_owned() })
        }
    }
}

impl TryFrom<String> for TrialId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<TrialId> for String {
    fn from(id: TrialId) -> Self {
        id.0
    }
}

/// A run's id, such as `20261122T152213.123Z-9f3a61c0`. Ids sort by time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(String);

impl RunId {
    /// A new, unique id.
    #[must_use]
    pub fn new() -> Self {
        Self(format!("{}-{:08x}", Utc::now().compact(), random() >> 32))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for RunId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RunId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if is_name(text) { Ok(Self(text.to_owned())) } else { Err(Error::Id { what: "a run", text: text.to_owned() }) }
    }
}

impl TryFrom<String> for RunId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.0
    }
}

/// Checks a name that will become a file name. `what` says in the error what is named, such as `an experiment`.
///
/// # Errors
/// The name is empty, is longer than 100 characters, does not start with a letter or digit, or contains characters other
/// than ASCII letters, digits, `-`, `_` and `.`.
pub fn check_name(what: &'static str, name: &str) -> Result<()> {
    if is_name(name) { Ok(()) } else { Err(Error::Name { what, name: name.to_owned() }) }
}

/// Whether `text` consists of lower-case hexadecimal digits.
pub(super) fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_name(text: &str) -> bool {
    text.len() <= 100
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// A random number from the operating system, for unique names. Results never depend on it.
pub(super) fn random() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_folder() {
        for name in ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-x", "a b", "ä", "a\0", &"x".repeat(101)] {
            assert!(check_name("an experiment", name).is_err(), "{name:?}");
            assert!(name.parse::<RunId>().is_err());
            assert!(name.parse::<TrialId>().is_err());
        }
        check_name("an experiment", "figure-6_v1.2").unwrap();
    }

    #[test]
    fn ids_are_checked_when_read() {
        let id = TrialId::of(b"x");
        assert_eq!(id.to_string().parse::<TrialId>().unwrap(), id);
        assert!(serde_json::from_str::<TrialId>("\"../../etc/passwd/....\"").is_err());
        assert!(serde_json::from_str::<RunId>("\"..\"").is_err());
        assert_ne!(RunId::new(), RunId::new());
    }
}
