//! Research into what the customer needs: by questionnaire, meeting or site visit (CRM-16).
use crate::{
    Action, CaseId, Day, Moment, Name, Note,
    crm::{OpportunityId, SpecField},
    event::event,
    id::id,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A survey of requirements.
    RequirementSurveyId,
);
words!(
    /// The life of a survey (CRM-16).
    RequirementSurveyStatus {
        Planned => "planned" "已计划" "Planned",
        Conducted => "conducted" "已开展" "Conducted",
        Recorded => "recorded" "已记录" "Recorded",
    }
);
words!(
    /// How requirements are researched (CRM-16).
    SurveyMethod {
        Questionnaire => "questionnaire" "问卷" "Questionnaire",
        Meeting => "meeting" "会议" "Meeting",
        SiteVisit => "site_visit" "现场考察" "Site visit",
    }
);
words!(
    /// For whom someone takes part.
    SurveySide {
        Ours => "ours" "我方" "Ours",
        Customer => "customer" "客户方" "The customer's",
    }
);
resource!(RequirementSurvey);

/// Someone who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyAttendee {
    pub name: Name,
    pub side: SurveySide,
    /// What they do there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Name>,
}

/// What was found out about one field; a field may have several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequirementSurveyAnswer)]
pub struct SurveyAnswer {
    pub field: SpecField,
    pub answer: Note,
}

/// A survey as it is planned.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"opportunity_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "method": "site_visit", "planned_on": "2026-12-31",
    "attendees": [{"name": "李雷", "side": "customer", "title": "设备科长"}]})))]
pub struct NewRequirementSurvey {
    pub opportunity_id: OpportunityId,
    pub method: SurveyMethod,
    /// The day in China.
    pub planned_on: Day,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub attendees: Vec<SurveyAttendee>,
}

/// Changes a planned survey; attendees are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementSurveyPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub method: Option<SurveyMethod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub planned_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50, nullable = false)]
    pub attendees: Option<Vec<SurveyAttendee>>,
}

/// It has taken place: when, and who was there (somebody of the customer at least).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConductRequirementSurvey {
    /// Not in the future.
    pub conducted_on: Day,
    #[schema(min_items = 1, max_items = 50)]
    pub attendees: Vec<SurveyAttendee>,
}

/// What was found out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRequirementSurvey {
    #[schema(min_items = 1, max_items = 100)]
    pub answers: Vec<SurveyAnswer>,
}

/// A survey as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequirementSurvey {
    pub id: RequirementSurveyId,
    pub status: RequirementSurveyStatus,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub method: SurveyMethod,
    pub planned_on: Day,
    pub conducted_on: Option<Day>,
    pub attendees: Vec<SurveyAttendee>,
    pub answers: Vec<SurveyAnswer>,
    /// Fields that a survey asks about and that have no answer here.
    pub unanswered: Vec<SpecField>,
    pub recorded_by: Option<String>,
    pub recorded_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// What a survey found out is written down (CRM-16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequirementSurveyRecorded {
    pub requirement_survey_id: RequirementSurveyId,
    pub opportunity_id: OpportunityId,
    pub method: SurveyMethod,
    pub unanswered: Vec<SpecField>,
}
event!(RequirementSurveyRecorded = "crm.requirement_survey.recorded.v1");
