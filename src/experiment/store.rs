//! What the runner keeps of a trial as bytes: the state between rounds, and the finished walks.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::prune::{Tree, WalkRecord};
use crate::train::KernelClass;

/// A trial between rounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedState {
    /// The class of vector instructions that computed it: a trial goes on within its class or not at all.
    pub kernel: KernelClass,
    /// The trial.
    pub tree: Tree,
}

const STATE: &[u8] = b"neural-sculpting state 2\n";
const WALKS: &[u8] = b"neural-sculpting walks 2\n";

impl SavedState {
    /// The bytes of the state.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(STATE, self)
    }

    /// The state again; `None` where the bytes are torn or of another version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        decode(STATE, bytes)
    }
}

/// The bytes of the finished walks of a trial, in grid order.
#[must_use]
pub fn walks_to_bytes(walks: &[&WalkRecord]) -> Vec<u8> {
    encode(WALKS, &walks)
}

/// The walks again; `None` where the bytes are torn or of another version.
#[must_use]
pub fn walks_from_bytes(bytes: &[u8]) -> Option<Vec<WalkRecord>> {
    decode(WALKS, bytes)
}

/// A line that names the kind and version, the BLAKE3 hash of what follows, and the value as postcard writes it.
fn encode(header: &[u8], value: &impl Serialize) -> Vec<u8> {
    let body = postcard::to_stdvec(value).expect("plain data of known length, written to memory");
    [header, blake3::hash(&body).as_bytes(), &body].concat()
}

/// What does not have its hash is not read at all, so that no length in it is believed.
fn decode<T: DeserializeOwned>(header: &[u8], bytes: &[u8]) -> Option<T> {
    let (hash, body) = bytes.strip_prefix(header)?.split_at_checked(blake3::OUT_LEN)?;
    (blake3::hash(body).as_bytes() == hash).then(|| postcard::from_bytes(body).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn torn_bytes_are_not_read() {
        let whole = encode(WALKS, &vec![1_u32, 2, 3]);
        assert_eq!(decode::<Vec<u32>>(WALKS, &whole), Some(vec![1, 2, 3]));
        assert_eq!(decode::<Vec<u32>>(STATE, &whole), None);
        for cut in 0..whole.len() {
            assert_eq!(decode::<Vec<u32>>(WALKS, &whole[..cut]), None);
        }
        let mut wrong = whole;
        *wrong.last_mut().unwrap() ^= 1;
        assert_eq!(decode::<Vec<u32>>(WALKS, &wrong), None);
    }
}
