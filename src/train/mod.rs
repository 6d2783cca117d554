//! Training: one [`round()`], with any [`Engine`].
//!
//! A round draws shuffles and noise, passes them to the engine's [`Learner`], which does one epoch, has it evaluate,
//! and keeps the best epoch. An engine only takes optimizer steps and computes logits, so engines cannot differ in
//! anything else.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use neural_sculpting::task::builtin;
//! use neural_sculpting::train::{
//!     EdgeEngine, Hyperparameters, KernelClass, Stage, Stream, StreamName, initial_network, round,
//! };
//!
//! let task = builtin::get("4-2-4")?;
//! let settings =
//!     Hyperparameters { learning_rate: 0.05, batch_size: 8, epochs: 30, weight_decay: 1e-4, noise: 0.1, patience: None };
//!
//! // All draws come from this stream: the initial weights, then the shuffle and the noise of each epoch.
//! let name = StreamName { seed: 0, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 };
//! let mut stream = Stream::new(&name);
//! let start = initial_network(&"4,24,4".parse()?, &mut stream);
//!
//! let engine = EdgeEngine(KernelClass::detect());
//! let result = round(&engine, &task, &start, &settings, &mut stream, &mut |epoch| {
//!     println!("epoch {}: loss {}", epoch.epoch, epoch.loss);
//!     ControlFlow::Continue(()) // `Break` would end the round without a result
//! })
//! .expect("the round was not broken off");
//! assert!(result.best.accuracy.is_perfect());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "burn")]
mod burn_engine;
mod choice;
mod classes;
mod device;
mod edges;
mod engine;
#[cfg(test)]
mod engine_tests;
mod hyperparameters;
mod inputs;
mod kernel_class;
mod live;
pub mod loss;
mod math;
#[doc(hidden)] // for the bench `training`
pub mod measure;
mod random;
mod round;
mod sensitivity;
mod wide;

pub use choice::{EngineChoice, EngineMissing, UnknownEngine};
pub use classes::classes_right;
pub use device::Device;
pub use edges::EdgeEngine;
pub use engine::{Computed, Engine, Evaluation, Gradients, Learner};
pub use hyperparameters::Hyperparameters;
pub use kernel_class::{KernelClass, UnknownKernelClass};
pub use random::{Stage, Stream, StreamName};
pub use round::{Accuracy, Epoch, RoundResult, initial_network, round};
pub use sensitivity::unit_sensitivity;
#[cfg(feature = "dashboard")]
pub(crate) use wide::is_wide;
