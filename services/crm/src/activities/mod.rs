//! Activities: `planned → done` with an outcome, `→ cancelled`, `→ no_show`; a progress report is `sent` (CRM-12, 21, 27). A
//! plan and its result, one row; not the log of a lead's talks, which is the lead's own.
pub mod domain;
mod http;
mod store;

pub use http::routes;
