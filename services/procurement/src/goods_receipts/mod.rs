//! A goods receipt (PRO-27 to 29): `arrived → inspecting → accepted | partially_accepted | rejected`. Inspected within four
//! working hours; what passes goes into stock, what does not becomes a discrepancy. Public: the routes, the job, and what
//! a discrepancy that ends in acceptance does to it.
mod book;
mod consume;
pub mod domain;
mod http;
mod import;
mod lines;
mod show;
pub(crate) mod store;

pub(crate) use book::shelve;
pub use consume::mark_overdue;
pub use lines::Finding;

/// The routes.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    http::routes(config);
    import::routes(config);
}
