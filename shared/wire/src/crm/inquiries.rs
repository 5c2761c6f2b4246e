//! Inquiries: someone asks, is answered in time, is asked back, and becomes a lead, an opportunity or a ticket (CRM-40, 41).
use crate::{
    Action, CaseId, Code, EmailAddress, Label, Moment, Name, Note, Phone,
    crm::{AccountId, OnDuplicate},
    event::event,
    id::id,
    page::page_query,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// An inquiry.
    InquiryId
);
words!(
    /// How someone asks, or is answered (CRM-40).
    InquiryChannel {
        Phone => "phone" "电话" "Phone",
        Email => "email" "邮件" "E-mail",
        Visit => "visit" "面谈" "Visit",
        Online => "online" "在线" "Online",
    }
);
words!(
    /// The life of an inquiry (CRM-40).
    InquiryStatus {
        New => "new" "新建" "New",
        Responded => "responded" "已回复" "Responded",
        Converted => "converted" "已转化" "Converted",
        Closed => "closed" "已关闭" "Closed",
    }
);
words!(
    /// What an inquiry becomes.
    InquiryTarget {
        Lead => "lead" "线索" "Lead",
        Opportunity => "opportunity" "商机" "Opportunity",
        Ticket => "ticket" "工单" "Ticket",
    }
);
resource!(Inquiry);

/// An inquiry as it comes in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"channel": "phone", "name": "晨光泵业有限公司", "contact_name": "李雷", "contact_phone": "138 0013 8000",
    "text": "卧式泵多少钱，多久能交货？"})))]
pub struct NewInquiry {
    pub channel: InquiryChannel,
    /// Company or person.
    pub name: Name,
    #[serde(default)]
    pub contact_name: Option<Name>,
    #[serde(default)]
    pub contact_phone: Option<Phone>,
    #[serde(default)]
    pub contact_email: Option<EmailAddress>,
    /// The customer, where one is known.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// What they asked.
    pub text: Note,
}

/// What they were answered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RespondInquiry {
    pub channel: InquiryChannel,
    /// What they were answered.
    pub text: Note,
}

/// A supplementary question to whoever asks (CRM-41).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskInquiry {
    pub question: Label,
}

/// Their answer to an open question.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerInquiry {
    /// Of one of its `clarifications`.
    #[schema(value_type = String, format = Uuid)]
    pub clarification_id: Uuid,
    pub answer: Note,
}

/// What it becomes. A lead or an opportunity is made of it; a ticket is aftersales', made there and named here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"to": "lead", "source": "online"})))]
pub struct ConvertInquiry {
    pub to: InquiryTarget,
    /// Code of the lead source; needed by a lead and an opportunity.
    #[serde(default)]
    pub source: Option<Code>,
    /// What to do where the lead is known already.
    #[serde(default)]
    pub on_duplicate: Option<OnDuplicate>,
    /// Which candidate to attach to or merge into; needed only where there are several.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub duplicate_of: Option<Uuid>,
    /// The customer of an opportunity, if the inquiry names none.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// The ticket, of `to` `ticket` only.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub ticket_id: Option<Uuid>,
}

/// A supplementary question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InquiryClarification {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub question: String,
    /// Who put the question down: `user:ann`.
    pub asked_by: String,
    pub asked_at: Moment,
    pub answer: Option<String>,
    pub answered_by: Option<String>,
    pub answered_at: Option<Moment>,
}

/// The first answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InquiryResponse {
    pub channel: InquiryChannel,
    /// What they were answered.
    pub text: String,
    pub by: String,
    pub at: Moment,
}

/// An inquiry as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Inquiry {
    pub id: InquiryId,
    pub number: String,
    pub status: InquiryStatus,
    pub channel: InquiryChannel,
    pub name: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    pub account_id: Option<AccountId>,
    /// What they asked.
    pub text: String,
    /// Four working hours after it came in.
    pub first_response_due_at: Moment,
    pub calendar_id: String,
    pub response: Option<InquiryResponse>,
    /// Was the first answer late? Absent while there is none.
    pub late: Option<bool>,
    pub clarifications: Vec<InquiryClarification>,
    pub converted_to: Option<InquiryTarget>,
    /// Id of the lead, opportunity or ticket that it became.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub target_id: Option<Uuid>,
    /// Of what it became.
    pub case_id: Option<CaseId>,
    /// Why it was closed.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub ended_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which inquiries.
    InquiryQuery {
        /// Only by this channel.
        #[param(max_length = 64)]
        channel: String,
        /// Only of this customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: Uuid,
    }
);

/// Someone asks (CRM-40).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InquiryReceived {
    pub inquiry_id: InquiryId,
    pub number: String,
    pub channel: InquiryChannel,
    pub name: String,
    pub account_id: Option<AccountId>,
    pub first_response_due_at: Moment,
}
event!(InquiryReceived = "crm.inquiry.received.v1");

/// A supplementary question was answered (CRM-41).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InquiryClarified {
    pub inquiry_id: InquiryId,
    pub number: String,
    pub account_id: Option<AccountId>,
    /// Of one of the inquiry's `clarifications`.
    #[schema(value_type = String, format = Uuid)]
    pub clarification_id: Uuid,
    pub question: String,
    pub answer: String,
}
event!(InquiryClarified = "crm.inquiry.clarified.v1");
