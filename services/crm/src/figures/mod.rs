//! What is counted of somebody in a period: opportunities, ratings and loyalty that crm keeps, and the orders, contracts and quotes of
//! which it has heard. Targets (CRM-34) and key figures (KPI-03 to KPI-17) count the same rows by the same question; nothing here is
//! stored.
mod questions;
mod store;

pub use questions::{Basis, Span, standing_order};
pub use store::{Counted, Record, attained, count, left_out, records};
