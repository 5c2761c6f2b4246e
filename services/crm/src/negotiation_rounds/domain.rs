//! The rules of negotiation (CRM-23). Pure: no async, no clock, no SQL.
use crate::{opportunities::domain::Opportunity, schema::negotiation_rounds};
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, evidence::not_to_come};
use serde::Serialize;
use std::collections::HashSet;
use wire::{
    CaseId, Evidence, Moment,
    crm::{
        NegotiationPosition, NegotiationRoundClosed, NegotiationRoundId, NegotiationRoundPatch,
        NegotiationStatus as Status, NegotiationTerm, NewNegotiationRound, OpportunityId,
    },
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = negotiation_rounds, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NegotiationRound {
    pub id: NegotiationRoundId,
    pub status: Status,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub round: i32,
    pub positions: Kept<Vec<NegotiationPosition>>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub evidence: Option<Kept<Evidence>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(NegotiationRound, "negotiation_round", NegotiationRoundId; row: this, case: some, owned);

platform::rules!(
    /// Why a round is refused.
    NegotiationRule {
        Positions { count: usize } => "negotiation_round.positions", Invalid, "a round is about 1 to 5 terms, not {count}", "每轮洽谈应有 1 至 5 项条款，实际为 {count} 项", at "/positions";
        Twice { index: usize } => "negotiation_round.term", Invalid, "the term stands twice", "条款重复", at "/positions/{index}/term";
        Open { round: i32 } => "negotiation_round.open", Conflict, "round {round} is still open", "第 {round} 轮洽谈尚未结束";
    }
);

impl Machine for NegotiationRound {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "negotiation_round",
        transitions: &[
            Transition::new("update", &["open"], &["open"]),
            Transition::new("agree", &["open"], &["agreed"]),
            Transition::new("fail", &["open"], &["failed"]),
        ],
        labels: Status::labels(),
    };
    /// Every term there is has an agreed position: what nobody spoke of is not agreed.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let agreed = self.agreed();
        let closed = |(term, (word, chinese, english)): (&NegotiationTerm, &(&str, &str, &str))| {
            (!agreed.contains(term)).then(|| {
                Closed::new("term_open", format!("agree on: {english}"), format!("尚未达成一致：{chinese}")).on(word)
            })
        };
        if action == "agree" {
            NegotiationTerm::ALL.iter().zip(NegotiationTerm::labels()).filter_map(closed).collect()
        } else {
            Vec::new()
        }
    }
}

impl NegotiationRound {
    /// The next round about an opportunity; `last` is the one before it.
    pub fn begin(
        id: NegotiationRoundId,
        new: NewNegotiationRound,
        last: Option<&Self>,
        opportunity: &Opportunity,
        by: &Stamp,
    ) -> Result<Change<Self>, NegotiationRule> {
        let NewNegotiationRound { opportunity_id: _, positions, note } = new;
        if let Some(last) = last.filter(|last| last.status == Status::Open) {
            return Err(NegotiationRule::Open { round: last.round });
        }
        let round = Self {
            id,
            status: Status::Open,
            case_id: opportunity.case_id,
            opportunity_id: opportunity.id,
            round: last.map_or(0, |last| last.round) + 1,
            positions: Kept(distinct(positions)?),
            note: note.map(wire::Note::into_string),
            reason: None,
            evidence: None,
            owner_id: opportunity.owner_id.clone(),
            team_id: opportunity.team_id.clone(),
            department_id: opportunity.department_id.clone(),
            created_at: by.at,
            closed_at: None,
            version: 1,
        };
        Ok(Change::new("create", round))
    }
    /// Both sides move.
    pub fn update(self, patch: NegotiationRoundPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let NegotiationRoundPatch { positions, note } = patch;
        let mut next = self.next();
        if let Some(list) = positions {
            next.positions = Kept(distinct(list)?);
        }
        next.note = note.over(next.note, wire::Note::into_string);
        Ok(Change::new("update", next))
    }
    /// Both sides agree on every term.
    pub fn agree(self, evidence: Evidence, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("agree")?;
        not_to_come("evidence", &evidence, by)?;
        Ok(Self { evidence: Some(Kept(evidence)), ..self.close(Status::Agreed, by) }.closed("agree"))
    }
    /// They do not.
    pub fn fail(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("fail")?;
        Ok(Self { reason: Some(reason.clone()), ..self.close(Status::Failed, by) }.closed("fail").because(reason))
    }
    /// Terms that have an agreed position.
    pub fn agreed(&self) -> Vec<NegotiationTerm> {
        self.positions.0.iter().filter(|position| position.agreed.is_some()).map(|position| position.term).collect()
    }

    fn closed(self, action: &'static str) -> Change<Self> {
        let event = NegotiationRoundClosed {
            negotiation_round_id: self.id,
            opportunity_id: self.opportunity_id,
            round: self.round,
            status: self.status,
            agreed: self.agreed(),
        };
        Change::new(action, self).emit(&event)
    }
    fn close(self, status: Status, by: &Stamp) -> Self {
        Self { status, closed_at: Some(by.at), ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn distinct(positions: Vec<NegotiationPosition>) -> Result<Vec<NegotiationPosition>, NegotiationRule> {
    if positions.is_empty() || positions.len() > NegotiationTerm::ALL.len() {
        return Err(NegotiationRule::Positions { count: positions.len() });
    }
    let mut terms = HashSet::new();
    match positions.iter().position(|position| !terms.insert(position.term)) {
        Some(index) => Err(NegotiationRule::Twice { index }),
        None => Ok(positions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::{by, evidence, opportunity};
    use platform::{ApiError, Language};

    fn position(term: NegotiationTerm, agreed: bool) -> NegotiationPosition {
        let agreed = agreed.then(|| "16000".parse().unwrap());
        NegotiationPosition { term, ours: "16102.50".parse().unwrap(), theirs: None, agreed }
    }
    fn begun(
        positions: Vec<NegotiationPosition>,
        last: Option<&NegotiationRound>,
    ) -> Result<NegotiationRound, NegotiationRule> {
        let new = NewNegotiationRound { opportunity_id: opportunity().id, positions, note: None };
        let id = NegotiationRoundId(uuid::Uuid::nil());
        NegotiationRound::begin(id, new, last, &opportunity(), &by()).map(|change| change.after().clone())
    }
    fn agreed(count: usize) -> Vec<NegotiationPosition> {
        NegotiationTerm::ALL.iter().enumerate().map(|(n, term)| position(*term, n < count)).collect()
    }

    #[test]
    fn crm_23_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let round = || NegotiationRound { status: from, ..begun(agreed(5), None).unwrap() };
            let steps = [
                ("update", round().update(NegotiationRoundPatch::default()).ok()),
                ("agree", round().agree(evidence(), &by()).ok()),
                ("fail", round().fail("价格".into(), &by()).ok()),
            ];
            for (command, outcome) in steps {
                if let Some(change) = outcome {
                    assert_eq!(change.after().version, 2, "{command} makes a version");
                    table.push(format!("{from} {command} {} {:?}", change.after().status, change.event_types()));
                }
            }
        }
        let told = "[\"crm.negotiation.round_closed.v1\"]";
        let end = |command: &str, status: &str| format!("open {command} {status} {told}");
        assert_eq!(table, ["open update open []".to_owned(), end("agree", "agreed"), end("fail", "failed")]);
    }

    #[test]
    fn crm_23_a_round_is_agreed_only_when_every_term_is() {
        let missing = |positions| match begun(positions, None).unwrap().agree(evidence(), &by()) {
            Err(ApiError::Rule(rule)) => {
                rule.gates(Language::English).into_iter().filter_map(|gate| gate.reference).collect()
            }
            _ => Vec::new(),
        };
        assert_eq!(missing(agreed(4)), ["service"]);
        assert!(missing(agreed(5)).is_empty());
        let silent = agreed(5).into_iter().filter(|position| position.term != NegotiationTerm::Price).collect();
        assert_eq!(missing(silent), ["price"], "what nobody spoke of is not agreed");
        assert_eq!(missing(vec![position(NegotiationTerm::Price, false)]).len(), 5);
    }

    #[test]
    fn crm_23_nobody_has_agreed_in_the_future() {
        let agree = |text: &str| {
            let said = Evidence { at: Moment::new(text.parse().unwrap()), ..evidence() };
            begun(agreed(5), None).unwrap().agree(said, &by()).map(|_| ()).map_err(|error| error.code().to_owned())
        };
        assert_eq!(agree("2026-03-02T01:01:00Z"), Ok(()));
        assert_eq!(agree("2026-03-02T01:01:00.000001Z"), Err("evidence.future".to_owned()));
    }

    #[test]
    fn crm_23_rounds_follow_each_other_and_have_1_to_5_terms_each_once() {
        let first = begun(agreed(0), None).unwrap();
        assert_eq!(begun(agreed(0), Some(&first)).unwrap_err(), NegotiationRule::Open { round: 1 });
        let failed = first.fail("价格".into(), &by()).unwrap().after().clone();
        assert_eq!(begun(agreed(0), Some(&failed)).unwrap().round, 2);
        assert_eq!(begun(Vec::new(), None).unwrap_err(), NegotiationRule::Positions { count: 0 });
        let price = position(NegotiationTerm::Price, false);
        assert_eq!(begun(vec![price.clone(); 6], None).unwrap_err(), NegotiationRule::Positions { count: 6 });
        assert_eq!(begun(vec![price.clone(), price], None).unwrap_err(), NegotiationRule::Twice { index: 1 });
    }
}
