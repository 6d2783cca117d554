//! The dashboard: every screen as it is drawn, keys in and screens out, and random keys that must never trap anyone.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

mod drive;
mod fixture;
mod keys;
mod random;
mod screens;
