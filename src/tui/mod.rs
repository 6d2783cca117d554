//! The dashboard: launch, monitor and browse trials in a terminal (design 7).
//!
//! It is one of many viewers of the catalog, and none of its parts reaches into training:
//!
//! 1. [`snapshot`]: what there is to see, as plain data; a background thread fills it from files alone.
//! 2. [`state`]: where the user is; [`update`](mod@update) takes keys in, by the one table of [`keys`], and answers
//!    with [`command`]s.
//! 3. [`view`]: every screen a pure function of the two.

pub mod command;
pub mod filter;
pub mod format;
pub mod input;
pub mod keys;
pub mod snapshot;
pub mod sort;
pub mod state;
pub mod theme;
mod update;
pub mod view;

pub use update::{Input, update};
