//! State machines as tables: one table is the guard of the commands, the buttons of the frontends (`available_actions`),
//! the graph at `/state-machines/{resource}` and the page of states. Refuses to hold rules: those are the entity's gates.
use crate::{Caller, Kind, Language, Rule, change::Entity};
use wire::{Action, Gate, glossary};

/// One command: the states it starts from and the one (or several) it can lead to.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    /// The verb of the URL and, as `{service}.{entity}.{action}`, its permission.
    pub action: &'static str,
    pub from: &'static [&'static str],
    pub to: &'static [&'static str],
    /// Done by an approval, an event or the clock, not by a button.
    pub automatic: bool,
}
impl Transition {
    /// A command with a route.
    #[must_use]
    pub const fn new(action: &'static str, from: &'static [&'static str], to: &'static [&'static str]) -> Self {
        Self { action, from, to, automatic: false }
    }
    /// A step without one.
    #[must_use]
    pub const fn automatic(action: &'static str, from: &'static [&'static str], to: &'static [&'static str]) -> Self {
        Self { action, from, to, automatic: true }
    }
}

/// A resource's machine, with the labels of its states.
#[derive(Debug, Clone, Copy)]
pub struct MachineInfo {
    pub entity: &'static str,
    pub transitions: &'static [Transition],
    /// Of its states.
    pub labels: glossary::Labels,
}

impl MachineInfo {
    /// `(zh-CN, en)` of a state.
    #[must_use]
    pub fn label(&self, status: &'static str) -> (&'static str, &'static str) {
        let found = self.labels.iter().find(|(code, ..)| *code == status);
        found.map_or((status, status), |(_, chinese, english)| (chinese, english))
    }
}

/// A closed gate: why an action that the state would allow is refused just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub gate: &'static str,
    pub reference: Option<String>,
    pub english: String,
    pub chinese: String,
}
impl Closed {
    /// `english` and `chinese` say how to clear it.
    pub fn new(gate: &'static str, english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self { gate, reference: None, english: english.into(), chinese: chinese.into() }
    }
    /// Names the document, role or figure that it hangs on.
    #[must_use]
    pub fn on(mut self, reference: impl std::fmt::Display) -> Self {
        self.reference = Some(reference.to_string());
        self
    }
    fn show(&self, language: Language) -> Gate {
        Gate {
            gate: self.gate.to_owned(),
            reference: self.reference.clone(),
            how_to_clear: language.pick(&self.chinese, &self.english).clone(),
        }
    }
}

/// An entity with a life.
pub trait Machine: Entity {
    const MACHINE: MachineInfo;

    /// What stands in the way of `action` besides the state.
    fn gates(&self, _action: &str) -> Vec<Closed> {
        Vec::new()
    }
    /// Would the command refuse this person whatever they send, such as whoever made a thing? Asked here for the available actions
    /// only: the command asks it itself.
    ///
    /// # Errors
    /// The rule by which it would.
    fn admits(&self, _action: &str, _actor: &str) -> crate::Result<()> {
        Ok(())
    }
    /// The guard of every command: right state, open gates.
    fn may(&self, action: &'static str) -> Result<(), Refused> {
        let known = Self::MACHINE.transitions.iter().any(|t| t.action == action && t.from.contains(&self.status()));
        if !known {
            let status = Self::MACHINE.label(self.status());
            return Err(Refused::State { entity: Self::KIND, action, status });
        }
        let closed = self.gates(action);
        if closed.is_empty() { Ok(()) } else { Err(Refused::Gates { entity: Self::KIND, action, closed }) }
    }
    /// What the state allows, and whether this caller may do it now.
    fn available_actions(&self, caller: &Caller) -> Vec<Action> {
        Self::MACHINE
            .transitions
            .iter()
            .filter(|t| !t.automatic && t.from.contains(&self.status()))
            .map(|t| {
                let mut blocked_by: Vec<Gate> = self.gates(t.action).iter().map(|c| c.show(caller.language)).collect();
                let permission = format!("{}.{}.{}", caller.service, Self::KIND, t.action);
                if caller.sight(&permission).is_none_or(|sight| !sight.sees(self.ownership().as_ref())) {
                    let missing = crate::ApiError::Forbidden(permission);
                    blocked_by.append(&mut missing.problem(caller.language, String::new()).blocked_by);
                }
                // Whoever may not at all is told that alone.
                if blocked_by.is_empty() {
                    let refused = self.admits(t.action, &caller.actor()).err();
                    blocked_by.extend(refused.iter().flat_map(|refusal| refusal.as_gates(caller.language)));
                }
                Action { action: t.action.to_owned(), allowed: blocked_by.is_empty(), blocked_by }
            })
            .collect()
    }
}

/// Why a machine refused: `state.refused` or `gate.closed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// With the state's labels, `(zh-CN, en)`.
    State {
        entity: &'static str,
        action: &'static str,
        status: (&'static str, &'static str),
    },
    Gates {
        entity: &'static str,
        action: &'static str,
        closed: Vec<Closed>,
    },
}
impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
impl std::error::Error for Refused {}
impl Rule for Refused {
    fn code(&self) -> &str {
        match self {
            Self::State { .. } => "state.refused",
            Self::Gates { .. } => "gate.closed",
        }
    }
    fn kind(&self) -> Kind {
        Kind::Conflict
    }
    fn text(&self, language: Language) -> String {
        let (Self::State { entity, action, .. } | Self::Gates { entity, action, .. }) = self;
        let ((noun_zh, noun), (verb_zh, verb)) = (glossary::noun(entity), glossary::verb(entity, action));
        match self {
            Self::State { status: (state_zh, state), .. } => language.pick(
                format!("{noun_zh}的状态为“{state_zh}”，不能执行“{verb_zh}”"),
                format!("\"{verb}\" is not possible: the state of this {noun} is \"{state}\""),
            ),
            Self::Gates { closed, .. } => {
                let why =
                    closed.iter().map(|c| language.pick(c.chinese.as_str(), c.english.as_str())).collect::<Vec<_>>();
                language.pick(
                    format!("{noun_zh}暂时不能执行“{verb_zh}”：{}", why.join("；")),
                    format!("\"{verb}\" is not possible for this {noun} yet: {}", why.join("; ")),
                )
            }
        }
    }
    fn gates(&self, language: Language) -> Vec<Gate> {
        match self {
            Self::State { .. } => Vec::new(),
            Self::Gates { closed, .. } => closed.iter().map(|c| c.show(language)).collect(),
        }
    }
}

/// Every command from every status, one line each: the snapshot of a slice's life (`STATES.md`).
#[must_use]
pub fn table(machine: &MachineInfo) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for (status, chinese, english) in machine.labels {
        let steps: Vec<String> = machine
            .transitions
            .iter()
            .filter(|t| t.from.contains(status))
            .map(|t| format!("`{}` → {}", t.action, t.to.join(" or ")))
            .collect();
        let steps = if steps.is_empty() { "end".to_owned() } else { steps.join("; ") };
        let _ = writeln!(text, "| `{status}` | {chinese} | {english} | {steps} |");
    }
    text
}

/// Labels as the wire shows them.
pub(crate) fn labelled(labels: &[(&str, &str, &str)]) -> Vec<wire::Labelled> {
    let show = |(code, chinese, english): &(&str, &str, &str)| wire::Labelled {
        code: (*code).to_owned(),
        chinese: (*chinese).to_owned(),
        english: (*english).to_owned(),
    };
    labels.iter().map(show).collect()
}

/// A machine as the wire shows it.
pub(crate) fn show(machine: &MachineInfo) -> wire::common::StateMachine {
    let words = |list: &[&str]| list.iter().map(ToString::to_string).collect();
    wire::common::StateMachine {
        resource: machine.entity.to_owned(),
        states: labelled(machine.labels),
        transitions: machine
            .transitions
            .iter()
            .map(|t| wire::common::StateTransition {
                action: t.action.to_owned(),
                from: words(t.from),
                to: words(t.to),
            })
            .collect(),
    }
}
