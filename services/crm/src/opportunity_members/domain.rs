//! The rules of teams (CRM-20, 50). Pure: no async, no clock, no SQL.
use crate::{opportunities::domain::Opportunity, schema::opportunity_members};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, auth::Role};
use serde::Serialize;
use wire::{
    CaseId, Day, Moment,
    crm::{
        CollaboratorAdded, NewOpportunityMember, OpportunityId, OpportunityMemberId, OpportunityMemberStatus as Status,
        OpportunityTeamChanged, TeamRole,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = opportunity_members, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct OpportunityMember {
    pub id: OpportunityMemberId,
    pub status: Status,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub role: TeamRole,
    pub person: Option<String>,
    pub note: Option<String>,
    pub from_day: Option<Day>,
    pub until_day: Option<Day>,
    pub requested_by: String,
    pub joined_at: Option<Moment>,
    pub released_at: Option<Moment>,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(OpportunityMember, "opportunity_member", OpportunityMemberId; row: this, case: some, owned);

platform::rules!(
    /// Why somebody can't be in a team.
    TeamRule {
        Days => "opportunity_member.days", Invalid, "the last day is before the first", "结束日期早于开始日期", at "/until";
        Unnamed => "opportunity_member.person", Invalid, "name the colleague of customer service", "请指定客服人员", at "/person";
        NotService { person: String } => "opportunity_member.not_service", Invalid, "{person} does not work in customer service", "{person} 不是客服人员", at "/person";
        Twice { person: String } => "opportunity_member.twice", Conflict, "{person} is in the team, or asked to join it", "{person} 已在团队中或已被邀请";
        Role { role: TeamRole } => "opportunity_member.role", Forbidden, "the seat of {role} is for others", "该席位（{role}）不适用于您的岗位";
        Reserved { person: String } => "opportunity_member.reserved", Forbidden, "{person} was asked, nobody else", "仅限 {person} 加入";
    }
);

impl Machine for OpportunityMember {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "opportunity_member",
        transitions: &[
            Transition::new("join", &["requested"], &["joined"]),
            Transition::new("release", &["requested", "joined"], &["released"]),
        ],
        labels: Status::labels(),
    };
}

/// Somebody of the directory: their name there, and whether they work in customer service.
#[derive(Debug, Clone)]
pub struct Person {
    pub reference: String,
    pub customer_service: bool,
}

impl OpportunityMember {
    /// Asks for somebody, or for anybody of the role. A colleague of customer service is named and has joined at once.
    pub fn request(
        id: OpportunityMemberId,
        new: NewOpportunityMember,
        person: Option<Person>,
        opportunity: &Opportunity,
        by: &Stamp,
    ) -> Result<Change<Self>, TeamRule> {
        let NewOpportunityMember { opportunity_id: _, role, person: _, note, from, until } = new;
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            return Err(TeamRule::Days);
        }
        let collaborator = role == TeamRole::CustomerService;
        match &person {
            None if collaborator => return Err(TeamRule::Unnamed),
            Some(someone) if collaborator && !someone.customer_service => {
                return Err(TeamRule::NotService { person: someone.reference.clone() });
            }
            _ => {}
        }
        let member = Self {
            id,
            status: if collaborator { Status::Joined } else { Status::Requested },
            case_id: opportunity.case_id,
            opportunity_id: opportunity.id,
            role,
            person: person.map(|someone| someone.reference),
            note: note.map(wire::Label::into_string),
            from_day: from,
            until_day: until,
            requested_by: by.actor.clone(),
            joined_at: collaborator.then_some(by.at),
            released_at: None,
            reason: None,
            owner_id: opportunity.owner_id.clone(),
            team_id: opportunity.team_id.clone(),
            department_id: opportunity.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        let event = collaborator.then(|| CollaboratorAdded {
            opportunity_member_id: member.id,
            opportunity_id: member.opportunity_id,
            person: member.person.clone(),
        });
        let change = Change::new("create", member);
        Ok(match event {
            Some(event) => change.emit(&event),
            None => change,
        })
    }
    /// A seat is for whoever was asked for, or where nobody was for those of its trade.
    pub fn permits(&self, action: &str, person: &str, roles: &[Role]) -> Result<(), TeamRule> {
        match &self.person {
            _ if action != "join" => Ok(()),
            None if !roles.iter().any(|role| trade(self.role).contains(role)) => {
                Err(TeamRule::Role { role: self.role })
            }
            Some(asked) if asked != person => Err(TeamRule::Reserved { person: asked.clone() }),
            _ => Ok(()),
        }
    }
    /// Somebody takes the seat: whoever was asked for, or where nobody was the first of the trade who comes.
    pub fn join(self, person: &str, roles: &[Role], by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("join")?;
        self.permits("join", person, roles)?;
        let mut next = self.to(Status::Joined);
        (next.person, next.joined_at) = (Some(person.to_owned()), Some(by.at));
        Ok(Change::new("join", next))
    }
    /// The seat is given up.
    pub fn release(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("release")?;
        let mut next = self.to(Status::Released);
        (next.reason, next.released_at) = (Some(reason.clone()), Some(by.at));
        Ok(Change::new("release", next).because(reason))
    }
    /// What the opportunity tells of it.
    pub fn told(&self, opportunity: &Opportunity) -> OpportunityTeamChanged {
        OpportunityTeamChanged {
            opportunity_id: opportunity.id,
            number: opportunity.number.clone(),
            opportunity_member_id: self.id,
            role: self.role,
            person: self.person.clone(),
            status: self.status,
        }
    }

    fn to(self, status: Status) -> Self {
        Self { status, version: self.version + 1, ..self }
    }
}

/// Who can take a seat for which nobody was named. One of customer service is never without a name.
fn trade(role: TeamRole) -> &'static [Role] {
    match role {
        TeamRole::TechnicalSupport => &[Role::Technical],
        TeamRole::SalesSupport | TeamRole::Negotiator => &[Role::SalesRep, Role::SalesManager],
        TeamRole::Finance => &[Role::FinanceSpecialist, Role::FinanceManager, Role::FinanceDirector],
        TeamRole::Legal => &[Role::Legal],
        TeamRole::CustomerService => &[Role::CustomerService],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::{by, opportunity};
    use TeamRole::{CustomerService, TechnicalSupport};

    fn asked(
        role: TeamRole,
        person: Option<(&str, bool)>,
        days: [Option<&str>; 2],
    ) -> Result<Change<OpportunityMember>, TeamRule> {
        let [from, until] = days.map(|day| day.map(|day| day.parse().unwrap()));
        let new =
            NewOpportunityMember { opportunity_id: opportunity().id, role, person: None, note: None, from, until };
        let person = person.map(|(name, customer_service)| Person { reference: name.to_owned(), customer_service });
        OpportunityMember::request(OpportunityMemberId(uuid::Uuid::nil()), new, person, &opportunity(), &by())
    }
    fn seat(person: Option<&str>) -> OpportunityMember {
        let person = person.map(|name| (name, false));
        asked(TechnicalSupport, person, [None, None]).unwrap().after().clone()
    }

    #[test]
    fn crm_20_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let member = || OpportunityMember { status: from, ..seat(None) };
            let steps = [
                ("join", member().join("tom", &[Role::Technical], &by()).ok()),
                ("release", member().release("完成".into(), &by()).ok()),
            ];
            for (command, outcome) in steps {
                if let Some(change) = outcome {
                    assert_eq!(change.after().version, 2, "{command} makes a version");
                    table.push(format!("{from} {command} {}", change.after().status));
                }
            }
        }
        assert_eq!(table, ["requested join joined", "requested release released", "joined release released"]);
    }

    #[test]
    fn crm_20_a_seat_is_for_whoever_was_asked_or_for_the_first_who_comes() {
        assert_eq!(seat(None).join("tom", &[Role::Technical], &by()).unwrap().after().person.as_deref(), Some("tom"));
        assert!(seat(Some("tom")).join("tom", &[Role::Technical], &by()).is_ok());
        assert!(seat(Some("tom")).join("ann", &[Role::Technical], &by()).is_err());
        assert!(seat(None).join("ann", &[Role::SalesRep], &by()).is_err(), "a technician was asked for");
        assert!(
            seat(Some("ann")).join("ann", &[Role::SalesRep], &by()).is_ok(),
            "whoever is named may be of any trade"
        );
        let days = |from, until| asked(TechnicalSupport, None, [Some(from), Some(until)]).is_ok();
        assert!(days("2026-03-02", "2026-03-03"));
        assert!(days("2026-03-02", "2026-03-02"));
        assert!(!days("2026-03-02", "2026-03-01"));
    }

    #[test]
    fn crm_50_a_colleague_of_customer_service_is_named_and_there_at_once() {
        let no = [None, None];
        let added = asked(CustomerService, Some(("kim", true)), no).unwrap();
        assert_eq!(
            (added.after().status, added.after().joined_at, added.event_types()),
            (Status::Joined, Some(by().at), vec!["crm.collaborator.added.v1"])
        );
        assert_eq!(asked(CustomerService, None, no).unwrap_err(), TeamRule::Unnamed);
        let other = asked(CustomerService, Some(("tom", false)), no).unwrap_err();
        assert_eq!(other, TeamRule::NotService { person: "tom".into() });
        let requested = asked(TechnicalSupport, None, no).unwrap();
        assert_eq!((requested.after().status, requested.event_types().len()), (Status::Requested, 0));
    }
}
