//! The suite as a black box: flows, sweeps, the broker. Everything is under `tests/tests`; here is what bench and campaign share
//! with it and with each other.
pub mod processes;
pub mod proxy;
pub mod sample;
pub mod variables;
