//! Imports: masters and orders of other systems, read from files and put in over REST. Rows are tried one by one; a bad one is
//! reported with its line and reason, and the rest goes on.
pub mod adventureworks;
mod intake;
pub mod northwind;
pub mod rows;
