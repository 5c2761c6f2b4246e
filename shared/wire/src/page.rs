//! Keyset pages: `after` is the last id seen, so page 10,000 costs what page 1 costs.
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What every list takes; more filters are each list's own.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only rows of one deal.
    #[param(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
    /// Only rows in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
}

impl PageQuery {
    /// Rows to fetch: one more than shown, to know whether a next page exists.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit()) + 1
    }
    /// The same without where the page before has ended: for lists that say it in an order of their own.
    #[must_use]
    pub fn from_start(&self) -> Self {
        Self { after: None, ..self.clone() }
    }
    fn limit(&self) -> u16 {
        self.limit.unwrap_or(50).clamp(1, 200)
    }
    /// Cuts what was fetched to a page.
    pub fn page<R, T>(&self, mut rows: Vec<R>, id: impl Fn(&R) -> Uuid, show: impl FnMut(R) -> T) -> Page<T> {
        let more = rows.len() > usize::from(self.limit());
        rows.truncate(usize::from(self.limit()));
        let next = if more { rows.last().map(id) } else { None };
        Page { items: rows.into_iter().map(show).collect(), next }
    }
}

/// Newest first. `next` is absent on the last page; it also stands in the `Link` header (RFC 8288).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub next: Option<Uuid>,
}

/// Declares a list's parameters: what every list takes, and filters of its own, each `Option`:
/// `page_query!(/// Which. ActivityQuery { /// Only of this kind. #[param(max_length = 64)] kind: String })`. A macro, since flattened
/// queries cannot refuse unknown names.
macro_rules! page_query {
    ($(#[$about:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Rows a page, 1 to 200; 50 if not said.
            #[param(minimum = 1, maximum = 200)]
            pub limit: Option<u16>,
            /// The `next` of the page before.
            #[param(value_type = Option<String>, format = Uuid)]
            pub after: Option<uuid::Uuid>,
            /// Only rows of one deal; without effect where rows belong to none.
            #[param(value_type = Option<String>, format = Uuid)]
            pub case_id: Option<uuid::Uuid>,
            /// Only rows in this state.
            #[param(max_length = 64)]
            pub status: Option<String>,
            $($(#[$meta])* pub $field: Option<$kind>),+
        }
        impl $name {
            /// What every list takes.
            #[must_use]
            pub fn page(&self) -> crate::PageQuery {
                crate::PageQuery { limit: self.limit, after: self.after, case_id: self.case_id, status: self.status.clone() }
            }
        }
    };
}
pub(crate) use page_query;
