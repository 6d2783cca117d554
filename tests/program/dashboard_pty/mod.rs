//! The dashboard in a real pseudo-terminal: launch, watch, leave, come back; and ends of all kinds.

mod browse;
mod ends;
mod journeys;
mod session;
mod stops;
