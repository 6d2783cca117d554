//! Neural Sculpting: uncover the hierarchy of sub-functions hidden in a task (Patil, Michael and Dovrolis, NeurIPS 2023).
//!
//! The whole pipeline, each step a module:
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use neural_sculpting::analysis::{Certificate, ModuleGraph};
//! use neural_sculpting::detect::{DetectionSettings, detect};
//! use neural_sculpting::prune::{Advance, Grid, Plan, Required, Stages, Tree, TrialContext};
//! use neural_sculpting::task::builtin;
//! use neural_sculpting::train::{EngineChoice, Hyperparameters};
//!
//! // What to learn, on which network, and how. Two of four inputs decide each half of the outputs.
//! let task = builtin::get("4-2-4")?;
//! let noise = task.default_noise();
//! let hyperparameters =
//!     Hyperparameters { learning_rate: 0.05, batch_size: 8, epochs: 30, weight_decay: 1e-4, noise, patience: None };
//! let (grid, required, architecture) = (Grid::quick(), Required::Perfect, "4,24,4".parse()?);
//! let (seed, stages, regrow) = (0, Stages::UnitEdge, false);
//! let plan = Plan { architecture, seed, hyperparameters, stages, grid, required, regrow }.checked()?;
//! let engine = EngineChoice::Auto.engine()?;
//! let context = TrialContext { plan: &plan, task: &task, engine: &*engine };
//!
//! // Train and prune: the dense round, a walk over units, a walk over edges.
//! let mut tree = Tree::new(&plan);
//! while let Some(job) = tree.ready(&plan, &[]) {
//!     let (mut work, required) = (tree.work(&plan, job).expect("ready"), tree.required(&plan).unwrap_or(0));
//!     while work.advance(&context, job, required, &mut |_| ControlFlow::Continue(())) != Advance::Done {}
//!     tree.finish(&plan, job, work);
//! }
//!
//! // Detect the modules of the sparsest network, and ask the truth table about them.
//! let network = tree.best(&plan).and_then(|walk| walk.network.network(&plan.architecture)).expect("trained");
//! let detection = detect(&network.condense(), &DetectionSettings::default());
//! let certificate = Certificate::of_task(&task, &ModuleGraph::of_detection(&detection))?;
//! assert!(detection.module_count == 2 && certificate.holds());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! 1. [`task`]: what is learned, as rows of inputs and outputs: a Boolean function graph, or a table of your own.
//! 2. [`network`]: a multilayer perceptron as weights, biases and a mask; condensing it to what is on a path; files.
//! 3. [`train`]: one round of training, behind one trait for all engines.
//! 4. [`prune`]: the unit walk, the edge walk and the grid of them (sections 3 and H of the paper).
//! 5. [`detect`]: clusters within layers, modules across layers, and their hierarchy (sections 4 and I).
//! 6. [`analysis`]: whether the true modules were found, what many trials agree on, what the truth table says about it,
//!    and path products of weights (sections 2, 3 and G).
//!
//! Dependencies point one way: each module uses only those above it. The features `dashboard` (on by default) and `burn`
//! add the program `sculpt` and a second engine; `default-features = false` leaves the library.

#![cfg_attr(not(feature = "dashboard"), allow(dead_code))] // only the program uses some of it

pub mod analysis;
mod archive;
pub mod detect;
mod gzip;
pub mod network;
pub mod prune;
pub mod task;
pub mod train;

// The program: public only for its binary, tests and benches, and free to change.
#[cfg(feature = "dashboard")]
#[doc(hidden)]
pub mod catalog;
#[cfg(feature = "dashboard")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "dashboard")]
#[doc(hidden)]
pub mod experiment;
#[cfg(feature = "dashboard")]
#[doc(hidden)]
pub mod report;
#[cfg(feature = "dashboard")]
#[doc(hidden)]
pub mod tui;
