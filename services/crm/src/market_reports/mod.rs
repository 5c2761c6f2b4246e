//! Market analysis reports (市场分析报告): `draft → in_review → published → superseded` (CRM-03). They belong to the company, not to a
//! person; whoever wrote one does not publish it.
pub mod domain;
mod http;
mod store;

pub use http::routes;
