//! The suite as a black box: flows, sweeps, the broker. Everything is under `tests/tests`; here is what the bench shares with it.
pub mod proxy;
pub mod sample;
