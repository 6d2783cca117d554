//! The catalog's JSON files. Errors name the file and the remedy; newer formats are refused.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::error::remedy;
use super::{Error, Result};

/// The largest JSON file that is read, in bytes.
const LIMIT: u64 = 256 << 20;

/// The file content for `value`: indented, with a final line feed.
pub(super) fn bytes<T: Serialize>(path: &Path, value: &T) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| invalid(path, &error))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Replaces `path` with `value`.
pub(super) fn write<T: Serialize>(path: &Path, value: &T, durability: Durability) -> Result<()> {
    atomic::replace(path, &bytes(path, value)?, durability)
}

/// The value in `path`; `None` if there is no such file.
///
/// # Errors
/// The file cannot be read or is not JSON of the right shape.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let Some(bytes) = atomic::read(path, LIMIT)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| invalid(path, &error))
}

/// Like [`read`], for files with a `format` field: refuses formats newer than `known` before reading the rest.
pub(super) fn read_versioned<T: DeserializeOwned>(path: &Path, known: u32) -> Result<Option<T>> {
    #[derive(Deserialize)]
    struct Version {
        format: u64,
    }
    let Some(bytes) = atomic::read(path, LIMIT)? else { return Ok(None) };
    let Version { format } = serde_json::from_slice(&bytes).map_err(|error| invalid(path, &error))?;
    if format > u64::from(known) {
        return Err(Error::Newer { path: path.to_owned(), found: format, known });
    }
    serde_json::from_slice(&bytes).map(Some).map_err(|error| invalid(path, &error))
}

fn invalid(path: &Path, error: &serde_json::Error) -> Error {
    Error::Invalid { path: path.to_owned(), reason: error.to_string(), remedy: remedy(path) }
}

/// Numbers that may be infinite or NaN, which JSON cannot express: written as `null`, read as NaN.
pub(super) mod nullable {
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde passes a reference
    pub(in crate::catalog) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        if value.is_finite() { serializer.serialize_f64(*value) } else { serializer.serialize_none() }
    }

    pub(in crate::catalog) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
    }
}
