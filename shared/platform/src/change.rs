//! The words a pure domain file speaks: who and when (`Stamp`), what follows (`Change`), what a thing is (`Entity`).
//! A `Change` does nothing: only [`Tx`](crate::Tx) writes one, and it writes all of it.
use crate::{
    Conn,
    approvals::{Ask, Question},
    calendar::Calendar,
};
use diesel::QueryResult;
use serde::Serialize;
use serde_json::Value;
use std::future::Future;
use uuid::Uuid;
use wire::{CaseId, Day, Event, Moment, Ownership, facts::CommonFact};

/// Who acts, and when. Passed in, so domain code never asks the clock.
#[derive(Debug, Clone)]
pub struct Stamp {
    pub at: Moment,
    /// `user:ann`, `event:<handler>`, `job:<name>`, `customer:<contact>`.
    pub actor: String,
    /// Whose rows this actor makes: the user's own, or the cause's owner (ruling 17).
    pub ownership: Ownership,
}
impl Stamp {
    /// The day in China: rules change, series begin and terms end with it.
    #[must_use]
    pub fn today(&self) -> Day {
        Calendar::china().day(self.at)
    }
}

/// A fact not yet in the outbox.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub kind: &'static str,
    pub data: Value,
}

/// What a command decided: the new state, its events, who must be asked. State change and event are one expression.
#[must_use = "a Change does nothing until Tx::create or Tx::save writes it"]
#[derive(Debug)]
pub struct Change<T> {
    pub(crate) after: T,
    pub(crate) action: &'static str,
    pub(crate) reason: Option<String>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) question: Option<Question>,
}

impl<T> Change<T> {
    /// `action` is the verb of the audit log, the same as the route's.
    pub fn new(action: &'static str, after: T) -> Self {
        Self { after, action, reason: None, facts: Vec::new(), question: None }
    }
    /// Tells the world; goes to the outbox in the same transaction.
    ///
    /// # Panics
    /// Never: events are plain data, which always serialises.
    pub fn emit<E: Event>(mut self, event: &E) -> Self {
        let data = serde_json::to_value(event).expect("events are plain data");
        self.facts.push(Fact { kind: E::TYPE, data });
        self
    }
    /// Why, in the actor's words; kept in the audit log.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
    /// Why, where somebody has said it.
    pub fn because_said(self, reason: Option<String>) -> Self {
        match reason {
            Some(reason) => self.because(reason),
            None => self,
        }
    }
    /// Asks for approval; the policy is frozen in the same transaction.
    pub fn ask(mut self, ask: Ask) -> Self {
        self.question = Some(Question::Put(ask, None));
        self
    }
    /// Asks by two policies at once: by the `usual` one, whatever its version in force wants of the amount, and by `ask`'s for
    /// what is out of the usual. What a step of the one implies is not asked again for the other.
    pub fn ask_beyond(mut self, usual: &'static str, ask: Ask) -> Self {
        self.question = Some(Question::Put(ask, Some(usual)));
        self
    }
    /// Nobody has to answer any more: the document is taken back. Does nothing where nothing is asked.
    pub fn withdraw_ask(mut self) -> Self {
        self.question = Some(Question::Withdrawn);
        self
    }
    /// Tells what each service tells of the platform's own things, under this service's name.
    ///
    /// # Panics
    /// Never: services are those of the catalogue, and facts are plain data.
    pub(crate) fn tell<F: CommonFact>(mut self, service: &str, fact: &F) -> Self {
        let kind = wire::facts::kind::<F>(service).expect("a service of the catalogue");
        let data = serde_json::to_value(fact).expect("facts are plain data");
        self.facts.push(Fact { kind, data });
        self
    }
    /// For tests and previews; writing it is `Tx`'s business.
    pub fn after(&self) -> &T {
        &self.after
    }
    /// For tests.
    pub fn event_types(&self) -> Vec<&'static str> {
        self.facts.iter().map(|fact| fact.kind).collect()
    }
}

/// A thing with identity, version and status. Declared with [`entity!`](crate::entity).
pub trait Entity: Serialize + Send + Sync + Sized + 'static {
    /// Singular, `snake_case`: the middle word of permissions and events.
    const KIND: &'static str;
    type Id: Copy + Into<Uuid> + From<Uuid> + std::fmt::Display + Send + Sync;
    fn id(&self) -> Self::Id;
    /// 1 when created, one more with every change; the strong `ETag`.
    fn version(&self) -> i32;
    fn status(&self) -> &'static str;
    /// The deal it belongs to, if it belongs to one.
    fn case_id(&self) -> Option<CaseId>;
    /// Whose it is; `None` for kinds that belong to nobody (masters).
    fn ownership(&self) -> Option<Ownership>;
    /// Facts about it keep their order under this key, fixed when it is created (ruling 25).
    fn ordering_key(&self) -> Uuid {
        self.case_id().map_or_else(|| self.id().into(), Into::into)
    }
}

/// Is it the same but for its version? A patch that says what holds already changes nothing: [`Tx::save`](crate::Tx::save)
/// writes none, and a rule that notes who had a hand in something notes nobody. A list that is said anew is a change.
pub fn unchanged<T: Entity>(before: &T, after: &T) -> bool {
    let value = |entity| serde_json::to_value(entity).map(versionless);
    value(before).ok().is_some_and(|before| value(after).is_ok_and(|after| before == after))
}

/// Without the version of its row, which is the whole entity or its head.
pub(crate) fn versionless(mut entity: Value) -> Value {
    for row in ["", "/head", "/row"] {
        if let Some(Value::Object(row)) = entity.pointer_mut(row) {
            row.remove("version");
        }
    }
    entity
}

/// How one kind of entity gets in and out of Postgres: three functions, in the slice's `store.rs`.
pub trait Store: Entity {
    /// `SELECT … FOR UPDATE`.
    fn lock(conn: &mut Conn, id: Self::Id) -> impl Future<Output = QueryResult<Option<Self>>> + Send;
    fn insert(&self, conn: &mut Conn) -> impl Future<Output = QueryResult<()>> + Send;
    /// Writes where the stored version is the one before; returns the rows touched (0 = stale).
    fn update(&self, conn: &mut Conn) -> impl Future<Output = QueryResult<usize>> + Send;
}

/// A kind of which many rows are written together.
pub trait StoreAll: Store {
    fn insert_all(conn: &Conn, rows: &[&Self]) -> impl Future<Output = QueryResult<()>> + Send;
}

/// Declares an entity over a row: `entity!(Quote, "quote", QuoteId; row: head, case: some, owned)`.
/// `row` is the field that holds the row (or `self`), `case` is `some`/`option`/`none`, `owned` or `unowned`.
#[macro_export]
macro_rules! entity {
    ($name:ident, $kind:literal, $id:ty; row: $row:tt, case: $case:ident, $owned:ident) => {
        impl $crate::Entity for $name {
            const KIND: &'static str = $kind;
            type Id = $id;
            fn id(&self) -> $id { $crate::entity!(@row self $row).id }
            fn version(&self) -> i32 { $crate::entity!(@row self $row).version }
            fn status(&self) -> &'static str { $crate::entity!(@row self $row).status.as_str() }
            fn case_id(&self) -> Option<wire::CaseId> { $crate::entity!(@case self $row $case) }
            fn ownership(&self) -> Option<wire::Ownership> { $crate::entity!(@owned self $row $owned) }
        }
    };
    (@row $self:ident this) => { $self };
    (@row $self:ident $row:ident) => { $self.$row };
    (@case $self:ident $row:tt none) => { None };
    (@case $self:ident $row:tt some) => { Some($crate::entity!(@row $self $row).case_id) };
    (@case $self:ident $row:tt option) => { $crate::entity!(@row $self $row).case_id };
    (@owned $self:ident $row:tt unowned) => { None };
    (@owned $self:ident $row:tt owned) => {{
        let row = &$crate::entity!(@row $self $row);
        Some(wire::Ownership { owner_id: row.owner_id.clone(), team_id: row.team_id.clone(), department_id: row.department_id.clone() })
    }};
}
