//! The rules of sample tests (PRO-20). Pure: no async, no clock, no SQL.
use crate::{
    rfqs::domain::{Invitation, Rfq},
    schema::sample_tests,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    CaseId, Label, Moment, Note,
    json::Kept,
    procurement::{
        CompleteSampleTest, CriterionResult, NewSampleTest, RfqId, RfqStatus, SampleCriterion, SampleTestCompleted,
        SampleTestId, SampleTestStatus as Status, SupplierId, Tester,
    },
};

/// Criteria of one test, at most.
const MOST_CRITERIA: usize = 30;
/// People who tested, at most.
const MOST_TESTERS: usize = 10;

/// A test, which is its row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sample_tests, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SampleTest {
    pub id: SampleTestId,
    pub number: String,
    pub status: Status,
    pub case_id: Option<CaseId>,
    pub rfq_id: RfqId,
    pub rfq_number: String,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub sample: String,
    pub criteria: Kept<Vec<SampleCriterion>>,
    pub testers: Kept<Vec<Tester>>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub requested_by: String,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub received_at: Option<Moment>,
    pub completed_at: Option<Moment>,
    pub completed_by: Option<String>,
    pub version: i32,
}
platform::entity!(SampleTest, "sample_test", SampleTestId; row: this, case: option, owned);

platform::rules!(
    /// Why a sample test is refused.
    SampleTestRule {
        Criteria => "sample_test.criteria", Invalid, "1 to 30 criteria", "测试标准应有 1 至 30 条", at "/criteria";
        NotQuoting { status: RfqStatus } => "sample_test.rfq", Conflict, "samples are tested before a request is awarded or cancelled; it is {status}", "询价单状态为 {status}，不能再申请样品测试", at "/rfq_id";
        NoQuote => "sample_test.no_quote", Invalid, "this supplier has no quote there that counts", "该供应商在此询价单中没有有效报价", at "/supplier_id";
        Open { number: String } => "sample_test.open", Conflict, "{number} is not finished", "样品测试 {number} 尚未结束", at "/supplier_id";
        Results { count: usize } => "sample_test.results", Invalid, "there are {count} criteria: give a result for each", "共有 {count} 条标准，须逐条给出结果", at "/results";
        Testers => "sample_test.testers", Invalid, "1 to 10 testers", "测试人员应有 1 至 10 人", at "/testers";
        OwnRequest => "sample_test.own_request", Forbidden, "you asked for this test yourself; someone else must give its result (maker is not checker)", "本人申请的测试须由他人出具结果";
    }
);

impl Machine for SampleTest {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "sample_test",
        transitions: &[
            Transition::new("receive", &["requested"], &["received"]),
            Transition::new("start", &["received"], &["testing"]),
            Transition::new("complete", &["testing"], &["passed", "failed"]),
            Transition::new("cancel", &["requested", "received", "testing"], &["cancelled"]),
        ],
        labels: Status::labels(),
    };
}

impl SampleTest {
    /// Of what a supplier quoted; `open` is the number of its test that is not finished.
    pub fn request(
        id: SampleTestId,
        number: String,
        rfq: &Rfq,
        new: NewSampleTest,
        open: Option<String>,
        by: &Stamp,
    ) -> Result<Change<Self>, SampleTestRule> {
        let status = rfq.head.status;
        if !matches!(status, RfqStatus::Quoting | RfqStatus::Closed | RfqStatus::Evaluated) {
            return Err(SampleTestRule::NotQuoting { status });
        }
        let quoted = |one: &&Invitation| one.supplier_id == new.supplier_id && one.counted().is_some();
        let supplier = rfq.invitations.iter().find(quoted).ok_or(SampleTestRule::NoQuote)?;
        if let Some(number) = open {
            return Err(SampleTestRule::Open { number });
        }
        if new.criteria.is_empty() || new.criteria.len() > MOST_CRITERIA {
            return Err(SampleTestRule::Criteria);
        }
        let untested =
            |criterion: Label| SampleCriterion { criterion: criterion.into_string(), passed: None, note: None };
        let test = Self {
            id,
            number,
            status: Status::Requested,
            case_id: rfq.head.case_id,
            rfq_id: rfq.head.id,
            rfq_number: rfq.head.number.clone(),
            supplier_id: supplier.supplier_id,
            supplier_name: supplier.supplier_name.clone(),
            sample: new.sample.into_string(),
            criteria: Kept(new.criteria.into_iter().map(untested).collect()),
            testers: Kept(Vec::new()),
            note: None,
            reason: None,
            requested_by: by.actor.clone(),
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            received_at: None,
            completed_at: None,
            completed_by: None,
            version: 1,
        };
        Ok(Change::new("create", test))
    }
    /// The sample is here.
    pub fn receive(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("receive")?;
        let mut next = self.to(Status::Received);
        next.received_at = Some(by.at);
        Ok(Change::new("receive", next))
    }
    /// Somebody has begun.
    pub fn start(self) -> Result<Change<Self>, Refused> {
        self.may("start")?;
        Ok(Change::new("start", self.to(Status::Testing)))
    }
    /// Passed if every criterion is; said by somebody else than who asked for the test.
    pub fn complete(self, said: CompleteSampleTest, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("complete")?;
        let CompleteSampleTest { results, testers, note } = said;
        if by.actor == self.requested_by {
            return Err(SampleTestRule::OwnRequest.into());
        }
        if results.len() != self.criteria.0.len() {
            return Err(SampleTestRule::Results { count: self.criteria.0.len() }.into());
        }
        if testers.is_empty() || testers.len() > MOST_TESTERS {
            return Err(SampleTestRule::Testers.into());
        }
        let passed = results.iter().all(|result| result.passed);
        let mut next = self.to(if passed { Status::Passed } else { Status::Failed });
        for (criterion, CriterionResult { passed, note }) in next.criteria.0.iter_mut().zip(results) {
            (criterion.passed, criterion.note) = (Some(passed), note.map(Label::into_string));
        }
        next.testers = Kept(testers);
        next.note = note.map(Note::into_string);
        (next.completed_at, next.completed_by) = (Some(by.at), Some(by.actor.clone()));
        let event = SampleTestCompleted {
            sample_test_id: next.id,
            number: next.number.clone(),
            rfq_id: next.rfq_id,
            supplier_id: next.supplier_id,
            passed,
            criteria: next.criteria.0.clone(),
            testers: next.testers.0.clone(),
        };
        Ok(Change::new("complete", next).emit(&event))
    }
    /// No sample comes, or none is wanted.
    pub fn cancel(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let mut next = self.to(Status::Cancelled);
        next.reason = Some(reason.clone());
        Ok(Change::new("cancel", next).because(reason))
    }

    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
