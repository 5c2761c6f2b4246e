//! The rules of market feedback (CRM-33). Pure: no async, no clock, no SQL.
use crate::schema::market_feedback;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Moment,
    crm::{
        AccountId, MarketFeedbackCreated, MarketFeedbackId, MarketFeedbackKind, MarketFeedbackStatus as Status,
        NewMarketFeedback,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = market_feedback, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct MarketFeedback {
    pub id: MarketFeedbackId,
    pub number: String,
    pub status: Status,
    pub kind: MarketFeedbackKind,
    pub title: String,
    pub text: String,
    pub account_id: Option<AccountId>,
    pub triage: Option<String>,
    pub result: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(MarketFeedback, "market_feedback", MarketFeedbackId; row: this, case: none, owned);

impl Machine for MarketFeedback {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "market_feedback",
        transitions: &[
            Transition::new("triage", &["new"], &["triaged"]),
            Transition::new("use", &["triaged"], &["used"]),
            Transition::new("close", &["new", "triaged"], &["closed"]),
        ],
        labels: Status::labels(),
    };
}

impl MarketFeedback {
    /// Something was heard.
    pub fn draft(id: MarketFeedbackId, number: String, new: NewMarketFeedback, by: &Stamp) -> Change<Self> {
        let NewMarketFeedback { kind, title, text, account_id } = new;
        let feedback = Self {
            id,
            number,
            status: Status::New,
            kind,
            title: title.into_string(),
            text: text.into_string(),
            account_id,
            triage: None,
            result: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        let event = MarketFeedbackCreated {
            market_feedback_id: id,
            number: feedback.number.clone(),
            kind,
            title: feedback.title.clone(),
            account_id,
        };
        Change::new("create", feedback).emit(&event)
    }
    /// Who should do what with it.
    pub fn triage(self, note: String) -> Result<Change<Self>, Refused> {
        self.may("triage")?;
        Ok(Change::new("triage", Self { triage: Some(note), ..self.to(Status::Triaged) }))
    }
    /// Something came of it.
    pub fn put_to_use(self, note: String) -> Result<Change<Self>, Refused> {
        self.may("use")?;
        Ok(Change::new("use", Self { result: Some(note), ..self.to(Status::Used) }))
    }
    /// Nothing comes of it.
    pub fn close(self, note: String) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        Ok(Change::new("close", Self { result: Some(note.clone()), ..self.to(Status::Closed) }).because(note))
    }

    fn to(self, status: Status) -> Self {
        Self { status, version: self.version + 1, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wire::Ownership;

    fn feedback(status: Status) -> MarketFeedback {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        let by = Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() };
        let (title, text) = ("不锈钢".parse().unwrap(), "x".parse().unwrap());
        let new = NewMarketFeedback { kind: MarketFeedbackKind::NeedChange, title, text, account_id: None };
        let change = MarketFeedback::draft(MarketFeedbackId(Uuid::nil()), "MF-1".into(), new, &by);
        assert_eq!(change.event_types(), ["crm.market_feedback.created.v1"]);
        MarketFeedback { status, ..change.after().clone() }
    }

    #[test]
    fn crm_33_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let steps = [
                ("triage", feedback(from).triage("产品部".into())),
                ("use", feedback(from).put_to_use("MR-1".into())),
                ("close", feedback(from).close("已知".into())),
            ];
            for (command, outcome) in steps {
                if let Ok(change) = outcome {
                    assert_eq!((change.after().version, change.event_types().len()), (2, 0));
                    table.push(format!("{from} {command} {}", change.after().status));
                }
            }
        }
        assert_eq!(table, ["new triage triaged", "new close closed", "triaged use used", "triaged close closed"]);
    }
}
