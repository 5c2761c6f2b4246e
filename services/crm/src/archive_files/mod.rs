//! The customer archive (CRM-30): `filed → borrowed ⇄ returned → destroyed`, electronic, on paper, or both. Found by the customer's
//! name, the title, the numbers or the barcode. The bytes are the platform's attachments; what a document says is not read.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::of_account;
