//! Multi-layer perceptrons: widths, masks, weights, condensing, and files of networks.
//!
//! An [`Architecture`] gives the widths of the layers, a [`Mask`] says which weights are kept, a [`Network`] adds
//! weights and biases, and a [`Condensed`] network is what remains of it on paths from inputs to outputs.
//! [`files::read`] reads networks that were trained elsewhere.
//!
//! Error types have no examples of their own: their messages are meant to be shown as they are.

mod architecture;
mod assemble;
mod condense;
pub mod files;
pub mod jsonl;
mod mask;
mod numbers;
mod perceptron;
pub mod pytorch;
mod read_error;
pub mod safetensors;
mod tensors;

pub use architecture::{Architecture, ArchitectureError};
pub use condense::Condensed;
pub use mask::Mask;
pub use perceptron::Network;
