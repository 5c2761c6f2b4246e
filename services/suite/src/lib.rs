//! The only crate that names more than one service. Hosts them and holds the tools that speak REST or read-only SQL;
//! no business rule lives here.
pub mod commands;
pub mod demo;
mod docs;
pub mod import;
pub mod people;
mod rest;
pub mod spec;
pub mod verify;

use platform::Service;

/// The suite, in the order of a deal.
pub const ALL: &[Service] =
    &[crm::SERVICE, quoting::SERVICE, contracts::SERVICE, orders::SERVICE, procurement::SERVICE, aftersales::SERVICE];
