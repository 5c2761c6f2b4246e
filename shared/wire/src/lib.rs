//! Everything that crosses a process boundary: ids, words, amounts, bodies, events, problems.
//! Shapes and exact arithmetic only: no IO, no async, no clock, no SQL (feature `db` merely teaches the values to Diesel).
mod decimal;
mod event;
mod id;
pub mod json;
mod moment;
mod money;
mod page;
mod patched;
mod problem;
mod reach;
mod resource;
mod snapshot;
mod text;
mod unreadable;
mod words;

pub mod aftersales;
pub mod approval;
pub mod attachment;
pub mod audit;
pub mod change_feed;
pub mod common;
pub mod contracts;
pub mod crm;
pub mod delegation;
pub mod facts;
pub mod glossary;
pub mod handover;
pub mod kpi;
pub mod line;
pub mod numbering;
pub mod orders;
pub mod policy;
pub mod procurement;
pub mod quoting;

pub use decimal::{Amount, Figure, Measure, Quantity, Rate, Score};
pub use event::{CloudEvent, Event, EventInfo};
pub use id::{CaseId, EventId};
pub use moment::{Day, Moment};
pub use money::{Currency, Money};
pub use page::{Page, PageQuery};
pub use patched::Patched;
pub use problem::{FieldError, Gate, Problem};
pub use reach::{EmailAddress, Phone};
pub use resource::{Action, Evidence, EvidenceChannel, ExternalRef, Labelled, Ownership, Shown};
pub use snapshot::Snapshot;
pub use text::{Code, Email, Label, Name, Note, Reference, Text};
pub use unreadable::Unreadable;
pub use words::Word;

/// Every fact of the suite, by service: who tells what. The last ones of each are the platform's (`facts`).
#[must_use]
pub fn events() -> [(&'static str, Vec<EventInfo>); 6] {
    let own = [
        ("crm", crm::EVENTS),
        ("quoting", quoting::EVENTS),
        ("contracts", contracts::EVENTS),
        ("orders", orders::EVENTS),
        ("procurement", procurement::EVENTS),
        ("aftersales", aftersales::EVENTS),
    ];
    own.map(|(service, events)| (service, [events, facts::of(service)].concat()))
}
