//! Imports: `queued → running → done`, or `cancelled` (CRM-07). A file of leads is checked as a whole and kept in
//! pieces of a batch each, in one transaction; a job takes these in by the rules of single leads, one a transaction, so that each
//! row is done exactly once whatever stops the process. Not the data sets that the program imports by REST.
mod consume;
pub mod domain;
mod encoding;
mod http;
mod lines;
mod report;
mod show;
mod source;
mod store;
mod workbook;

pub use consume::take_rows_in;
pub use http::routes;
