//! Pruning: unit walks, edge walks under them, and the grid of both (sections 3 and H of the paper, design 3.2 to 3.4).
//!
//! A [`Walk`] goes down the grid round by round; a [`Tree`] holds all walks of a trial and says which can go on. Both
//! are plain data that can be stored after any round and taken up again, and neither knows of threads.

mod grid;
mod percentile;
mod plan;
mod record;
mod trajectory;
mod tree;
mod walk;

pub use grid::{Grid, Required, Stages, UnknownStages};
pub use percentile::percentile;
pub use plan::{Plan, PlanError, TrialContext};
pub use record::{SparseNetwork, WalkRecord, rank};
pub use trajectory::{RoundRecord, Trajectory};
pub use tree::{Base, Job, NEAR_BEST_EDGES, Tree, Work};
pub use walk::{Advance, Walk, WalkKind};
