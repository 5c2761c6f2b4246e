//! 质量检验报告 (ORD-18): what an inspection that passed has shown, signed, numbered and fixed by its hash. Issued once; a
//! report is never changed.
pub mod domain;
mod http;
mod store;

pub use http::routes;
