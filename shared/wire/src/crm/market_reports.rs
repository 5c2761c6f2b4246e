//! Market analysis reports (市场分析报告): trends, competitors, target groups of a period (CRM-03).
use crate::{Action, Label, Moment, Name, Note, event::event, id::id, kpi::Period, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A market analysis report.
    MarketReportId
);
words!(
    /// The life of a report (CRM-03).
    MarketReportStatus {
        Draft => "draft" "草稿" "Draft",
        InReview => "in_review" "审核中" "In review",
        Published => "published" "已发布" "Published",
        Superseded => "superseded" "已被取代" "Superseded",
    }
);
words!(
    /// What a section is about; a report needs one of each (CRM-03).
    MarketSectionKind {
        Trend => "trend" "市场趋势" "Trends",
        Competitor => "competitor" "竞争对手" "Competitors",
        Segment => "segment" "目标客户群" "Target groups",
    }
);
resource!(MarketReport);

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketSection {
    pub kind: MarketSectionKind,
    pub title: Name,
    /// What it says.
    pub text: Note,
    /// Where it is known from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Label>,
}

/// A report as it is drafted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"title": "华东泵阀市场", "period": "2026-Q3", "sections": [{"kind": "trend", "title": "旧泵站改造", "text": "两年内更换约三成"}]})))]
pub struct NewMarketReport {
    pub title: Name,
    /// A year, quarter or month: `2026`, `2026-Q3`, `2026-03`.
    pub period: Period,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub sections: Vec<MarketSection>,
    /// The published report whose place it takes when it is published.
    #[serde(default)]
    pub supersedes_id: Option<MarketReportId>,
}

/// Changes a draft (RFC 7396); sections are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketReportPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50, nullable = false)]
    pub sections: Option<Vec<MarketSection>>,
}

/// A report as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MarketReport {
    pub id: MarketReportId,
    pub number: String,
    pub status: MarketReportStatus,
    pub title: String,
    pub period: String,
    pub sections: Vec<MarketSection>,
    pub supersedes_id: Option<MarketReportId>,
    /// Who wrote it: `user:ann`.
    pub author: String,
    /// Who published it or sent it back: `user:bob`.
    pub reviewer: Option<String>,
    /// Why it was sent back.
    pub reason: Option<String>,
    pub created_at: Moment,
    pub published_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A report was published (CRM-03).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MarketReportPublished {
    pub market_report_id: MarketReportId,
    pub number: String,
    pub period: String,
    pub title: String,
    pub supersedes_id: Option<MarketReportId>,
}
event!(MarketReportPublished = "crm.market_report.published.v1");
