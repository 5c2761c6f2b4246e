//! CSV files row by row: which line, which fields, what is wrong with it. Knows no data set.
use anyhow::Context;
use std::{collections::HashMap, fmt, path::Path};

/// A line that could be read.
#[derive(Debug, Clone)]
pub struct Row {
    /// In the file, from 1; the header is line 1.
    pub line: u64,
    fields: HashMap<String, String>,
}

/// A line that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    pub line: u64,
    pub reason: String,
}

/// What came of a file.
#[derive(Debug)]
pub struct Tally {
    pub file: String,
    /// Not there before.
    pub new: usize,
    /// There before; brought up to date where they differed.
    pub known: usize,
    pub bad: Vec<Bad>,
}

impl Tally {
    /// Nothing yet.
    pub fn of(file: &str) -> Self {
        Self { file: file.to_owned(), new: 0, known: 0, bad: Vec::new() }
    }
    /// How many rows were left out.
    pub fn left_out(&self) -> usize {
        self.bad.len()
    }
}
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} new, {} known, {} left out", self.file, self.new, self.known, self.bad.len())?;
        for Bad { line, reason } in &self.bad {
            write!(f, "\n  {} line {line}: {reason}", self.file)?;
        }
        Ok(())
    }
}

impl Row {
    /// A field that must not be empty.
    ///
    /// # Errors
    /// It is empty.
    pub fn needed(&self, column: &str) -> Result<&str, String> {
        self.given(column).ok_or_else(|| format!("{column} is empty"))
    }
    /// A field; none where it is empty.
    pub fn given(&self, column: &str) -> Option<&str> {
        self.fields.get(column).map(|field| field.trim()).filter(|field| !field.is_empty())
    }
    /// A field as what it should be.
    ///
    /// # Errors
    /// It is empty or something else.
    pub fn parsed<T: std::str::FromStr<Err: fmt::Display>>(&self, column: &str) -> Result<T, String> {
        let field = self.needed(column)?;
        field.parse().map_err(|why| format!("{column} {field:?}: {why}"))
    }
}

/// The rows of a file with these columns, good and bad.
///
/// # Errors
/// The file cannot be read, or lacks a column.
pub fn read(path: &Path, columns: &[&str]) -> anyhow::Result<Vec<Result<Row, Bad>>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let header: Vec<String> = reader
        .headers()
        .with_context(|| format!("{} has no header", path.display()))?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    for column in columns {
        anyhow::ensure!(header.iter().any(|name| name == column), "{} has no column {column}", path.display());
    }
    let mut rows = Vec::new();
    let mut line = 1;
    let mut record = csv::StringRecord::new();
    loop {
        line = reader.position().line().max(line);
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(rows),
            Ok(true) => {
                let line = record.position().map_or(line, csv::Position::line);
                rows.push(if record.len() == header.len() {
                    let fields = header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
                    Ok(Row { line, fields })
                } else {
                    Err(Bad { line, reason: format!("{} fields instead of {}", record.len(), header.len()) })
                });
            }
            Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => {
                let line = error.position().map_or(line, csv::Position::line);
                rows.push(Err(Bad { line, reason: "not UTF-8".into() }));
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_rows_are_named_by_line_and_the_rest_is_read() {
        let path = std::env::temp_dir().join(format!("yewu-rows-{}.csv", uuid::Uuid::now_v7()));
        let text = b"\xef\xbb\xbfId,Name,Price\n1,\"two\nlines\",3.5\n2,short\n3,\xff\xfe,1\n4,,x\n";
        std::fs::write(&path, text).unwrap();
        let rows = read(&path, &["Id", "Price"]).unwrap();
        let bad: Vec<_> =
            rows.iter().filter_map(|row| row.as_ref().err()).map(|bad| (bad.line, bad.reason.as_str())).collect();
        assert_eq!(bad, [(4, "2 fields instead of 3"), (5, "not UTF-8")]);
        let good: Vec<_> = rows.into_iter().filter_map(Result::ok).collect();
        assert_eq!((good[0].line, good[0].needed("Name").unwrap()), (2, "two\nlines"));
        assert_eq!(good[1].line, 6);
        assert_eq!(good[1].needed("Name").unwrap_err(), "Name is empty");
        assert!(good[1].parsed::<rust_decimal::Decimal>("Price").unwrap_err().starts_with("Price \"x\""));
        assert!(read(&path, &["Colour"]).unwrap_err().to_string().contains("no column Colour"));
        std::fs::remove_file(path).unwrap();
    }
}
