//! The suite as a black box: flows, sweeps, the broker. Everything is under `tests/tests`.
