//! What a numbering rule is and how it may be changed. Pure: the drawing itself is one function of the database.
use crate::{Change, Entity, Stamp, schema::number_rules};
use diesel::prelude::*;
use serde::Serialize;
use wire::{
    CaseId, Day, Moment, Ownership,
    numbering::{NumberingDate, NumberingId, NumberingPatch, NumberingReset},
};

/// The latest rule of a kind, as it was decided; it may not have begun.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = number_rules, treat_none_as_null = true)]
pub struct NumberRule {
    pub id: NumberingId,
    pub kind: String,
    pub prefix: String,
    pub gapless: bool,
    /// Digits, filled up with zeros.
    pub width: i32,
    pub reset: NumberingReset,
    pub date_part: NumberingDate,
    /// Since ever, if absent.
    pub effective_from: Option<Day>,
    pub changed_by: String,
    pub changed_at: Moment,
    pub reason: Option<String>,
    pub version: i32,
}

impl Entity for NumberRule {
    const KIND: &'static str = "numbering";
    type Id = NumberingId;
    fn id(&self) -> NumberingId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "decided"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

crate::rules!(
    /// Why a change of a numbering rule is refused.
    NumberingRule {
        Prefix => "numbering.prefix", Invalid, "a prefix is 1 to 8 capital letters A to Z", "前缀应为 1 至 8 个大写字母 A 至 Z", at "/prefix";
        PrefixTaken { prefix: String, kind: String } => "numbering.prefix_taken", Conflict, "{prefix} is or was the prefix of {kind}: two documents could get one number", "前缀 {prefix} 已用于 {kind}，可能造成编号重复", at "/prefix";
        Width => "numbering.width", Invalid, "a number has 1 to 12 digits", "流水号位数应为 1 至 12 位", at "/width";
        Coarse { reset: NumberingReset, date: NumberingDate } => "numbering.date_part", Invalid, "counting that starts anew ({reset}) needs a date at least as fine in the number, not {date}: numbers would come twice", "按 {reset} 重新计数时，编号中的日期须同样精细（现为 {date}），否则编号会重复", at "/date_part";
        GaplessByLaw { kind: String } => "numbering.gapless_by_law", Conflict, "numbers of {kind} must have no gaps; this cannot be switched off", "{kind} 编号依规必须连续，不能关闭", at "/gapless";
        Past { today: Day } => "numbering.in_the_past", Invalid, "a rule begins today ({today}) or later: numbers that were given stay as they are", "规则最早自今日（{today}）起生效，已编号的单据不变", at "/effective_from";
        Unchanged => "numbering.unchanged", Invalid, "this is the rule already", "规则没有变化";
    }
);

impl NumberRule {
    /// What else the kind's rules were: by law gapless, whose prefixes are taken.
    pub fn change(
        self,
        patch: NumberingPatch,
        known: &Known,
        today: Day,
        by: &Stamp,
    ) -> Result<Change<Self>, NumberingRule> {
        let NumberingPatch { prefix, width, reset, date_part, gapless, effective_from, reason } = patch;
        let next = Self {
            prefix: prefix.unwrap_or_else(|| self.prefix.clone()),
            width: width.map_or(self.width, i32::from),
            reset: reset.unwrap_or(self.reset),
            date_part: date_part.unwrap_or(self.date_part),
            gapless: gapless.unwrap_or(self.gapless),
            effective_from: Some(effective_from.unwrap_or(today)),
            changed_by: by.actor.clone(),
            changed_at: by.at,
            reason: Some(reason.to_string()),
            version: self.version + 1,
            ..self.clone()
        };
        next.check(known)?;
        if effective_from.is_some_and(|day| day < today) {
            return Err(NumberingRule::Past { today });
        }
        if self.shape() == next.shape() {
            return Err(NumberingRule::Unchanged);
        }
        Ok(Change::new("update", next).because(reason.to_string()))
    }

    fn check(&self, known: &Known) -> Result<(), NumberingRule> {
        let letters = self.prefix.bytes().all(|byte| byte.is_ascii_uppercase());
        if !letters || !(1..=8).contains(&self.prefix.len()) {
            return Err(NumberingRule::Prefix);
        }
        if let Some((kind, prefix)) =
            known.prefixes.iter().find(|(kind, prefix)| *kind != self.kind && *prefix == self.prefix)
        {
            return Err(NumberingRule::PrefixTaken { prefix: prefix.clone(), kind: kind.clone() });
        }
        if !(1..=12).contains(&self.width) {
            return Err(NumberingRule::Width);
        }
        let fine = match self.reset {
            NumberingReset::Never => true,
            NumberingReset::Yearly => self.date_part != NumberingDate::None,
            NumberingReset::Monthly => self.date_part == NumberingDate::Month,
        };
        if !fine {
            return Err(NumberingRule::Coarse { reset: self.reset, date: self.date_part });
        }
        if known.gapless_by_law && !self.gapless {
            return Err(NumberingRule::GaplessByLaw { kind: self.kind.clone() });
        }
        Ok(())
    }

    fn shape(&self) -> (&str, bool, i32, NumberingReset, NumberingDate) {
        (&self.prefix, self.gapless, self.width, self.reset, self.date_part)
    }

    /// The first number that the rule would give on this day.
    pub fn example(&self, day: Day) -> String {
        let date = match self.date_part {
            NumberingDate::None => String::new(),
            NumberingDate::Year => format!("-{:04}", day.0.year()),
            NumberingDate::Month => format!("-{:04}{:02}", day.0.year(), day.0.month()),
        };
        let width = usize::try_from(self.width).unwrap_or(0);
        format!("{}{date}-{:0width$}", self.prefix, 1)
    }
}

/// What a change must respect besides the rule itself.
#[derive(Debug, Default)]
pub struct Known {
    /// `(kind, prefix)` of every rule that there is or was.
    pub prefixes: Vec<(String, String)>,
    /// The kind came without gaps: the law or its practice wants it so (ruling 10).
    pub gapless_by_law: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn rule() -> NumberRule {
        NumberRule {
            id: uuid::Uuid::now_v7().into(),
            kind: "contract".into(),
            prefix: "CT".into(),
            gapless: true,
            width: 6,
            reset: NumberingReset::Yearly,
            date_part: NumberingDate::Year,
            effective_from: None,
            changed_by: "yewu".into(),
            changed_at: "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap().into(),
            reason: None,
            version: 1,
        }
    }
    fn change(patch: Value) -> Result<NumberRule, NumberingRule> {
        let mut patch = patch;
        patch["reason"] = json!("档案室要求");
        let known = Known {
            prefixes: vec![("contract".into(), "CT".into()), ("receipt".into(), "RC".into())],
            gapless_by_law: true,
        };
        let at: jiff::Timestamp = "2026-07-01T01:00:00Z".parse().unwrap();
        let by = Stamp { at: at.into(), actor: "user:ops-1".into(), ownership: Ownership::default() };
        let patch = serde_json::from_value(patch).unwrap();
        rule().change(patch, &known, "2026-07-01".parse().unwrap(), &by).map(|change| change.after().clone())
    }

    #[test]
    fn plt_05_a_rule_changes_from_a_day_on_and_keeps_the_rest() {
        let next = change(json!({"prefix": "HT", "reset": "monthly", "date_part": "month", "width": 4})).unwrap();
        assert_eq!(next.example("2026-07-02".parse().unwrap()), "HT-202607-0001");
        assert_eq!((next.version, next.gapless, next.effective_from), (2, true, "2026-07-01".parse().ok()));
        let later = change(json!({"reset": "never", "date_part": "none", "effective_from": "2027-01-01"})).unwrap();
        assert_eq!(later.example("2027-01-01".parse().unwrap()), "CT-000001");
        assert_eq!(later.effective_from, "2027-01-01".parse().ok());
    }

    #[test]
    fn plt_05_what_would_give_a_number_twice_or_leave_a_gap_is_refused() {
        use NumberingDate as D;
        use NumberingReset as R;
        for prefix in ["", "ct", "C-T", "ABCDEFGHI", "合同"] {
            assert_eq!(change(json!({"prefix": prefix})).unwrap_err(), NumberingRule::Prefix, "{prefix}");
        }
        assert!(change(json!({"prefix": "ABCDEFGH"})).is_ok());
        for (width, fine) in [(0, false), (1, true), (12, true), (13, false)] {
            assert_eq!(change(json!({"width": width})).is_ok(), fine, "{width}");
        }
        assert!(matches!(change(json!({"prefix": "RC"})), Err(NumberingRule::PrefixTaken { .. })));
        for (reset, date_part) in [(R::Yearly, D::None), (R::Monthly, D::None), (R::Monthly, D::Year)] {
            assert_eq!(
                change(json!({"reset": reset, "date_part": date_part})).unwrap_err(),
                NumberingRule::Coarse { reset, date: date_part }
            );
        }
        assert!(matches!(change(json!({"gapless": false})), Err(NumberingRule::GaplessByLaw { .. })));
        let past = change(json!({"prefix": "HT", "effective_from": "2026-06-30"}));
        assert!(matches!(past, Err(NumberingRule::Past { .. })));
        assert!(change(json!({"prefix": "HT", "effective_from": "2026-07-01"})).is_ok());
        assert_eq!(change(json!({"prefix": "CT"})).unwrap_err(), NumberingRule::Unchanged);
    }
}
