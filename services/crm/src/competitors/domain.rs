//! The rules of competitors (CRM-04). Pure: no async, no clock, no SQL.
use crate::{names::name_key, schema::competitors};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Moment,
    crm::{
        CompetitorId, CompetitorPatch, CompetitorPrice, CompetitorStatus as Status, CompetitorUpdated, NewCompetitor,
    },
    json::Kept,
};

/// Prices of a competitor at most.
const MOST_PRICES: usize = 100;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = competitors, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Competitor {
    pub id: CompetitorId,
    pub status: Status,
    pub name: String,
    pub name_key: String,
    pub strengths: Option<String>,
    pub weaknesses: Option<String>,
    pub prices: Kept<Vec<CompetitorPrice>>,
    pub note: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Competitor, "competitor", CompetitorId; row: this, case: none, unowned);

platform::rules!(
    /// Why a competitor is refused.
    CompetitorRule {
        Prices { count: usize } => "competitor.prices", Invalid, "at most 100 prices are kept, not {count}", "最多保存 100 条价格，实际为 {count} 条", at "/prices";
        Known { name: String } => "competitor.known", Conflict, "{name} is known already", "{name} 已存在", at "/name";
    }
);

impl Machine for Competitor {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "competitor",
        transitions: &[
            Transition::new("update", &["active"], &["active"]),
            Transition::new("archive", &["active"], &["archived"]),
            Transition::new("restore", &["archived"], &["active"]),
        ],
        labels: Status::labels(),
    };
}

impl Competitor {
    /// A competitor becomes known; `known` is one that is called the same.
    pub fn add(
        id: CompetitorId,
        new: NewCompetitor,
        known: Option<&Self>,
        by: &Stamp,
    ) -> Result<Change<Self>, CompetitorRule> {
        if let Some(known) = known {
            return Err(CompetitorRule::Known { name: known.name.clone() });
        }
        let NewCompetitor { name, strengths, weaknesses, prices, note } = new;
        let competitor = Self {
            id,
            status: Status::Active,
            name_key: name_key(name.as_str()),
            name: name.into_string(),
            strengths: strengths.map(wire::Note::into_string),
            weaknesses: weaknesses.map(wire::Note::into_string),
            prices: Kept(few(prices)?),
            note: note.map(wire::Note::into_string),
            created_at: by.at,
            version: 1,
        };
        Ok(competitor.told("create"))
    }
    /// More is known.
    pub fn update(self, patch: CompetitorPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let CompetitorPatch { strengths, weaknesses, prices, note } = patch;
        let mut next = self.next();
        if let Some(list) = prices {
            next.prices = Kept(few(list)?);
        }
        next.strengths = strengths.over(next.strengths, wire::Note::into_string);
        next.weaknesses = weaknesses.over(next.weaknesses, wire::Note::into_string);
        next.note = note.over(next.note, wire::Note::into_string);
        Ok(next.told("update"))
    }
    /// It is none any more.
    pub fn archive(self) -> Result<Change<Self>, Refused> {
        self.may("archive")?;
        Ok(Self { status: Status::Archived, ..self.next() }.told("archive"))
    }
    /// It is one again.
    pub fn restore(self) -> Result<Change<Self>, Refused> {
        self.may("restore")?;
        Ok(Self { status: Status::Active, ..self.next() }.told("restore"))
    }

    fn told(self, action: &'static str) -> Change<Self> {
        let event = CompetitorUpdated { competitor_id: self.id, name: self.name.clone(), status: self.status };
        Change::new(action, self).emit(&event)
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn few(prices: Vec<CompetitorPrice>) -> Result<Vec<CompetitorPrice>, CompetitorRule> {
    if prices.len() > MOST_PRICES {
        return Err(CompetitorRule::Prices { count: prices.len() });
    }
    Ok(prices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::competitor;

    #[test]
    fn crm_04_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let one = || Competitor { status: from, ..competitor(1) };
            let steps = [
                ("update", one().update(CompetitorPatch::default()).ok()),
                ("archive", one().archive().ok()),
                ("restore", one().restore().ok()),
            ];
            for (command, outcome) in steps {
                if let Some(change) = outcome {
                    assert_eq!(change.after().version, 2, "{command} makes a version");
                    assert_eq!(change.event_types(), ["crm.competitor.updated.v1"]);
                    table.push(format!("{from} {command} {}", change.after().status));
                }
            }
        }
        assert_eq!(table, ["active update active", "active archive archived", "archived restore active"]);
    }

    #[test]
    fn crm_04_a_hundred_prices_are_kept() {
        let price = || CompetitorPrice {
            product: "泵".parse().unwrap(),
            price: wire::Money::new("1180.00".parse().unwrap(), wire::Currency::CNY),
            seen_on: "2026-03-02".parse().unwrap(),
        };
        let with = |count: usize| few(vec![price(); count]).map(|list| list.len());
        assert_eq!((with(0), with(100)), (Ok(0), Ok(100)));
        assert_eq!(with(101), Err(CompetitorRule::Prices { count: 101 }));
    }
}
