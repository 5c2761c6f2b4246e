//! A workbook (XLSX) as rows: its first sheet, cell by cell, every value as the text that a table would have. What it is when
//! unpacked is measured before any of it is read. It computes no formula (the value that was kept counts), and keeps no sheet
//! in memory: only the workbook's table of shared texts.
use super::{
    domain::{Column, ImportRule, columns},
    lines::{Line, Wrong, of_record},
};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx};
use platform::Result;
use std::{
    fs::File,
    io::{self, BufReader, Read},
};
use zip::ZipArchive;

/// Bytes of the file itself, as large as any other upload: three hundred thousand leads fit; a table of more comes as CSV.
pub const MOST_PACKED: u64 = 20 * 1024 * 1024;
/// Bytes of all parts when unpacked.
const MOST_UNPACKED: u64 = 512 * 1024 * 1024;
/// Bytes of one part that is no sheet, which is held in memory while it is read: the shared texts above all.
const MOST_HELD: u64 = 64 * 1024 * 1024;
/// Parts of a workbook.
const MOST_PARTS: usize = 1_000;
/// Columns of a sheet that are looked at.
const MOST_COLUMNS: usize = 100;

/// What bounds a workbook.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    unpacked: u64,
    held: u64,
    parts: usize,
}
const BOUNDS: Bounds = Bounds { unpacked: MOST_UNPACKED, held: MOST_HELD, parts: MOST_PARTS };

/// Is it a workbook of bearable size? Unpacks every part into nothing: what a part says of its own size may be a lie.
pub fn check(file: File, size_bytes: u64) -> Result<(), ImportRule> {
    if size_bytes > MOST_PACKED {
        return Err(ImportRule::WorkbookTooLarge);
    }
    measure(file, BOUNDS)
}

fn measure(file: impl Read + io::Seek, most: Bounds) -> Result<(), ImportRule> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| ImportRule::Workbook)?;
    if archive.len() > most.parts {
        return Err(ImportRule::WorkbookTooLarge);
    }
    let mut left = most.unpacked;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| ImportRule::Workbook)?;
        let held =
            if part.name().is_ok_and(|name| name.starts_with("xl/worksheets/")) { left } else { left.min(most.held) };
        let size = io::copy(&mut part.take(held + 1), &mut io::sink()).map_err(|_| ImportRule::Workbook)?;
        if size > held {
            return Err(ImportRule::WorkbookTooLarge);
        }
        left -= size;
    }
    Ok(())
}

/// Hands every row of the first sheet to `take`, after the columns of its first row that is not blank.
pub fn each(file: File, take: &mut dyn FnMut(Line) -> Result<()>) -> Result<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|_| ImportRule::Workbook)?;
    let mut sheets = workbook.sheets_metadata().iter();
    let first = sheets.find(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone());
    let first = first.ok_or(ImportRule::Workbook)?;
    let mut cells = workbook.worksheet_cells_reader(&first).map_err(|_| ImportRule::Workbook)?;
    let mut sheet = Sheet { header: None, row: 0, fields: Vec::new(), wrong: None };
    while let Some(cell) = cells.next_cell().map_err(|_| ImportRule::Workbook)? {
        let (row, column) = cell.get_position();
        if row != sheet.row {
            sheet.end_row(take)?;
            sheet.row = row;
        }
        sheet.put(usize::try_from(column).unwrap_or(usize::MAX), cell.get_value());
    }
    sheet.end_row(take)?;
    sheet.header.map(|(names, _)| names).ok_or_else(|| ImportRule::Empty.into())
}

/// The row that is being read.
struct Sheet {
    header: Option<(Vec<String>, Vec<Column>)>,
    /// From 0.
    row: u32,
    fields: Vec<String>,
    wrong: Option<ImportRule>,
}

impl Sheet {
    fn put(&mut self, column: usize, value: &DataRef<'_>) {
        let text = match value {
            DataRef::Empty => return,
            DataRef::Error(_) => {
                self.wrong = Some(ImportRule::RowCell);
                return;
            }
            other => text(other),
        };
        if column >= MOST_COLUMNS {
            self.wrong = Some(ImportRule::RowFields { fields: column + 1, columns: self.width() });
            return;
        }
        if self.fields.len() <= column {
            self.fields.resize(column + 1, String::new());
        }
        self.fields[column] = text;
    }
    fn width(&self) -> usize {
        self.header.as_ref().map_or(0, |(names, _)| names.len())
    }
    fn end_row(&mut self, take: &mut dyn FnMut(Line) -> Result<()>) -> Result<()> {
        let (mut fields, wrong) = (std::mem::take(&mut self.fields), self.wrong.take());
        if wrong.is_none() && fields.iter().all(|field| field.trim().is_empty()) {
            return Ok(());
        }
        let Some((names, columns)) = &self.header else {
            let names: Vec<String> = fields.iter().map(|name| name.trim().to_owned()).collect();
            let columns = columns(&names)?;
            self.header = Some((names, columns));
            return Ok(());
        };
        fields.resize(fields.len().max(names.len()), String::new());
        let number = i32::try_from(self.row).map_or(i32::MAX, |row| row.saturating_add(1));
        let line = of_record(&csv::StringRecord::from(fields), columns, number);
        take(Line { wrong: wrong.map(Wrong::from).or(line.wrong), ..line })
    }
}

/// As a person reads it: numbers without an exponent (telephone numbers are numbers there), days and times as ISO 8601.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(at) => moment(*at),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn moment(at: ExcelDateTime) -> String {
    if at.is_duration() {
        return at.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
