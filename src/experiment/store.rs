//! The binary files of a trial: the saved state, and the finished walks.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::prune::{Tree, WalkRecord};
use crate::train::KernelClass;

/// The saved state of an unfinished trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedState {
    /// The kernel class that computed it. A trial can only be resumed within the same class.
    pub kernel: KernelClass,
    /// The trial's walks.
    pub tree: Tree,
}

const STATE: &[u8] = b"neural-sculpting state 3\n";
const WALKS: &[u8] = b"neural-sculpting walks 2\n";

impl SavedState {
    /// Encodes the state.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(STATE, self)
    }

    /// Decodes a state; `None` if the bytes are damaged or of another version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        decode(STATE, bytes)
    }
}

/// Encodes the finished walks of a trial, in grid order.
#[must_use]
pub fn walks_to_bytes(walks: &[&WalkRecord]) -> Vec<u8> {
    encode(WALKS, &walks)
}

/// Decodes finished walks; `None` if the bytes are damaged or of another version.
#[must_use]
pub fn walks_from_bytes(bytes: &[u8]) -> Option<Vec<WalkRecord>> {
    decode(WALKS, bytes)
}

/// Encodes `value` as a header line with kind and version, the BLAKE3 hash of the rest, and the value in postcard format.
fn encode(header: &[u8], value: &impl Serialize) -> Vec<u8> {
    let body = postcard::to_stdvec(value).expect("plain data can be encoded");
    [header, blake3::hash(&body).as_bytes(), &body].concat()
}

/// Decodes what [`encode`] returned. Checks the hash first, so no lengths in damaged bytes are trusted.
fn decode<T: DeserializeOwned>(header: &[u8], bytes: &[u8]) -> Option<T> {
    let (hash, body) = bytes.strip_prefix(header)?.split_at_checked(blake3::OUT_LEN)?;
    (blake3::hash(body).as_bytes() == hash).then(|| postcard::from_bytes(body).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::prune::{Advance, Grid, Plan, Required, Stages, TrialContext, Work};
    use crate::task::builtin;
    use crate::train::{EdgeEngine, Hyperparameters};

    /// A trial with these settings; stored and read back after every round if `stored`.
    fn walks(stored: bool, regrow: bool, patience: Option<usize>) -> Vec<WalkRecord> {
        let task = builtin::get("4-1-2-16").unwrap();
        let plan = Plan {
            architecture: "4,24,24,16".parse().unwrap(),
            seed: 0,
            hyperparameters: Hyperparameters {
                learning_rate: 0.1,
                batch_size: 8,
                epochs: 40,
                weight_decay: 1e-4,
                noise: 0.1,
                patience,
            },
            stages: Stages::UnitEdge,
            grid: Grid { p_u: vec![20.0, 60.0], p_e: vec![0.5, 2.5] },
            required: Required::Perfect,
            regrow,
        };
        let context = TrialContext { plan: &plan, task: &task, engine: &EdgeEngine(KernelClass::detect()) };
        let mut tree = Tree::new(&plan);
        while let Some(job) = tree.ready(&plan, &[]) {
            let mut work = tree.work(&plan, job).unwrap();
            let required = tree.required(&plan).unwrap_or(0);
            while work.advance(&context, job, required, &mut |_| ControlFlow::Continue(())) != Advance::Done {
                if let (true, Work::Walk(walk)) = (stored, &work) {
                    tree.update(job, walk);
                    let bytes = SavedState { kernel: KernelClass::detect(), tree }.to_bytes();
                    tree = SavedState::from_bytes(&bytes).unwrap().tree;
                    work = tree.work(&plan, job).unwrap();
                }
            }
            tree.finish(&plan, job, work);
        }
        tree.finished_walks().cloned().collect()
    }

    #[test]
    fn a_stored_walk_continues_with_the_same_bits() {
        let plain = walks(false, false, None);
        for (regrow, patience) in [(false, None), (true, None), (false, Some(12)), (true, Some(12))] {
            let undisturbed = walks(false, regrow, patience);
            assert_eq!(walks(true, regrow, patience), undisturbed);
            assert_eq!(undisturbed == plain, !regrow && patience.is_none(), "both settings change the walks");
        }
    }

    #[test]
    fn damaged_bytes_are_not_decoded() {
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
