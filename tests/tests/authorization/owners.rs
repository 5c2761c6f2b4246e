//! Whose every row of the suite is, read from the tables themselves: what the API says of it is what is tested.
use std::collections::BTreeMap;
use testkit::Yewu;

/// Whose a row is; empty = nobody's.
#[derive(Debug, Clone)]
pub struct Owner {
    pub user: String,
    pub team: String,
    pub department: String,
}

/// A row that can belong to somebody.
#[derive(Debug)]
pub struct Owned {
    pub owner: Owner,
    pub table: String,
    /// May it come to belong to nobody?
    pub can_be_nobodys: bool,
}

/// Service and id → whose it is, for every row of a kind that belongs to somebody.
pub struct Owners(BTreeMap<(String, String), Owned>);

impl Owners {
    pub async fn read(yewu: &Yewu) -> Self {
        let mut rows = BTreeMap::new();
        for service in suite::ALL {
            let mut tables = tables(yewu, service.name).await;
            // Whoever lends their seats owns that; it is of no team and no department.
            tables.push(("delegations".to_owned(), "from_user, ''::text, ''::text", false));
            for (table, whose, can_be_nobodys) in tables {
                let query = format!(
                    "SELECT string_agg(concat_ws('|', id, coalesce(o, ''), coalesce(t, ''), coalesce(d, '')), ' ') FROM (SELECT id, {whose} FROM {table}) r (id, o, t, d)"
                );
                for row in yewu.sql(service.name, &query).await.split_whitespace() {
                    let mut parts = row.split('|').map(str::to_owned);
                    let mut next = || parts.next().unwrap_or_default();
                    let key = (service.name.to_owned(), next());
                    let owner = Owner { user: next(), team: next(), department: next() };
                    rows.insert(key, Owned { owner, table: table.clone(), can_be_nobodys });
                }
            }
        }
        Self(rows)
    }
    pub fn of(&self, service: &str, id: &str) -> Option<&Owned> {
        self.0.get(&(service.to_owned(), id.to_owned()))
    }
}

/// The tables whose rows have an owner, a team and a department, and whether all three may be missing.
async fn tables(yewu: &Yewu, service: &str) -> Vec<(String, &'static str, bool)> {
    let columns = "('id', 'owner_id', 'team_id', 'department_id')";
    let query = format!(
        "SELECT string_agg(name || '|' || free, ' ') FROM (SELECT table_name AS name, bool_and(is_nullable = 'YES' OR column_name = 'id') AS free \
         FROM information_schema.columns WHERE table_schema = '{service}' AND column_name IN {columns} GROUP BY table_name HAVING count(*) = 4) t"
    );
    let tables = yewu.sql(service, &query).await;
    tables
        .split_whitespace()
        .filter_map(|table| table.split_once('|'))
        .map(|(name, free)| (name.to_owned(), "owner_id, team_id, department_id", free == "true"))
        .collect()
}
