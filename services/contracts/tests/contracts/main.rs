//! The service over HTTP on a real Postgres: what frontends, integrators and the other services rely on.
mod contracts;
mod money;
mod numbering;
mod requirements;
mod review;
mod setting;
mod signing;
mod templates;
