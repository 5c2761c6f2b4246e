//! The rules of inquiries (CRM-40, 41). Pure: no async, no clock, no SQL.
use crate::schema::inquiries;
use diesel::prelude::*;
use jiff::SignedDuration;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, calendar::Calendar};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, EmailAddress, Moment, Phone,
    crm::{
        AccountId, AnswerInquiry, InquiryChannel, InquiryClarification, InquiryClarified, InquiryId, InquiryReceived,
        InquiryResponse, InquiryStatus as Status, InquiryTarget, NewInquiry, RespondInquiry,
    },
    json::Kept,
};

/// Working hours until the first answer (D-12).
const FIRST_RESPONSE: SignedDuration = SignedDuration::from_hours(4);
/// Questions of one inquiry at most.
const MOST_QUESTIONS: usize = 100;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = inquiries, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Inquiry {
    pub id: InquiryId,
    pub number: String,
    pub status: Status,
    pub channel: InquiryChannel,
    pub name: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    pub account_id: Option<AccountId>,
    pub text: String,
    pub first_response_due_at: Moment,
    pub calendar_id: String,
    pub response: Option<Kept<InquiryResponse>>,
    pub clarifications: Kept<Vec<InquiryClarification>>,
    pub converted_to: Option<InquiryTarget>,
    pub target_id: Option<Uuid>,
    pub case_id: Option<CaseId>,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub ended_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(Inquiry, "inquiry", InquiryId; row: this, case: option, owned);

platform::rules!(
    /// Why an inquiry is refused.
    InquiryRule {
        Questions => "inquiry.questions", Conflict, "100 questions are kept at most", "最多保存 100 个问题";
        Question { id: Uuid } => "inquiry.question", Invalid, "no open question has the id {id}", "没有待回答的问题 {id}", at "/clarification_id";
        Source => "inquiry.source", Invalid, "a lead or an opportunity needs the code of its source", "转为线索或商机时必须填写来源", at "/source";
        Account => "inquiry.account", Invalid, "an opportunity needs its customer", "转为商机时必须指定客户", at "/account_id";
        Ticket => "inquiry.ticket", Invalid, "name the ticket that aftersales has opened", "请填写售后已建立的工单", at "/ticket_id";
    }
);

const OPEN: &[&str] = &["new", "responded"];

impl Machine for Inquiry {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "inquiry",
        transitions: &[
            Transition::new("respond", &["new"], &["responded"]),
            Transition::new("ask", OPEN, OPEN),
            Transition::new("answer", OPEN, OPEN),
            Transition::new("convert", &["responded"], &["converted"]),
            Transition::new("close", OPEN, &["closed"]),
        ],
        labels: Status::labels(),
    };
}

impl Inquiry {
    /// Takes one in; it is whose who took it. The first answer is due four working hours later.
    pub fn receive(id: InquiryId, number: String, new: NewInquiry, by: &Stamp) -> Change<Self> {
        let NewInquiry { channel, name, contact_name, contact_phone, contact_email, account_id, text } = new;
        let due = Calendar::china().add_working_time(by.at.timestamp(), FIRST_RESPONSE);
        let inquiry = Self {
            id,
            number,
            status: Status::New,
            channel,
            name: name.into_string(),
            contact_name: contact_name.map(wire::Name::into_string),
            contact_phone: contact_phone.map(Phone::into_string),
            contact_email: contact_email.map(EmailAddress::into_string),
            account_id,
            text: text.into_string(),
            first_response_due_at: due.at.into(),
            calendar_id: due.calendar_id.to_owned(),
            response: None,
            clarifications: Kept(Vec::new()),
            converted_to: None,
            target_id: None,
            case_id: None,
            reason: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            ended_at: None,
            version: 1,
        };
        let event = InquiryReceived {
            inquiry_id: inquiry.id,
            number: inquiry.number.clone(),
            channel,
            name: inquiry.name.clone(),
            account_id,
            first_response_due_at: inquiry.first_response_due_at,
        };
        Change::new("create", inquiry).emit(&event)
    }
    /// The first answer.
    pub fn respond(self, said: RespondInquiry, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("respond")?;
        let RespondInquiry { channel, text } = said;
        let response = InquiryResponse { channel, text: text.into_string(), by: by.actor.clone(), at: by.at };
        Ok(Change::new("respond", Self { status: Status::Responded, response: Some(Kept(response)), ..self.next() }))
    }
    /// A supplementary question (CRM-41).
    pub fn ask(self, id: Uuid, question: String, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("ask")?;
        if self.clarifications.0.len() >= MOST_QUESTIONS {
            return Err(InquiryRule::Questions.into());
        }
        let mut next = self.next();
        next.clarifications.0.push(InquiryClarification {
            id,
            question,
            asked_by: by.actor.clone(),
            asked_at: by.at,
            answer: None,
            answered_by: None,
            answered_at: None,
        });
        Ok(Change::new("ask", next))
    }
    /// Its answer.
    pub fn answer(self, said: AnswerInquiry, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("answer")?;
        let (id, answer) = (said.clarification_id, said.answer.into_string());
        let mut next = self.next();
        let open = next.clarifications.0.iter_mut().find(|question| question.id == id && question.answer.is_none());
        let question = open.ok_or(InquiryRule::Question { id })?;
        question.answer = Some(answer.clone());
        (question.answered_by, question.answered_at) = (Some(by.actor.clone()), Some(by.at));
        let event = InquiryClarified {
            inquiry_id: next.id,
            number: next.number.clone(),
            account_id: next.account_id,
            clarification_id: id,
            question: question.question.clone(),
            answer,
        };
        Ok(Change::new("answer", next).emit(&event))
    }
    /// It became this, of this case.
    pub fn convert(
        self,
        to: InquiryTarget,
        target_id: Uuid,
        case_id: CaseId,
        by: &Stamp,
    ) -> Result<Change<Self>, Refused> {
        self.may("convert")?;
        let mut next = Self { status: Status::Converted, ended_at: Some(by.at), ..self.next() };
        (next.converted_to, next.target_id, next.case_id) = (Some(to), Some(target_id), Some(case_id));
        Ok(Change::new("convert", next))
    }
    /// Nothing comes of it.
    pub fn close(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        let next = Self { status: Status::Closed, reason: Some(reason.clone()), ended_at: Some(by.at), ..self.next() };
        Ok(Change::new("close", next).because(reason))
    }
    /// Nothing is known of whoever asked any more (CRM-31): when they did and when they were answered remains.
    pub fn scrub(self) -> Change<Self> {
        let mut next = self.next();
        (next.name, next.text) = (next.number.clone(), "—".to_owned());
        (next.contact_name, next.contact_phone, next.contact_email, next.reason) = (None, None, None, None);
        next.clarifications = Kept(Vec::new());
        if let Some(Kept(response)) = &mut next.response {
            "—".clone_into(&mut response.text);
        }
        Change::new("purge", next)
    }
    /// Was the first answer late? `None` while there is none.
    pub fn late(&self) -> Option<bool> {
        self.response.as_ref().map(|response| response.0.at > self.first_response_due_at)
    }
    /// What was asked and what was answered to our questions: the need, as a lead or an opportunity states it.
    pub fn need(&self) -> String {
        let answers = self.clarifications.0.iter().filter_map(|question| {
            let answer = question.answer.as_ref()?;
            Some(format!("{} {answer}", question.question))
        });
        let whole: Vec<String> = std::iter::once(self.text.clone()).chain(answers).collect();
        whole.join("\n").chars().take(4000).collect()
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
