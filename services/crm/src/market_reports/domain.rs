//! The rules of market reports (CRM-03). Pure: no async, no clock, no SQL.
use crate::schema::market_reports;
use diesel::prelude::*;
use platform::{
    Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition,
    makers::{self, Makers},
};
use serde::Serialize;
use wire::{
    Moment,
    crm::{
        MarketReportId, MarketReportPatch, MarketReportPublished, MarketReportStatus as Status, MarketSection,
        MarketSectionKind, NewMarketReport,
    },
    json::Kept,
};

/// Sections of a report at most.
const MOST_SECTIONS: usize = 50;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = market_reports, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct MarketReport {
    pub id: MarketReportId,
    pub number: String,
    pub status: Status,
    pub title: String,
    pub period: String,
    pub sections: Kept<Vec<MarketSection>>,
    pub supersedes_id: Option<MarketReportId>,
    pub author: String,
    /// Who wrote in it: none of them publishes it.
    pub makers: Makers,
    pub reviewer: Option<String>,
    pub reason: Option<String>,
    pub created_at: Moment,
    pub published_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(MarketReport, "market_report", MarketReportId; row: this, case: none, unowned);

platform::rules!(
    /// Why a report is refused.
    MarketReportRule {
        Sections { count: usize } => "market_report.sections", Invalid, "a report has at most 50 sections, not {count}", "报告最多 50 个章节，实际为 {count} 个", at "/sections";
        Reviewer => "market_report.reviewer", Forbidden, "whoever wrote in a report does not review it", "报告的作者和修改人不能审核该报告";
        Supersedes => "market_report.supersedes", Invalid, "only a published report can be superseded", "只能取代已发布的报告", at "/supersedes_id";
    }
);

impl Machine for MarketReport {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "market_report",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("submit", &["draft"], &["in_review"]),
            Transition::new("return", &["in_review"], &["draft"]),
            Transition::new("publish", &["in_review"], &["published"]),
            Transition::automatic("supersede", &["published"], &["superseded"]),
        ],
        labels: Status::labels(),
    };
    /// It is reviewed when it says something of trends, competitors and target groups.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let has = |kind| self.sections.0.iter().any(|section| section.kind == kind);
        let missing = MarketSectionKind::ALL.iter().filter(|kind| action == "submit" && !has(**kind));
        let closed = |kind: &MarketSectionKind| {
            let label = MarketSectionKind::labels().iter().find(|(code, ..)| *code == kind.as_str());
            let (chinese, english) = label.map_or(("", ""), |(_, chinese, english)| (*chinese, *english));
            Closed::new("section_missing", format!("add a section: {english}"), format!("请补充章节：{chinese}"))
                .on(kind)
        };
        missing.map(closed).collect()
    }
    /// Nobody passes what they wrote in.
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        let own = action == "publish" && makers::wrote(&self.makers, actor);
        if own { Err(MarketReportRule::Reviewer.into()) } else { Ok(()) }
    }
}

impl MarketReport {
    /// A draft; `before` is the report whose place it shall take.
    pub fn draft(
        id: MarketReportId,
        number: String,
        new: NewMarketReport,
        before: Option<&Self>,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        if before.is_some_and(|before| before.status != Status::Published) {
            return Err(MarketReportRule::Supersedes.into());
        }
        let NewMarketReport { title, period, sections, supersedes_id: _ } = new;
        let report = Self {
            id,
            number,
            status: Status::Draft,
            title: title.into_string(),
            period: period.to_string(),
            sections: Kept(few(sections)?),
            supersedes_id: before.map(|before| before.id),
            author: by.actor.clone(),
            makers: makers::begun(by),
            reviewer: None,
            reason: None,
            created_at: by.at,
            published_at: None,
            version: 1,
        };
        Ok(Change::new("create", report))
    }
    /// Changes a draft.
    pub fn update(self, patch: MarketReportPatch, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let known = self.clone();
        let mut next = self.next();
        next.title = patch.title.map_or(next.title, wire::Name::into_string);
        if let Some(sections) = patch.sections {
            next.sections = Kept(few(sections)?);
        }
        next.makers = makers::patched(&known, &next, next.makers.clone(), by);
        Ok(Change::new("update", next))
    }
    /// To be reviewed.
    pub fn submit(self) -> Result<Change<Self>, Refused> {
        self.may("submit")?;
        Ok(Change::new("submit", self.to(Status::InReview)))
    }
    /// Back to its author, who may do so too.
    pub fn send_back(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("return")?;
        let next = Self { reason: Some(reason.clone()), ..self.to(Status::Draft) };
        Ok(Change::new("return", next).because(reason))
    }
    /// Everybody may read it; by another than those who wrote in it.
    pub fn publish(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("publish")?;
        self.admits("publish", &by.actor)?;
        let next = Self {
            reviewer: Some(by.actor.clone()),
            published_at: Some(by.at),
            reason: None,
            ..self.to(Status::Published)
        };
        let event = MarketReportPublished {
            market_report_id: next.id,
            number: next.number.clone(),
            period: next.period.clone(),
            title: next.title.clone(),
            supersedes_id: next.supersedes_id,
        };
        Ok(Change::new("publish", next).emit(&event))
    }
    /// A later one takes its place.
    pub fn supersede(self) -> Result<Change<Self>, Refused> {
        self.may("supersede")?;
        Ok(Change::new("supersede", self.to(Status::Superseded)))
    }

    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn few(sections: Vec<MarketSection>) -> Result<Vec<MarketSection>, MarketReportRule> {
    let count = sections.len();
    if count <= MOST_SECTIONS { Ok(sections) } else { Err(MarketReportRule::Sections { count }) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
