//! Where pictures and fonts come from: the template's folder, and what the caller gives along. Refuses every path out of the folder.
use crate::PrintError;
use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

/// The files that a template may name.
#[derive(Debug, Default)]
pub struct Files {
    folder: Option<PathBuf>,
    given: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// Those of a folder, that of the template.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()), given: BTreeMap::new() }
    }
    /// One more, from memory (a logo kept as an attachment); it wins over a file of the folder.
    #[must_use]
    pub fn with(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.given.insert(name.to_owned(), bytes);
        self
    }
    /// The bytes of the file; refused beyond `most` bytes and outside the folder, symbolic links followed.
    pub fn read(&self, name: &str, most: usize) -> Result<Vec<u8>, PrintError> {
        let wrong = |cause: String| PrintError::File { name: name.to_owned(), cause };
        let missing = || wrong("is not there".to_owned());
        let size_checked = |bytes: Vec<u8>| {
            let fits = bytes.len() <= most;
            fits.then_some(bytes).ok_or_else(|| wrong(format!("is larger than {most} bytes")))
        };
        if let Some(bytes) = self.given.get(name) {
            return size_checked(bytes.clone());
        }
        let folder = self.folder.as_ref().ok_or_else(missing)?;
        let inside = !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let outside = || wrong("is outside the template's folder".to_owned());
        if !inside {
            return Err(outside());
        }
        let real = |path: &Path| path.canonicalize().map_err(|_| missing());
        let (folder, path) = (real(folder)?, real(&folder.join(name))?);
        if !path.starts_with(&folder) {
            return Err(outside());
        }
        let about = std::fs::metadata(&path).map_err(|_| missing())?;
        if !about.is_file() {
            return Err(missing());
        }
        if about.len() > u64::try_from(most).unwrap_or(u64::MAX) {
            return Err(wrong(format!("is larger than {most} bytes")));
        }
        size_checked(std::fs::read(path).map_err(|error| wrong(format!("cannot be read: {error}")))?)
    }
}
