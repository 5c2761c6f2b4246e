//! What an application lacks (CRM-54, 55): 422 that names every field at once, so that nobody mends them one by one.
use platform::{Kind, Language, Rule};
use wire::{FieldError, crm::ProjectApplication};

/// Everything an application must say, by its field: English and Chinese name.
const MANDATORY: &[(&str, &str, &str)] = &[
    ("name", "name", "项目名称"),
    ("applicant_title", "position of the applicant", "申请人职务"),
    ("background", "background", "项目背景"),
    ("goals", "goals with figures", "量化目标"),
    ("scope", "scope", "项目范围"),
    ("expected_benefit", "expected benefit", "预期收益"),
    ("staffing", "people that it needs", "人力需求"),
    ("budget", "budget", "预算"),
    ("milestones", "milestones", "里程碑"),
    ("total_days", "total duration", "总周期"),
    ("risks", "first look at the risks", "风险初步评估"),
    ("core_team", "core team", "核心团队"),
];

/// An application is not complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incomplete {
    /// The fields, in the order of the form.
    pub fields: Vec<&'static str>,
}

impl Incomplete {
    /// For the documentation.
    pub const CODES: &'static [(&'static str, &'static str, &'static str)] =
        &[("project_initiation.incomplete", "the application is not complete", "立项申请填写不完整")];

    /// Refuses an application that lacks anything.
    pub fn check(application: &ProjectApplication) -> Result<(), Self> {
        let ProjectApplication {
            name,
            applicant_title,
            background,
            goals,
            scope,
            expected_benefit,
            staffing,
            budget,
            milestones,
            total_days,
            risks,
            core_team,
        } = application;
        let there = [
            name.is_some(),
            applicant_title.is_some(),
            background.is_some(),
            !goals.is_empty(),
            scope.is_some(),
            expected_benefit.is_some(),
            !staffing.is_empty(),
            budget.is_some(),
            !milestones.is_empty(),
            total_days.is_some(),
            !risks.is_empty(),
            !core_team.is_empty(),
        ];
        let missing = MANDATORY.iter().zip(there).filter(|(_, there)| !there);
        let fields: Vec<&'static str> = missing.map(|((field, _, _), _)| *field).collect();
        if fields.is_empty() { Ok(()) } else { Err(Self { fields }) }
    }
    fn labels(&self, language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
        let named = MANDATORY.iter().filter(|(field, _, _)| self.fields.contains(field));
        named.map(move |(field, english, chinese)| (*field, language.pick(*chinese, *english)))
    }
}
impl std::fmt::Display for Incomplete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
impl std::error::Error for Incomplete {}
impl Rule for Incomplete {
    fn code(&self) -> &'static str {
        "project_initiation.incomplete"
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn text(&self, language: Language) -> String {
        let labels: Vec<&str> = self.labels(language).map(|(_, label)| label).collect();
        language.pick(
            format!("立项申请缺少：{}", labels.join("、")),
            format!("the application lacks: {}", labels.join(", ")),
        )
    }
    fn fields(&self, language: Language) -> Vec<FieldError> {
        let error = |(field, label): (&str, &str)| FieldError {
            pointer: format!("/application/{field}"),
            code: self.code().to_owned(),
            message: language.pick(format!("请填写{label}"), format!("say the {label}")),
        };
        self.labels(language).map(error).collect()
    }
}
