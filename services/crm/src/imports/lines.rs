//! A file as rows: where each begins, what its fields are, and what is wrong with it as a row. Reads from the disk, decides
//! nothing about leads.
use super::{
    domain::{Column, ImportRule, columns},
    encoding::Decoded,
};
use platform::{ApiError, Language, Result, Rule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::io::{BufRead, BufReader, Read};

/// A row holds at most so many bytes, as UTF-8.
const MOST_BYTES: usize = 64 * 1024;

/// A row as it stands in the file, and as it waits to be taken in.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// From 1.
    #[serde(rename = "line")]
    pub number: i32,
    /// Its fields, where they can be kept.
    pub data: Option<Value>,
    /// Why it is none.
    pub wrong: Option<Wrong>,
}

/// A refusal that can wait.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    pub code: String,
    pub chinese: String,
    pub english: String,
}
impl From<ImportRule> for Wrong {
    fn from(rule: ImportRule) -> Self {
        let [chinese, english] = [Language::Chinese, Language::English].map(|language| rule.text(language));
        Self { code: rule.code().to_owned(), chinese, english }
    }
}

/// Rows, one after the other.
pub enum Lines<R: Read> {
    Csv { reader: Box<csv::Reader<Decoded<R>>>, columns: Vec<Column> },
    Jsonl { reader: Box<BufReader<Decoded<R>>>, number: i32 },
}

impl<R: Read> Lines<R> {
    /// A table with a header; with its columns as they are called there.
    pub fn csv(text: Decoded<R>) -> Result<(Self, Vec<String>)> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
        let header = reader.headers().map_err(ApiError::internal)?;
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let columns = columns(&names)?;
        Ok((Self::Csv { reader: Box::new(reader), columns }, names))
    }
    /// An object a line.
    pub fn jsonl(text: Decoded<R>) -> Self {
        Self::Jsonl { reader: Box::new(BufReader::new(text)), number: 0 }
    }
    /// The next row; blank lines are none.
    pub fn next_line(&mut self) -> Result<Option<Line>> {
        match self {
            Self::Csv { reader, columns } => {
                let mut record = csv::StringRecord::new();
                let more = reader.read_record(&mut record).map_err(ApiError::internal)?;
                // Behind the row by its own line breaks and the one that ends it, which the last row need not have.
                let breaks = record.as_slice().matches('\n').count() + usize::from(!reader.is_done());
                let number = reader.position().line().saturating_sub(breaks as u64);
                Ok(more.then(|| of_record(&record, columns, i32::try_from(number).unwrap_or(i32::MAX))))
            }
            Self::Jsonl { reader, number } => loop {
                let mut text = String::new();
                if reader.read_line(&mut text).map_err(ApiError::internal)? == 0 {
                    return Ok(None);
                }
                *number += 1;
                if !text.trim().is_empty() {
                    return Ok(Some(of_text(&text, *number)));
                }
            },
        }
    }
}

/// A record of a table as a row.
pub fn of_record(record: &csv::StringRecord, columns: &[Column], number: i32) -> Line {
    let wrong = |rule: ImportRule| Line { number, data: None, wrong: Some(rule.into()) };
    if record.as_slice().len() > MOST_BYTES {
        return wrong(ImportRule::RowTooLarge);
    }
    if record.as_slice().contains('\0') {
        return wrong(ImportRule::RowCharacters);
    }
    let fields = columns.iter().zip(record.iter()).filter(|(_, field)| !field.trim().is_empty());
    let known = fields.filter_map(|(column, field)| Some(((*column)?.to_owned(), Value::from(field))));
    let data = Some(Value::Object(known.collect::<Map<_, _>>()));
    let fits = record.len() == columns.len();
    let misfit = || ImportRule::RowFields { fields: record.len(), columns: columns.len() };
    Line { number, data, wrong: (!fits).then(misfit).map(Wrong::from) }
}

fn of_text(text: &str, number: i32) -> Line {
    let wrong = |rule: ImportRule| Line { number, data: None, wrong: Some(rule.into()) };
    if text.len() > MOST_BYTES {
        return wrong(ImportRule::RowTooLarge);
    }
    // Postgres keeps no NUL in text.
    if text.contains('\0') || text.contains("\\u0000") {
        return wrong(ImportRule::RowCharacters);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(data @ Value::Object(_)) => Line { number, data: Some(data), wrong: None },
        Ok(data) => Line { number, data: Some(data), wrong: Some(ImportRule::RowNoObject.into()) },
        Err(_) => {
            Line { number, data: Some(Value::from(text.trim_end())), wrong: Some(ImportRule::RowNoObject.into()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::UTF_8;
    use serde_json::json;

    fn csv(text: &str) -> Result<Vec<Line>> {
        let (mut lines, _) = Lines::csv(Decoded::new(text.as_bytes(), UTF_8))?;
        Ok(std::iter::from_fn(|| lines.next_line().unwrap()).collect())
    }
    fn jsonl(text: &str) -> Vec<Line> {
        let mut lines = Lines::jsonl(Decoded::new(text.as_bytes(), UTF_8));
        std::iter::from_fn(|| lines.next_line().unwrap()).collect()
    }
    fn row(number: i32, data: Value) -> Line {
        Line { number, data: Some(data), wrong: None }
    }

    #[test]
    fn crm_07_a_table_has_quotes_line_breaks_and_blank_lines() {
        let text = "\u{feff}Name,source,need,备注2,line\r\n\"泵业 \"\"东\"\"\",online,\"12 台\n卧式泵, 急\",,7\r\n\r\nB,report,,x,\r\n";
        let refused = csv(text).unwrap_err();
        assert_eq!(refused.code(), "import.column");
        let rows = csv(&text.replace("备注2", "地区")).unwrap();
        assert_eq!(
            rows,
            [
                row(2, json!({"name": "泵业 \"东\"", "source": "online", "need": "12 台\n卧式泵, 急"})),
                row(5, json!({"name": "B", "source": "report", "region": "x"})),
            ]
        );
    }

    #[test]
    fn crm_07_a_row_that_is_none_is_named_by_its_line() {
        let long = "x".repeat(MOST_BYTES);
        let rows = csv(&format!("name,source\nA\nB,online,1\nC,\0\n{long},online\nD,online\n")).unwrap();
        let wrong: Vec<_> = rows.into_iter().map(|line| (line.number, line.wrong)).collect();
        let fields = |fields| Some(ImportRule::RowFields { fields, columns: 2 });
        let expected = [
            (2, fields(1)),
            (3, fields(3)),
            (4, Some(ImportRule::RowCharacters)),
            (5, Some(ImportRule::RowTooLarge)),
            (6, None),
        ];
        assert_eq!(wrong, expected.map(|(number, rule)| (number, rule.map(Wrong::from))));
        let rows = jsonl("{\"name\": \"A\"}\n\nnonsense\n[1]\n{\"name\": \"\\u0000\"}\n");
        let wrong: Vec<_> = rows.into_iter().map(|line| (line.number, line.wrong)).collect();
        let none = || Some(ImportRule::RowNoObject.into());
        assert_eq!(wrong, [(1, None), (3, none()), (4, none()), (5, Some(ImportRule::RowCharacters.into()))]);
    }

    #[test]
    fn crm_07_a_header_names_known_columns_once_and_the_needed_ones() {
        let code =
            |header: &str| csv(&format!("{header}\n")).map(|rows| rows.len()).map_err(|error| error.code().to_owned());
        assert_eq!(code("name,source"), Ok(0));
        assert_eq!(code("名称,来源"), Ok(0), "by their labels too");
        assert_eq!(code(" NAME , Source "), Ok(0));
        assert_eq!(code("name"), Err("import.column_missing".into()));
        assert_eq!(code("name,source,name"), Err("import.column_twice".into()));
        assert_eq!(code("name,source,名称"), Err("import.column_twice".into()));
        assert_eq!(code("name,source,colour"), Err("import.column".into()));
        assert_eq!(code(""), Err("import.column_missing".into()));
    }
}
