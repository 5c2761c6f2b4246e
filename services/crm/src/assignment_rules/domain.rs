//! The rules of rules (CRM-25). Pure: no async, no clock, no SQL.
use crate::schema::assignment_rules;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use std::collections::HashSet;
use wire::{
    Moment,
    crm::{
        AssignmentBasis, AssignmentRuleId, AssignmentRuleKind as Kind, AssignmentRulePatch,
        AssignmentRuleStatus as Status, NewAssignmentRule,
    },
    json::Kept,
};

/// Members of a rule at most.
const MOST_MEMBERS: usize = 100;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = assignment_rules, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct AssignmentRule {
    pub id: AssignmentRuleId,
    pub status: Status,
    pub name: String,
    pub kind: Kind,
    pub region: Option<String>,
    pub members: Kept<Vec<String>>,
    pub priority: i32,
    pub last_member: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(AssignmentRule, "assignment_rule", AssignmentRuleId; row: this, case: none, unowned);

platform::rules!(
    /// Why a rule is refused.
    ChoosingRule {
        Members { count: usize } => "assignment_rule.members", Invalid, "a rule has 1 to 100 members, not {count}", "规则应有 1 至 100 名成员，实际为 {count} 名", at "/members";
        Twice { index: usize } => "assignment_rule.member_twice", Invalid, "the member stands twice", "成员重复", at "/members/{index}";
        Member { index: usize, reference: String } => "assignment_rule.member", Invalid, "nobody active is called {reference} in the directory", "人员目录中没有在职人员 {reference}", at "/members/{index}";
        Region => "assignment_rule.region", Invalid, "a territory names its region, and nothing else does", "区域规则必须填写区域，其他规则不能填写", at "/region";
        Priority => "assignment_rule.priority", Invalid, "a priority is 1 to 1000", "优先级应为 1 至 1000", at "/priority";
    }
);

impl Machine for AssignmentRule {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "assignment_rule",
        transitions: &[
            Transition::new("update", &["active"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
            Transition::automatic("choose", &["active"], &["active"]),
        ],
        labels: Status::labels(),
    };
}

impl AssignmentRule {
    /// A new rule, in use at once. `here` = those of its members who work here.
    pub fn make(
        id: AssignmentRuleId,
        new: NewAssignmentRule,
        here: &[String],
        by: &Stamp,
    ) -> Result<Change<Self>, ChoosingRule> {
        let NewAssignmentRule { name, kind, region, members, priority } = new;
        if (kind == Kind::Territory) != region.is_some() {
            return Err(ChoosingRule::Region);
        }
        let rule = Self {
            id,
            status: Status::Active,
            name: name.into_string(),
            kind,
            region: region.map(wire::Name::into_string),
            members: Kept(people(members, here)?),
            priority: in_bounds(priority)?,
            last_member: None,
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", rule))
    }
    /// Changes what the patch names.
    pub fn update(self, patch: AssignmentRulePatch, here: &[String]) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let AssignmentRulePatch { name, members, priority } = patch;
        let mut next = self.next();
        next.name = name.map_or(next.name, wire::Name::into_string);
        if let Some(members) = members {
            next.members = Kept(people(members, here)?);
        }
        if let Some(priority) = priority {
            next.priority = in_bounds(priority)?;
        }
        Ok(Change::new("update", next))
    }
    /// It chooses no more.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        Ok(Change::new("retire", Self { status: Status::Retired, ..self.next() }))
    }
    /// Does it choose for something of this region?
    pub fn fits(&self, region: Option<&str>) -> bool {
        self.region.is_none() || self.region.as_deref() == region
    }
    /// The member whose turn it is: the first after the last one who works here and is not `but`; `None` where nobody is.
    pub fn turn(&self, here: &[String], but: Option<&str>) -> Option<String> {
        let members = &self.members.0;
        let last = self.last_member.as_ref().and_then(|last| members.iter().position(|member| member == last));
        let begin = last.map_or(0, |last| last + 1);
        let in_turn = members.iter().cycle().skip(begin).take(members.len());
        in_turn.filter(|member| here.contains(member)).find(|member| but != Some(member.as_str())).cloned()
    }
    /// They had their turn.
    pub fn chosen(self, member: String) -> Result<Change<Self>, Refused> {
        self.may("choose")?;
        Ok(Change::new("choose", Self { last_member: Some(member), ..self.next() }))
    }
    /// How an assignment by it says that it came about.
    pub fn basis(&self) -> AssignmentBasis {
        match self.kind {
            Kind::RoundRobin => AssignmentBasis::RoundRobin,
            Kind::Territory => AssignmentBasis::Territory,
        }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn in_bounds(priority: i32) -> Result<i32, ChoosingRule> {
    if (1..=1000).contains(&priority) { Ok(priority) } else { Err(ChoosingRule::Priority) }
}

fn people(members: Vec<wire::Reference>, here: &[String]) -> Result<Vec<String>, ChoosingRule> {
    if members.is_empty() || members.len() > MOST_MEMBERS {
        return Err(ChoosingRule::Members { count: members.len() });
    }
    let members: Vec<String> = members.into_iter().map(wire::Reference::into_string).collect();
    let mut seen = HashSet::new();
    for (index, member) in members.iter().enumerate() {
        if !seen.insert(member) {
            return Err(ChoosingRule::Twice { index });
        }
        if !here.contains(member) {
            return Err(ChoosingRule::Member { index, reference: member.clone() });
        }
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Ownership;

    fn make(kind: Kind, region: Option<&str>, members: &[&str], priority: i32) -> Result<AssignmentRule, ChoosingRule> {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        let by = Stamp { at, actor: "user:bob".into(), ownership: Ownership::default() };
        let new = NewAssignmentRule {
            name: "east".parse().unwrap(),
            kind,
            region: region.map(|region| region.parse().unwrap()),
            members: members.iter().map(|member| member.parse().unwrap()).collect(),
            priority,
        };
        AssignmentRule::make(AssignmentRuleId(uuid::Uuid::nil()), new, &here(), &by)
            .map(|change| change.after().clone())
    }
    fn here() -> Vec<String> {
        ["ann", "bob", "cat"].map(str::to_owned).to_vec()
    }

    #[test]
    fn crm_25_members_have_their_turn_one_after_the_other() {
        let mut rule = make(Kind::RoundRobin, None, &["cat", "ann", "bob"], 1).unwrap();
        let mut turns = Vec::new();
        for _ in 0..4 {
            let turn = rule.turn(&here(), None).unwrap();
            rule = rule.chosen(turn.clone()).unwrap().after().clone();
            turns.push(turn);
        }
        assert_eq!(turns, ["cat", "ann", "bob", "cat"]);
        assert_eq!(rule.turn(&here(), Some("ann")).as_deref(), Some("bob"), "who has it already is passed over");
        assert_eq!(rule.turn(&here()[..1], None).as_deref(), Some("ann"), "who has left is passed over");
        assert_eq!(rule.turn(&here()[..1], Some("ann")), None);
        let retired = rule.retire().unwrap().after().clone();
        assert!(retired.clone().chosen("ann".into()).is_err() && retired.retire().is_err());
    }

    #[test]
    fn crm_25_a_territory_has_a_region_and_fits_it_alone() {
        let territory = make(Kind::Territory, Some("上海"), &["ann"], 1).unwrap();
        assert!(territory.fits(Some("上海")) && !territory.fits(Some("北京")) && !territory.fits(None));
        let anything = make(Kind::RoundRobin, None, &["ann"], 1).unwrap();
        assert!(anything.fits(Some("北京")) && anything.fits(None));
        assert_eq!((territory.basis(), anything.basis()), (AssignmentBasis::Territory, AssignmentBasis::RoundRobin));
        assert_eq!(make(Kind::Territory, None, &["ann"], 1).unwrap_err(), ChoosingRule::Region);
        assert_eq!(make(Kind::RoundRobin, Some("上海"), &["ann"], 1).unwrap_err(), ChoosingRule::Region);
    }

    #[test]
    fn crm_25_a_rule_keeps_its_bounds() {
        let refused = |members: &[&str], priority| make(Kind::RoundRobin, None, members, priority).err();
        assert_eq!(refused(&[], 1), Some(ChoosingRule::Members { count: 0 }));
        assert_eq!(refused(&["ann"; 101], 1), Some(ChoosingRule::Members { count: 101 }));
        assert_eq!(refused(&["ann", "ann"], 1), Some(ChoosingRule::Twice { index: 1 }));
        assert_eq!(refused(&["ann", "eve"], 1), Some(ChoosingRule::Member { index: 1, reference: "eve".into() }));
        for (priority, expected) in
            [(0, Some(ChoosingRule::Priority)), (1, None), (1000, None), (1001, Some(ChoosingRule::Priority))]
        {
            assert_eq!(refused(&["ann"], priority), expected);
        }
    }
}
