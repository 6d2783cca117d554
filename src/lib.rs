//! Neural Sculpting: uncover the hierarchy of sub-functions hidden in a task.
//!
//! The pipeline on one page, each step a module:
//!
//! 1. [`task`]: what is learned, as rows of inputs and outputs: a Boolean function graph, or a user's table.
//! 2. [`network`]: a multi-layer perceptron as weights, biases and a mask; condensing it to what is on a path.
//! 3. [`train`]: one round of training, behind one trait for all engines.
//! 4. [`prune`]: the unit walk, the edge walk and the grid of them (sections 3 and H of the paper).
//! 5. [`detect`]: clusters within layers, modules across layers, their hierarchy (sections 4 and I).
//! 6. [`analysis`]: when a trial counts as a success, what many trials agree on, what the truth table says to that, and
//!    structure tests on weights (sections 2, 3 and G).
//! 7. [`catalog`]: every trial ever run, as folders of small files, with an index that can be deleted.
//! 8. [`experiment`]: presets, the plan of trials, and the runner with its worker threads.
//! 9. [`report`]: what is shown of all that, as text and JSON; shared by [`cli`] and [`tui`].
//!
//! Arrows point one way: nothing below [`experiment`] knows of threads or of the terminal.

#![cfg_attr(not(feature = "dashboard"), allow(dead_code))] // some of it only the program uses

pub mod analysis;
pub mod detect;
pub mod network;
pub mod prune;
pub mod task;
pub mod train;

// The program: public for its binary, its tests and its benches only, and free to change.
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
