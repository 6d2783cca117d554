//! The command through its binary, by theme.

mod bad_input;
mod control;
mod damage;
mod depths;
mod detections;
mod exports;
mod hyperparameters;
mod labels;
mod own_tasks;
mod printing;
mod quickstart;
mod report;
mod resuming;
mod together;
mod util;
