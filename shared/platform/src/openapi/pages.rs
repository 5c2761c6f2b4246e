//! The rows of a page have a name of their own. `utoipa` writes a generic's parameter out where it stands; a client would get
//! a second type for each row, and the document a second copy.
use serde_json::{Value, json};

/// `Page_Lead` holds `Lead`s.
pub(super) fn name_rows(schemas: &mut Value) {
    let Some(schemas) = schemas.as_object_mut() else { return };
    let pages: Vec<String> = schemas.keys().filter(|name| name.starts_with("Page_")).cloned().collect();
    for page in pages {
        let name = page.trim_start_matches("Page_");
        let rows = schemas.get_mut(&page).and_then(|page| page.pointer_mut("/properties/items/items"));
        let Some(row) = rows.map(|row| std::mem::replace(row, json!({"$ref": format!("#/components/schemas/{name}")})))
        else {
            continue;
        };
        schemas.entry(name).or_insert(row);
    }
}
