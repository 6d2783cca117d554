//! The command through its binary, by theme.

mod bad_input;
mod control;
mod damage;
mod own_tasks;
mod printing;
mod quickstart;
mod resuming;
mod together;
mod util;
