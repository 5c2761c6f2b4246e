//! How names of leads, customers and people are compared (CRM-07) and how they sound (search), worked out where a row has it not yet:
//! the name is new, or was kept by older rules. The words are `names` and `search`; this only fills them in. It is no news and no
//! version: nothing that anybody has said of the row changes.
mod consume;
mod store;

pub use consume::spell_names;
