//! Training: one round, behind one trait for all engines (design 3.1).
//!
//! A round draws its shuffles and noise here, hands batches to a [`Learner`], evaluates after each epoch and keeps the
//! best one. An engine only knows how to take a step and how to compute logits, so engines cannot differ in anything
//! else.

#[cfg(feature = "burn")]
mod burn_engine;
mod choice;
mod edges;
mod engine;
#[cfg(test)]
mod engine_tests;
mod hyperparameters;
mod kernel_class;
pub mod loss;
pub mod math;
pub mod measure;
mod random;
mod round;
mod sensitivity;

pub use choice::{Device, EdgeEngine, EngineChoice, EngineMissing, UnknownEngine};
pub use engine::{Computed, Engine, Evaluation, Gradients, Learner};
pub use hyperparameters::Hyperparameters;
pub use kernel_class::{KernelClass, UnknownKernelClass};
pub use random::{Stage, Stream, StreamName};
pub use round::{Accuracy, Epoch, RoundResult, initial_network, round};
pub use sensitivity::unit_sensitivity;
