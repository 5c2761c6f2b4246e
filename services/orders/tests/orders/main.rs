//! Orders over HTTP on a real Postgres: what frontends and integrators rely on, row by row.
mod check;
mod enter;
mod fulfil;
mod quality;
mod ship;
mod shortages;
mod silence;
mod world;
