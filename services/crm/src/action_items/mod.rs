//! Action items (CRM-60): `open → done`, and where nobody does it `→ overdue → escalated`. Out of a meeting or about any document; a
//! task with a plan and a judgement is `tasks`'.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::escalate;
pub use http::routes;
pub use store::open_of_meeting;
