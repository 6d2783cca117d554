//! The dashboard: every screen as it is drawn, keys in and screens out, and random keys that must never trap anyone.

mod drive;
mod fixture;
mod image_fixture;
mod keys;
mod random;
mod screens;
