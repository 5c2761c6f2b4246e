//! One binary for everything that looks at the suite as a whole (ruling 30): flows, sweeps, walls, tidiness.
mod authorization;
mod contract;
mod isolation;
mod plans;
mod round_trips;
mod sample;
mod scripts;
mod spec;
mod sweep;
mod tidy;
mod tools;
mod walk;
mod words;
