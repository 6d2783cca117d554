//! Pruning: unit walks, the edge walks under them, and the grid of both (sections 3 and H of the paper).
//!
//! A [`Walk`] prunes round by round. A [`Tree`] holds all walks of a trial and hands out the [`Job`]s that are ready.
//! Both are plain data: they can be stored after any round and resumed later. Neither knows about threads.
//!
//! A trial from start to end, with one worker:
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use neural_sculpting::prune::{Advance, Grid, Plan, Required, Stages, Tree, TrialContext};
//! use neural_sculpting::task::builtin;
//! use neural_sculpting::train::{EdgeEngine, Hyperparameters, KernelClass};
//!
//! let task = builtin::get("4-2-4")?;
//! let plan = Plan {
//!     architecture: "4,24,4".parse()?,
//!     seed: 0,
//!     hyperparameters: Hyperparameters {
//!         learning_rate: 0.05,
//!         batch_size: 8,
//!         epochs: 30,
//!         weight_decay: 1e-4,
//!         noise: 0.1,
//!         patience: None,
//!     },
//!     stages: Stages::UnitEdge,
//!     grid: Grid::quick(), // one unit walk, one edge walk
//!     required: Required::Perfect,
//!     regrow: false,
//! }
//! .checked()?;
//! let context = TrialContext { plan: &plan, task: &task, engine: &EdgeEngine(KernelClass::detect()) };
//!
//! let mut tree = Tree::new(&plan);
//! while let Some(job) = tree.ready(&plan, &[]) {
//!     let mut work = tree.work(&plan, job).expect("a ready job has work");
//!     let required = tree.required(&plan).unwrap_or(0);
//!     while work.advance(&context, job, required, &mut |_| ControlFlow::Continue(())) != Advance::Done {}
//!     tree.finish(&plan, job, work);
//! }
//!
//! let best = tree.best(&plan).expect("the trial is done");
//! assert!(best.edges < 40 && best.best.accuracy.is_perfect());
//! let network = best.network.network(&plan.architecture).expect("the plan's architecture");
//! assert_eq!(network.condense().edges(), best.edges);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod grid;
mod percentile;
mod plan;
mod record;
mod trajectory;
mod tree;
mod walk;

pub use grid::{Grid, Required, Stages, UnknownStages};
use percentile::percentile;
pub use plan::{Plan, PlanError, TrialContext};
pub(crate) use record::rank;
pub use record::{SparseNetwork, WalkRecord};
pub use trajectory::{RoundRecord, Trajectory};
pub use tree::{Base, Job, NEAR_BEST_EDGES, Tree, Work};
pub use walk::{Advance, Walk, WalkKind};
