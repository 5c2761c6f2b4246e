//! Leads: people and companies who may need something (CRM-01, 07, 08, 09, 13).
use crate::{
    Action, CaseId, Code, Day, EmailAddress, ExternalRef, Label, Moment, Money, Name, Note, Patched, Phone, Snapshot,
    crm::{AccountId, ContactId, LeadScore, OpportunityId, PoolReason},
    event::event,
    id::id,
    page::page_query,
    resource::resource,
    snapshot::snapshots,
    words::words,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A lead.
    LeadId
);
words!(
    /// The life of a lead (CRM-01).
    LeadStatus {
        New => "new" "新建" "New",
        Screened => "screened" "已筛选" "Screened",
        Contacted => "contacted" "已联系" "Contacted",
        Qualified => "qualified" "有效商机" "Qualified",
        Converted => "converted" "已转化" "Converted",
        Disqualified => "disqualified" "已淘汰" "Disqualified",
        Pooled => "pooled" "公海" "Pooled",
        Merged => "merged" "已合并" "Merged into another one",
    }
);
words!(
    /// Who may need something.
    PartyType {
        Organisation => "org" "企业" "Organisation",
        Person => "person" "个人" "Person",
    }
);
words!(
    /// How screening sorts leads (CRM-08).
    LeadClass {
        A => "a" "重点" "A: work on it first",
        B => "b" "一般" "B: worth the work",
        C => "c" "观察" "C: keep an eye on it",
    }
);
words!(
    /// What screening says (CRM-08).
    ScreeningResult {
        Pass => "pass" "通过" "Pass",
        Reject => "reject" "淘汰" "Reject",
    }
);
words!(
    /// How a lead was spoken to (CRM-12).
    ContactChannel {
        Phone => "phone" "电话" "Phone",
        Email => "email" "邮件" "E-mail",
        Visit => "visit" "拜访" "Visit",
    }
);
words!(
    /// What to do where a lead is known already (CRM-07).
    OnDuplicate {
        Refuse => "refuse" "拒绝" "Refuse, naming the candidates",
        Create => "create" "仍然新建" "Make a lead nevertheless",
        Attach => "attach" "归入现有客户" "Make a lead of the customer that is known",
        Merge => "merge" "并入现有线索" "Add to the open lead that is known",
    }
);
resource!(Lead);
words!(
    /// Orders in which leads are listed.
    LeadSort {
        Newest => "newest" "最新优先" "Newest first",
        Oldest => "oldest" "最早优先" "Oldest first",
        Score => "score" "评分从高到低" "Highest score first",
    }
);
page_query!(
    /// Filters of leads.
    LeadQuery {
        /// The order; `newest` if absent. All pages of a list are asked for with the same one.
        #[param(inline)]
        sort: LeadSort,
        /// Words in any order, or parts of them: of the name, how it sounds, whom to ask there, phone, e-mail or number.
        #[param(max_length = 200)]
        q: String,
        /// Only those that came by this channel: the code of a lead source.
        #[param(max_length = 64)]
        source: String,
        /// Only of this class.
        #[param(inline)]
        class: LeadClass,
        /// Only those of this person: a reference of the directory.
        #[param(max_length = 128)]
        owner_id: String,
        /// Only those taken in on this day or later, by the calendar of China.
        #[param(value_type = Option<String>, format = Date)]
        created_from: Day,
        /// Only those taken in on this day or earlier, by the calendar of China.
        #[param(value_type = Option<String>, format = Date)]
        created_to: Day,
    }
);

fn refuse() -> OnDuplicate {
    OnDuplicate::Refuse
}

/// A lead as it comes in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"party_type": "org", "name": "晨光泵业有限公司", "contact_name": "李雷", "contact_phone": "138 0013 8000",
    "source": "exhibition", "need": "二期泵站需要 12 台卧式泵"})))]
pub struct NewLead {
    pub party_type: PartyType,
    pub name: Name,
    #[serde(default)]
    pub contact_name: Option<Name>,
    #[serde(default)]
    pub contact_phone: Option<Phone>,
    #[serde(default)]
    pub contact_email: Option<EmailAddress>,
    /// Where they are, in words that segments and assignment rules compare.
    #[serde(default)]
    pub region: Option<Name>,
    /// Code of a lead source in effect.
    pub source: Code,
    /// Who referred it: required where the source is a referral (CRM-06).
    #[serde(default)]
    pub referrer_account_id: Option<AccountId>,
    #[serde(default)]
    pub need: Option<Note>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
    #[serde(default = "refuse")]
    pub on_duplicate: OnDuplicate,
    /// Which candidate to attach to or merge into; needed only where there are several.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub duplicate_of: Option<Uuid>,
}

/// Changes a lead that is being worked on (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Name>)]
    pub contact_name: Patched<Name>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Phone>)]
    pub contact_phone: Patched<Phone>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<EmailAddress>)]
    pub contact_email: Patched<EmailAddress>,
    /// Where they are, in words that segments and assignment rules compare.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Name>)]
    pub region: Patched<Name>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub need: Patched<Note>,
}

/// The first look (CRM-08): passes need a class, rejections a reason.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreenLead {
    pub result: ScreeningResult,
    #[serde(default)]
    pub class: Option<LeadClass>,
    #[serde(default)]
    pub reason: Option<Label>,
}

/// A talk that took place; what came of it is mandatory (CRM-12).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactLead {
    pub channel: ContactChannel,
    pub outcome: Label,
}

/// The need is clear and meant (CRM-13).
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualifyLead {
    /// May be left out where the lead has one.
    #[serde(default)]
    pub need: Option<Note>,
}

/// Makes customer, contact and opportunity of a qualified lead, all at once (CRM-13).
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertLead {
    /// An existing customer; otherwise the one the lead is attached to, otherwise a new one.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// Whom to ask there; the lead's contact if absent.
    #[serde(default)]
    pub contact_name: Option<Name>,
    /// The lead's name if absent.
    #[serde(default)]
    pub opportunity_name: Option<Name>,
    #[serde(default)]
    pub amount: Option<Money>,
    #[serde(default)]
    pub expected_close: Option<Day>,
}

/// It is the same as another one, which takes over what it has (CRM-07).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"into_id": "01930000-0000-7000-8000-00000000ffff", "reason": "同一家公司"})))]
pub struct MergeLead {
    /// The one that stays.
    pub into_id: LeadId,
    pub reason: Label,
}

/// A talk with a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadTouch {
    pub channel: ContactChannel,
    pub outcome: String,
    pub by: String,
    pub at: Moment,
}

/// A lead as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Lead {
    pub id: LeadId,
    pub number: String,
    pub status: LeadStatus,
    pub case_id: CaseId,
    pub party_type: PartyType,
    pub name: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    /// Where they are, in words that segments and assignment rules compare.
    pub region: Option<String>,
    /// Code of the lead source that it came by.
    pub source: String,
    pub referrer_account_id: Option<AccountId>,
    pub need: Option<String>,
    pub class: Option<LeadClass>,
    pub score: Option<LeadScore>,
    pub touches: Vec<LeadTouch>,
    /// Why it was rejected, disqualified or pooled.
    pub reason: Option<String>,
    /// The customer it belongs to or became.
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    pub opportunity_id: Option<OpportunityId>,
    pub external_refs: Vec<ExternalRef>,
    /// The lead that it was merged into.
    pub merged_into_id: Option<LeadId>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    /// When somebody worked on it last: took it in, changed it, spoke with it, claimed it.
    pub touched_at: Moment,
    /// When its holder was warned that it goes back to the pool.
    pub warned_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A lead at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeadSnapshot {
    pub id: LeadId,
    pub number: String,
    pub case_id: CaseId,
    pub name: String,
    /// Code of the lead source that it came by.
    pub source: String,
    /// Its state then, a word of its state machine.
    pub status: String,
    pub class: Option<LeadClass>,
    /// 0 to 100, two decimals.
    #[schema(value_type = Option<String>)]
    pub score: Option<Decimal>,
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    pub opportunity_id: Option<OpportunityId>,
    pub version: i32,
}
impl Snapshot for LeadSnapshot {
    const KIND: &'static str = "lead";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(LeadSnapshot =>
    /// Someone may need something (CRM-01, 07).
    LeadCreated = "crm.lead.created.v1",
    /// It looks like one that is known, and was taken in knowingly (CRM-07).
    LeadDuplicateDetected = "crm.lead.duplicate_detected.v1",
    /// What is known of it changed; segments look at it anew (CRM-05).
    LeadUpdated = "crm.lead.updated.v1",
    /// The first look was taken (CRM-08).
    LeadScreened = "crm.lead.screened.v1",
    /// It was rated (CRM-09).
    LeadScored = "crm.lead.scored.v1",
    /// It was spoken to (CRM-12).
    LeadContacted = "crm.lead.contacted.v1",
    /// Its need is clear and meant.
    LeadQualified = "crm.lead.qualified.v1",
    /// It became customer, contact and opportunity (CRM-13).
    LeadConverted = "crm.lead.converted.v1",
    /// Nothing will come of it.
    LeadDisqualified = "crm.lead.disqualified.v1",
    /// Someone took it out of the pool.
    LeadClaimed = "crm.lead.claimed.v1",
);

/// Nobody works on it for now.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeadPooled {
    #[serde(flatten)]
    pub lead: LeadSnapshot,
    pub reason_code: PoolReason,
    /// Who held it until now.
    pub holder: Option<String>,
}
event!(LeadPooled = "crm.lead.pooled.v1");

/// Its holder has not worked on it for long: it goes back to the pool.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeadIdleWarned {
    pub id: LeadId,
    pub number: String,
    /// Whose it is still: a reference of the directory.
    pub holder: Option<String>,
    /// When, if nobody works on it until then.
    pub due_at: Moment,
    pub version: i32,
}
event!(LeadIdleWarned = "crm.lead.idle_warned.v1");

/// It was the same as another one, which has taken over what it had (CRM-07).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeadMerged {
    pub id: LeadId,
    pub number: String,
    pub case_id: CaseId,
    pub into_id: LeadId,
    /// Number of the lead that stays.
    pub into_number: String,
    pub into_case_id: CaseId,
    pub version: i32,
}
event!(LeadMerged = "crm.lead.merged.v1");
