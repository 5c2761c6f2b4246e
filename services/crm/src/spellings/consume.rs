//! The job that spells. No SQL.
use super::store;
use crate::{
    names::{self, name_key},
    search,
};
use platform::{Result, Tx};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::Moment;

/// Rows of one table a run.
const MOST: usize = 500;

/// What is worked out of a name, and where it is kept.
struct Spelling {
    table: &'static str,
    /// NULL where it is not worked out yet; an index names those rows.
    missing: &'static str,
    columns: &'static [&'static str],
    of: fn(Uuid, &str) -> Value,
}
const COMPARED: &[&str] = &["name_key", "name_latin"];
const SPELLINGS: &[Spelling] = &[
    Spelling { table: "leads", missing: "name_latin", columns: COMPARED, of: compared },
    Spelling { table: "accounts", missing: "name_latin", columns: COMPARED, of: compared },
    Spelling { table: "leads", missing: "pinyin", columns: &["pinyin"], of: sounding },
    Spelling { table: "accounts", missing: "pinyin", columns: &["pinyin"], of: sounding },
    Spelling { table: "contacts", missing: "pinyin", columns: &["pinyin"], of: sounding },
];

fn compared(id: Uuid, name: &str) -> Value {
    json!({ "id": id, "name_key": name_key(name), "name_latin": names::spelling(name) })
}
fn sounding(id: Uuid, name: &str) -> Value {
    json!({ "id": id, "pinyin": search::spelling(name) })
}

/// Works out what is missing, some hundred rows of each table at a time.
pub async fn spell_names(tx: &mut Tx, _: Moment) -> Result<()> {
    for Spelling { table, missing, columns, of } in SPELLINGS {
        let rows = store::unspelt(tx.conn(), table, missing, MOST).await?;
        if rows.is_empty() {
            continue;
        }
        let spelt = rows.iter().map(|row| of(row.id, &row.name)).collect();
        store::spell(tx.conn(), table, columns, spelt).await?;
        if rows.len() == MOST {
            tx.again();
        }
    }
    Ok(())
}
