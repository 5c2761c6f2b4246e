//! The documents that are generated from the code and kept in the repository, so that a change of the interface is seen in
//! its diff: OpenAPI, AsyncAPI, and the pages of events, states and codes. Holds no fact of its own.
mod asyncapi;
mod pages;

use anyhow::{Context, ensure};
use platform::{Service, openapi};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

/// A file's path in the checkout and what should stand in it.
pub type File = (String, String);

/// Every generated document of these services.
///
/// # Errors
/// Two events declare different schemas under one name, or an event breaks the catalogue's rules.
pub fn files(services: &[Service]) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    for service in services {
        files.push((format!("openapi/{}.json", service.name), pretty(&openapi::document(&[*service]))?));
    }
    files.push(("openapi/yewu.json".into(), pretty(&openapi::document(services))?));
    files.push(("openapi/events.json".into(), pretty(&asyncapi::document(services)?)?));
    files.push(("shared/docs/EVENTS.md".into(), pages::events(services)));
    files.push(("shared/docs/STATES.md".into(), pages::states(services)));
    files.push(("shared/docs/CODES.md".into(), pages::codes(services)));
    Ok(files)
}

fn pretty(document: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

/// The paths of those that stand otherwise in the checkout, or not at all.
///
/// # Errors
/// A file is there and cannot be read.
pub fn stale(root: &Path, files: &[File]) -> anyhow::Result<Vec<String>> {
    let mut stale = Vec::new();
    for (path, wanted) in files {
        let found = match fs::read_to_string(root.join(path)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            read => Some(read.with_context(|| format!("cannot read {path}"))?),
        };
        if found.as_ref() != Some(wanted) {
            stale.push(path.clone());
        }
    }
    Ok(stale)
}

/// Writes them into the checkout.
///
/// # Errors
/// A folder or file cannot be written.
pub fn write(root: &Path, files: &[File]) -> anyhow::Result<()> {
    for (path, text) in files {
        let path = root.join(path);
        let folder = path.parent().context("every generated file stands in a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Collects named schemas; one name stands for one shape, whoever declares it.
#[derive(Default)]
struct Schemas(BTreeMap<String, Value>);
impl Schemas {
    fn add(&mut self, name: &str, schema: Value) -> anyhow::Result<()> {
        match self.0.get(name) {
            Some(known) => ensure!(*known == schema, "two schemas are called {name}; give one another name"),
            None => {
                self.0.insert(name.to_owned(), schema);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_missing_or_different_file_is_stale_until_it_is_written() {
        let root = std::env::temp_dir().join(format!("yewu-spec-{}", uuid::Uuid::now_v7()));
        let files = [("a/one.md".to_owned(), "1".to_owned()), ("two.md".to_owned(), "2".to_owned())];
        assert_eq!(stale(&root, &files).unwrap(), ["a/one.md", "two.md"]);
        write(&root, &files).unwrap();
        assert!(stale(&root, &files).unwrap().is_empty());
        fs::write(root.join("two.md"), "3").unwrap();
        assert_eq!(stale(&root, &files).unwrap(), ["two.md"]);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn one_name_is_one_shape() {
        let mut schemas = Schemas::default();
        schemas.add("Line", json!({"type": "object"})).unwrap();
        schemas.add("Line", json!({"type": "object"})).unwrap();
        assert!(schemas.add("Line", json!({"type": "string"})).unwrap_err().to_string().contains("Line"));
    }
}
