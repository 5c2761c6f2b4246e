//! Onboarding: a new customer's registration with identity papers, checked by several eyes (CRM-42 … CRM-47, CRM-49).
//! Numbers of papers come in and never go out again: they are shown by their last four characters.
use crate::{
    Action, Code, Day, Label, Moment, Name,
    crm::{AccountId, PartyType},
    id::id,
    resource::resource,
    snapshot::snapshots,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A registration of a customer.
    OnboardingApplicationId
);
words!(
    /// The life of a registration (CRM-42 … CRM-49).
    OnboardingStatus {
        Preparing => "preparing" "资料准备中" "Preparing",
        Submitted => "submitted" "已提交" "Submitted",
        Entered => "entered" "已录入" "Entered",
        AutoChecked => "auto_checked" "系统初审通过" "Checked by the system",
        Returned => "returned" "已退回" "Returned",
        InReview => "in_review" "复核中" "In review",
        CrossChecked => "cross_checked" "已复核" "Cross-checked",
        DocumentsVerified => "documents_verified" "资料已核验" "Papers verified",
        Approved => "approved" "已批准" "Approved",
        Rejected => "rejected" "已驳回" "Rejected",
        Corrected => "corrected" "补正中" "Being corrected",
        Completed => "completed" "注册完成" "Completed",
        Withdrawn => "withdrawn" "已撤回" "Withdrawn",
    }
);
words!(
    /// Kinds of identity papers (CRM-42).
    OnboardingPaper {
        ResidentId => "resident_id" "居民身份证" "Resident identity card",
        HouseholdRegister => "household_register" "户口本" "Household register",
        ResidencePermit => "residence_permit" "居住证" "Residence permit",
        Passport => "passport" "护照" "Passport",
        BusinessLicence => "business_licence" "营业执照" "Business licence",
        PowerOfAttorney => "power_of_attorney" "授权委托书" "Power of attorney",
    }
);
words!(
    /// What the system's check finds wrong (CRM-44).
    OnboardingFault {
        PaperMissing => "paper_missing" "缺少身份证件或营业执照" "The paper that says who it is is missing",
        PaperExpired => "paper_expired" "证件已过期" "A paper has expired",
        ResidentIdInvalid => "resident_id_invalid" "身份证号码校验不通过" "The number of an identity card is not valid",
        CreditCodeMissing => "credit_code_missing" "缺少统一社会信用代码" "The unified social credit code is missing",
        CreditCodeInvalid => "credit_code_invalid" "统一社会信用代码校验不通过" "The unified social credit code is not valid",
        CreditCodeDiffers => "credit_code_differs" "信用代码与营业执照不一致" "The credit code is not that of the licence",
        NameDiffers => "name_differs" "录入名称与证件不一致" "The name entered is not that of the paper",
        PhoneIncomplete => "phone_incomplete" "联系电话不完整" "The phone number is not complete",
    }
);
resource!(OnboardingApplication);

/// A registration as it begins: for a customer that is known, usually a prospect.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "party_type": "org", "applicant_name": "晨光泵业有限公司"})))]
pub struct NewOnboardingApplication {
    pub account_id: AccountId,
    pub party_type: PartyType,
    /// As the customer writes it.
    pub applicant_name: Name,
}

/// Changes what is being prepared or corrected (RFC 7396): what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnboardingApplicationPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub party_type: Option<PartyType>,
    /// As the customer writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub applicant_name: Option<Name>,
}

/// A paper with its copy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "business_licence", "holder_name": "晨光泵业有限公司", "number": "91350100M000100Y43",
    "attachment_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ad"})))]
pub struct AddOnboardingDocument {
    pub kind: OnboardingPaper,
    /// Whose it is, as it is written on it.
    pub holder_name: Name,
    /// Kept sealed, shown by its last four characters.
    pub number: Code,
    /// Its last day, in China.
    #[serde(default)]
    pub expires_on: Option<Day>,
    /// The copy, uploaded before.
    #[schema(value_type = String, format = Uuid)]
    pub attachment_id: Uuid,
}

/// A paper of the registration.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveOnboardingDocument {
    /// Of one of the application's `documents`.
    #[schema(value_type = String, format = Uuid)]
    pub document_id: Uuid,
}

/// What staff enter of the customer (CRM-43).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "晨光泵业有限公司", "phone": "021-5555 0101", "address": "上海市浦东新区张江路 1 号",
    "credit_code": "91350100M000100Y43"})))]
pub struct OnboardingEntry {
    /// As the paper has it.
    pub name: Name,
    pub phone: Code,
    /// In one line, as the post wants it.
    pub address: Label,
    /// Unified social credit code (GB 32100), of an organisation.
    #[serde(default)]
    pub credit_code: Option<Code>,
}

/// A colleague of another department has compared what was entered with the papers (CRM-45).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewOnboarding {
    /// If not, it goes back.
    pub passed: bool,
    /// Needed where it did not pass.
    #[serde(default)]
    pub comment: Option<Label>,
}

/// The original of one paper was held against its copy (CRM-46).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyOnboardingDocument {
    /// Of one of the application's `documents`.
    #[schema(value_type = String, format = Uuid)]
    pub document_id: Uuid,
    /// The original was seen and the copy agrees with it.
    pub original_seen: bool,
    /// As the original has it.
    pub number: Code,
}

/// A paper that was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnboardingVerification {
    /// The original was seen and the copy agrees with it.
    pub original_seen: bool,
    pub by: String,
    pub at: Moment,
}

/// A paper as it is shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OnboardingDocument {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub kind: OnboardingPaper,
    /// Whose it is, as it is written on it.
    pub holder_name: String,
    /// The last four characters of the number, the others as `*`.
    pub masked_number: String,
    pub expires_on: Option<Day>,
    #[schema(value_type = String, format = Uuid)]
    pub attachment_id: Uuid,
    pub verification: Option<OnboardingVerification>,
}

/// Something that the system's check found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnboardingReason {
    pub fault: OnboardingFault,
    /// The paper that it is about.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub document_id: Option<Uuid>,
}

/// One check by the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnboardingCheck {
    pub at: Moment,
    /// Empty where it passed.
    pub reasons: Vec<OnboardingReason>,
}

/// One review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnboardingReview {
    /// Who compared: `user:ann`.
    pub reviewer: String,
    /// Code of the reviewer's department.
    pub department: String,
    /// If not, it went back.
    pub passed: bool,
    /// What is wrong, where it did not pass.
    pub comment: Option<String>,
    pub at: Moment,
}

/// A registration as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OnboardingApplication {
    pub id: OnboardingApplicationId,
    pub number: String,
    pub status: OnboardingStatus,
    pub account_id: AccountId,
    pub party_type: PartyType,
    /// As the customer writes it.
    pub applicant_name: String,
    pub documents: Vec<OnboardingDocument>,
    pub entry: Option<OnboardingEntry>,
    /// Who entered it, and of which department.
    pub maker: Option<String>,
    /// Code of the department of whoever entered it; another one has to review it (CRM-45).
    pub maker_department: Option<String>,
    /// All checks by the system, oldest first.
    pub checks: Vec<OnboardingCheck>,
    /// All reviews, oldest first.
    pub reviews: Vec<OnboardingReview>,
    /// How often it was submitted.
    pub round: i32,
    /// Why it was returned, rejected or withdrawn.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub completed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A step of a registration; what it says of papers is nothing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OnboardingStep {
    pub onboarding_application_id: OnboardingApplicationId,
    pub number: String,
    pub account_id: AccountId,
    pub status: OnboardingStatus,
    /// How often it was submitted.
    pub round: i32,
    /// Why it was returned, rejected or withdrawn.
    pub reason: Option<String>,
}
snapshots!(OnboardingStep =>
    /// The application with its papers came in (CRM-42), or again after a correction.
    OnboardingSubmitted = "crm.onboarding.submitted.v1",
    /// Staff entered it (CRM-43).
    OnboardingEntered = "crm.onboarding.entered.v1",
    /// The system has checked it: `status` says whether it passed or went back (CRM-44).
    OnboardingAutoChecked = "crm.onboarding.auto_checked.v1",
    /// Another department agrees (CRM-45).
    OnboardingCrossChecked = "crm.onboarding.cross_checked.v1",
    /// The originals were seen (CRM-46).
    OnboardingDocumentsVerified = "crm.onboarding.documents_verified.v1",
    /// The supervisor's yes (CRM-47).
    OnboardingApproved = "crm.onboarding.approved.v1",
    /// The supervisor's no, with its reason (CRM-47).
    OnboardingRejected = "crm.onboarding.rejected.v1",
    /// The card is active, the customer too (CRM-49).
    OnboardingCompleted = "crm.onboarding.completed.v1",
    /// Nobody wants it any more, or nothing is known of the customer any more.
    OnboardingWithdrawn = "crm.onboarding.withdrawn.v1",
);
