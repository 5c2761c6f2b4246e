//! The rules of registrations (CRM-42 … CRM-47, CRM-49). Pure: no async, no clock, no SQL; numbers of papers are sealed
//! before they get here.
use super::check::{Readable, faults};
use crate::{accounts::domain::Account, schema::onboarding_applications};
use diesel::prelude::*;
use platform::{Ask, Change, Closed, Entity, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{
    Day, Event, Moment,
    crm::{
        AccountId, AddOnboardingDocument, NewOnboardingApplication, OnboardingApplicationId,
        OnboardingApplicationPatch, OnboardingApproved, OnboardingAutoChecked, OnboardingCheck, OnboardingCompleted,
        OnboardingCrossChecked, OnboardingDocumentsVerified, OnboardingEntered, OnboardingEntry, OnboardingPaper,
        OnboardingRejected, OnboardingReview, OnboardingStatus as Status, OnboardingStep, OnboardingSubmitted,
        OnboardingVerification, OnboardingWithdrawn, PartyType, ReviewOnboarding,
    },
    json::Kept,
};

/// Characters of a number that are shown.
const SHOWN: usize = 4;

/// A paper as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Paper {
    pub id: Uuid,
    pub kind: OnboardingPaper,
    pub holder_name: String,
    pub sealed_number: String,
    pub masked_number: String,
    pub expires_on: Option<Day>,
    pub attachment_id: Uuid,
    pub verification: Option<OnboardingVerification>,
}

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = onboarding_applications, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct OnboardingApplication {
    pub id: OnboardingApplicationId,
    pub number: String,
    pub status: Status,
    pub account_id: AccountId,
    pub party_type: PartyType,
    pub applicant_name: String,
    pub documents: Kept<Vec<Paper>>,
    pub entry: Option<Kept<OnboardingEntry>>,
    pub maker: Option<String>,
    pub maker_department: Option<String>,
    pub checks: Kept<Vec<OnboardingCheck>>,
    pub reviews: Kept<Vec<OnboardingReview>>,
    pub round: i32,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub completed_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(OnboardingApplication, "onboarding_application", OnboardingApplicationId; row: this, case: none, owned);

platform::rules!(
    /// Why a registration is refused.
    OnboardingRule {
        Account => "onboarding_application.account", Conflict, "the customer is not a customer any more", "该客户已失效", at "/account_id";
        Open { number: String } => "onboarding_application.open", Conflict, "{number} of this customer is not done yet", "该客户的注册申请 {number} 尚未完成", at "/account_id";
        Documents => "onboarding_application.documents", Conflict, "20 papers are kept at most", "最多保存 20 份证件";
        Document { id: Uuid } => "onboarding_application.document", Invalid, "there is no paper {id}", "没有证件 {id}", at "/document_id";
        Rounds => "onboarding_application.rounds", Conflict, "it was submitted 20 times; begin another one", "已提交 20 次，请重新申请";
        Department => "onboarding_application.no_department", Forbidden, "whoever enters or reviews belongs to a department", "录入人和复核人须属于某一部门";
        SameDepartment { department: String } => "onboarding_application.same_department", Forbidden, "it was entered by department {department}; another department reviews it", "由部门 {department} 录入，须由其他部门复核";
        Maker => "onboarding_application.maker", Forbidden, "who entered it does not check it", "录入人不得审核本人录入的申请";
        Comment => "onboarding_application.comment", Invalid, "say why it did not pass", "请说明未通过的原因", at "/comment";
        Original => "onboarding_application.original", Invalid, "the original must be seen; return the application if there is none", "须查验原件；无原件请退回申请", at "/original_seen";
        NumberDiffers => "onboarding_application.number_differs", Invalid, "the original has another number than the application; return it if that is so", "原件号码与申请不一致；如确不一致请退回申请", at "/number";
    }
);

const OPEN_TO_CHANGE: &[&str] = &["preparing", "corrected"];
/// Nobody has said yes yet, and no card is on its way.
const UNDECIDED: &[&str] = &[
    "preparing",
    "submitted",
    "entered",
    "auto_checked",
    "returned",
    "in_review",
    "cross_checked",
    "documents_verified",
    "rejected",
    "corrected",
];

impl Machine for OnboardingApplication {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "onboarding_application",
        transitions: &[
            Transition::new("update", OPEN_TO_CHANGE, OPEN_TO_CHANGE),
            Transition::new("add_document", OPEN_TO_CHANGE, OPEN_TO_CHANGE),
            Transition::new("remove_document", OPEN_TO_CHANGE, OPEN_TO_CHANGE),
            Transition::new("submit", &["preparing"], &["submitted"]),
            Transition::new("enter", &["submitted"], &["entered"]),
            Transition::automatic("check", &["entered"], &["auto_checked", "returned"]),
            Transition::new("request_review", &["auto_checked"], &["in_review"]),
            Transition::new("review", &["in_review"], &["cross_checked", "returned"]),
            Transition::new("verify_document", &["cross_checked"], &["cross_checked", "documents_verified"]),
            Transition::new("return", &["cross_checked"], &["returned"]),
            Transition::automatic("approve", &["documents_verified"], &["approved"]),
            Transition::automatic("reject", &["documents_verified"], &["rejected"]),
            Transition::new("correct", &["returned", "rejected"], &["corrected"]),
            Transition::new("resubmit", &["corrected"], &["submitted"]),
            Transition::automatic("complete", &["approved"], &["completed"]),
            Transition::new("withdraw", UNDECIDED, &["withdrawn"]),
        ],
        labels: Status::labels(),
    };
    /// Nobody can be registered without a paper.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let bare = self.documents.0.is_empty() && ["submit", "resubmit"].contains(&action);
        let closed = || Closed::new("document_missing", "add the customer's papers first", "请先添加客户证件");
        if bare { vec![closed()] } else { Vec::new() }
    }
}

impl OnboardingApplication {
    /// A registration of a customer, who belongs to whoever looks after the customer. `open` = the number of another one.
    pub fn prepare(
        id: OnboardingApplicationId,
        number: String,
        new: NewOnboardingApplication,
        account: &Account,
        open: Option<String>,
        by: &Stamp,
    ) -> Result<Change<Self>, OnboardingRule> {
        if !account.is_alive() {
            return Err(OnboardingRule::Account);
        }
        if let Some(number) = open {
            return Err(OnboardingRule::Open { number });
        }
        let owner = account.ownership().unwrap_or_default();
        let application = Self {
            id,
            number,
            status: Status::Preparing,
            account_id: account.id,
            party_type: new.party_type,
            applicant_name: new.applicant_name.into_string(),
            documents: Kept(Vec::new()),
            entry: None,
            maker: None,
            maker_department: None,
            checks: Kept(Vec::new()),
            reviews: Kept(Vec::new()),
            round: 0,
            reason: None,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            submitted_at: None,
            decided_at: None,
            completed_at: None,
            version: 1,
        };
        Ok(Change::new("create", application))
    }
    /// Changes what is being prepared or corrected.
    pub fn update(self, patch: OnboardingApplicationPatch) -> Result<Change<Self>, Refused> {
        self.may("update")?;
        let OnboardingApplicationPatch { party_type, applicant_name } = patch;
        let mut next = self.next();
        next.party_type = party_type.unwrap_or(next.party_type);
        next.applicant_name = applicant_name.map_or(next.applicant_name, wire::Name::into_string);
        Ok(Change::new("update", next))
    }
    /// A paper more; `sealed_number` is its number, sealed for this row.
    pub fn add_document(
        self,
        id: Uuid,
        paper: AddOnboardingDocument,
        sealed_number: String,
    ) -> platform::Result<Change<Self>> {
        self.may("add_document")?;
        self.has_room("add_document")?;
        let AddOnboardingDocument { kind, holder_name, number, expires_on, attachment_id } = paper;
        let paper = Paper {
            id,
            kind,
            holder_name: holder_name.into_string(),
            sealed_number,
            masked_number: masked(number.as_str()),
            expires_on,
            attachment_id,
            verification: None,
        };
        let mut next = self.next();
        next.documents.0.push(paper);
        Ok(Change::new("add_document", next))
    }
    /// A paper less.
    pub fn remove_document(self, id: Uuid) -> platform::Result<Change<Self>> {
        self.may("remove_document")?;
        let mut next = self.next();
        let place = next.documents.0.iter().position(|paper| paper.id == id);
        next.documents.0.remove(place.ok_or(OnboardingRule::Document { id })?);
        Ok(Change::new("remove_document", next))
    }
    /// The customer hands it in (CRM-42).
    pub fn submit(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("submit")?;
        self.hand_in("submit", by)
    }
    /// The same again after a correction (CRM-47): everything is looked at anew.
    pub fn resubmit(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("resubmit")?;
        self.hand_in("resubmit", by)
    }
    fn hand_in(self, action: &'static str, by: &Stamp) -> platform::Result<Change<Self>> {
        self.has_room(action)?;
        let mut next = self.to(Status::Submitted);
        next.round += 1;
        (next.submitted_at, next.decided_at, next.reason) = (Some(by.at), None, None);
        (next.maker, next.maker_department) = (None, None);
        for paper in &mut next.documents.0 {
            paper.verification = None;
        }
        Ok(next.tells(action, OnboardingSubmitted))
    }
    /// Staff enter it and are its maker (CRM-43).
    pub fn enter(self, entry: OnboardingEntry, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("enter")?;
        let department = by.ownership.department_id.clone().ok_or(OnboardingRule::Department)?;
        let mut next = self.to(Status::Entered);
        (next.maker, next.maker_department) = (Some(by.actor.clone()), Some(department));
        next.entry = Some(Kept(entry));
        Ok(next.tells("enter", OnboardingEntered))
    }
    /// The system looks at it (CRM-44); `numbers` are those of the papers, in their order, in the clear.
    pub fn check(self, numbers: Vec<String>, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("check")?;
        let nothing = || platform::ApiError::internal("an entered application has an entry");
        let entry = self.entry.clone().ok_or_else(nothing)?.0;
        let papers = self.documents.0.iter().zip(numbers);
        let papers: Vec<Readable<'_>> = papers.map(|(paper, number)| Readable { paper, number }).collect();
        let reasons = faults(self.party_type, &entry, &papers, by.today());
        drop(papers);
        let words: Vec<&str> = reasons.iter().map(|reason| reason.fault.as_str()).collect();
        let why = Some(words.join(", ")).filter(|why| !why.is_empty());
        let status = if why.is_none() { Status::AutoChecked } else { Status::Returned };
        let mut next = self.to(status);
        next.reason = why;
        next.checks.0.push(OnboardingCheck { at: by.at, reasons });
        Ok(next.tells("check", OnboardingAutoChecked))
    }
    /// On to another department (CRM-45).
    pub fn request_review(self) -> Result<Change<Self>, Refused> {
        self.may("request_review")?;
        Ok(Change::new("request_review", self.to(Status::InReview)))
    }
    /// Another department's word (CRM-45).
    pub fn review(self, word: ReviewOnboarding, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("review")?;
        let ReviewOnboarding { passed, comment } = word;
        self.permits("review", &by.actor, by.ownership.department_id.as_deref())?;
        let department = by.ownership.department_id.clone().ok_or(OnboardingRule::Department)?;
        if !passed && comment.is_none() {
            return Err(OnboardingRule::Comment.into());
        }
        let comment = comment.map(wire::Label::into_string);
        let mut next = self.to(if passed { Status::CrossChecked } else { Status::Returned });
        next.reason = comment.clone().filter(|_| !passed);
        next.reviews.0.push(OnboardingReview { reviewer: by.actor.clone(), department, passed, comment, at: by.at });
        Ok(if passed { next.tells("review", OnboardingCrossChecked) } else { Change::new("review", next) })
    }
    /// The original of a paper was held against its copy; `agrees` = its number is the one that was handed in. With the last of
    /// them the supervisor is asked (CRM-46, 47).
    pub fn verify_document(self, id: Uuid, seen: bool, agrees: bool, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("verify_document")?;
        self.permits("verify_document", &by.actor, by.ownership.department_id.as_deref())?;
        if !seen {
            return Err(OnboardingRule::Original.into());
        }
        if !agrees {
            return Err(OnboardingRule::NumberDiffers.into());
        }
        let mut next = self.next();
        let paper = next.documents.0.iter_mut().find(|paper| paper.id == id);
        paper.ok_or(OnboardingRule::Document { id })?.verification =
            Some(OnboardingVerification { original_seen: seen, by: by.actor.clone(), at: by.at });
        if next.documents.0.iter().any(|paper| paper.verification.is_none()) {
            return Ok(Change::new("verify_document", next));
        }
        next.status = Status::DocumentsVerified;
        let ask = Ask { policy: "crm.onboarding_application", number: next.number.clone(), amount: None };
        Ok(next.tells("verify_document", OnboardingDocumentsVerified).ask(ask))
    }
    /// The papers are not as they should be.
    pub fn send_back(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("return")?;
        let mut next = self.to(Status::Returned);
        next.reason = Some(reason.clone());
        Ok(Change::new("return", next).because(reason))
    }
    /// The supervisor's yes (CRM-47); `by` is who said it.
    pub fn approve(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("approve")?;
        self.not_the_maker(&by.actor)?;
        let mut next = self.to(Status::Approved);
        next.decided_at = Some(by.at);
        Ok(next.tells("approve", OnboardingApproved))
    }
    /// The supervisor's no and why (CRM-47).
    pub fn reject(self, reason: String, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("reject")?;
        self.not_the_maker(&by.actor)?;
        let mut next = self.to(Status::Rejected);
        (next.decided_at, next.reason) = (Some(by.at), Some(reason.clone()));
        Ok(next.tells("reject", OnboardingRejected).because(reason))
    }
    /// Somebody mends it; why it came back stays visible until it is handed in again.
    pub fn correct(self) -> Result<Change<Self>, Refused> {
        self.may("correct")?;
        Ok(Change::new("correct", self.to(Status::Corrected)))
    }
    /// The card is active (CRM-49).
    pub fn complete(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("complete")?;
        let mut next = self.to(Status::Completed);
        next.completed_at = Some(by.at);
        Ok(next.tells("complete", OnboardingCompleted))
    }
    /// Nobody wants it any more; a supervisor who was asked need not answer.
    pub fn withdraw(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("withdraw")?;
        let next = Self { reason: Some(reason.clone()), ..self.to(Status::Withdrawn) };
        Ok(next.tells("withdraw", OnboardingWithdrawn).because(reason).withdraw_ask())
    }
    /// Nothing is known of the customer any more (CRM-31): what nobody has said yes to is withdrawn.
    pub fn scrub(self) -> Change<Self> {
        let undecided = self.may("withdraw").is_ok();
        let mut next = if undecided { self.to(Status::Withdrawn) } else { self.next() };
        (next.applicant_name, next.documents, next.entry) = (next.number.clone(), Kept(Vec::new()), None);
        next.reason = None;
        for review in &mut next.reviews.0 {
            review.comment = None;
        }
        if undecided { next.tells("purge", OnboardingWithdrawn).withdraw_ask() } else { Change::new("purge", next) }
    }

    fn tells<E: Event>(self, action: &'static str, event: fn(OnboardingStep) -> E) -> Change<Self> {
        let Self { id, number, account_id, status, round, reason, .. } = self.clone();
        let step = OnboardingStep { onboarding_application_id: id, number, account_id, status, round, reason };
        Change::new(action, self).emit(&event(step))
    }
    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// The last four characters; of a short number none.
fn masked(number: &str) -> String {
    let count = number.chars().count();
    let shown = if count > 2 * SHOWN { SHOWN } else { 0 };
    let hidden = count - shown;
    number.chars().enumerate().map(|(at, c)| if at < hidden { '*' } else { c }).collect()
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
