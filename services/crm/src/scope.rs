//! The row scope as a condition of hand-written SQL: the owner's columns against the texts of one array. What the macros of the
//! platform do for lists, for questions that count.
use platform::Sight;
use wire::{crm::SubjectKind, kpi::KpiSubject};

/// Whose rows a question is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Within {
    columns: Vec<&'static str>,
    /// To be bound where the condition says.
    pub values: Vec<String>,
}

impl Within {
    /// Those that a caller may see.
    #[must_use]
    pub fn sight(sight: &Sight) -> Self {
        match sight {
            Sight::All => Self::default(),
            Sight::Department(department) => Self::default().and("department_id", department),
            Sight::Team(team) => Self::default().and("team_id", team),
            Sight::Own(user) => Self::default().and("owner_id", user),
        }
    }
    /// Those of a person, team or department.
    #[must_use]
    pub fn subject(kind: SubjectKind, code: &str) -> Self {
        let column = match kind {
            SubjectKind::User => "owner_id",
            SubjectKind::Team => "team_id",
            SubjectKind::Department => "department_id",
        };
        Self::default().and(column, code)
    }
    /// Of these, those of whom a figure is asked.
    #[must_use]
    pub fn of(self, subject: Option<&KpiSubject>) -> Self {
        match subject {
            None => self,
            Some(KpiSubject::User(user)) => self.and("owner_id", user),
            Some(KpiSubject::Team(team)) => self.and("team_id", team),
            Some(KpiSubject::Department(department)) => self.and("department_id", department),
        }
    }
    /// The condition on a table or its alias; `$1` is the array of values.
    #[must_use]
    pub fn condition(&self, table: &str) -> String {
        let one = |(column, place): (&&str, usize)| format!("{table}.{column} = $1[{place}]");
        let all: Vec<String> = self.columns.iter().zip(1..).map(one).collect();
        if all.is_empty() { "cardinality($1) = 0".to_owned() } else { all.join(" AND ") }
    }
    fn and(mut self, column: &'static str, value: &str) -> Self {
        self.columns.push(column);
        self.values.push(value.to_owned());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_condition_and_a_subject_narrows_it() {
        let own = Within::sight(&Sight::Own("ann".into()));
        assert_eq!((own.condition("o").as_str(), &own.values[..]), ("o.owner_id = $1[1]", &["ann".to_owned()][..]));
        assert_eq!(own, Within::subject(SubjectKind::User, "ann"));
        assert_eq!(Within::sight(&Sight::All).condition("o"), "cardinality($1) = 0");
        let ben = Within::sight(&Sight::Team("east".into())).of(Some(&KpiSubject::User("ben".into())));
        assert_eq!(ben.condition("e"), "e.team_id = $1[1] AND e.owner_id = $1[2]");
        assert_eq!(ben.values, ["east", "ben"]);
    }
}
