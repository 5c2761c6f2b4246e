//! What a cell of a workbook becomes, and what is too large.
#[path = "../../tests/crm/workbook.rs"]
mod made;

use super::*;
use made::workbook;
use serde_json::{Value, json};
use std::io::{Cursor, Seek, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

fn on_disk(bytes: &[u8]) -> File {
    let path = std::env::temp_dir().join(format!("yewu-workbook-{}", uuid::Uuid::now_v7()));
    let mut file = File::options().create_new(true).read(true).write(true).open(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}
fn rows(bytes: &[u8]) -> Result<(Vec<String>, Vec<Line>)> {
    let mut lines = Vec::new();
    let names = each(on_disk(bytes), &mut |line| {
        lines.push(line);
        Ok(())
    })?;
    Ok((names, lines))
}

const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"inlineStr\"><is><t>电话</t></is></c><c r=\"D1\" t=\"inlineStr\"><is><t>需求</t></is></c></row>";
const TEXTS: &[&str] = &["名称", "来源", "晨光泵业", "online"];

#[test]
fn crm_07_cells_are_text_as_a_person_reads_it() {
    let body = "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>2</v></c><c r=\"B2\" t=\"s\"><v>3</v></c><c r=\"C2\"><v>13800138000</v></c><c r=\"D2\" s=\"1\"><v>46084</v></c></row>\
        <row r=\"3\"><c r=\"A3\"><v>1.5</v></c><c r=\"B3\" t=\"s\"><v>3</v></c><c r=\"D3\" s=\"2\"><v>46084.5</v></c></row>\
        <row r=\"4\"><c r=\"A4\" t=\"b\"><v>1</v></c><c r=\"B4\" t=\"str\"><f>A1</f><v>online</v></c><c r=\"C4\"><v>1.38E10</v></c></row>";
    let (names, lines) = rows(&workbook(&format!("{HEADER}{body}"), TEXTS)).unwrap();
    assert_eq!(names, ["名称", "来源", "电话", "需求"]);
    let data: Vec<Value> = lines.into_iter().map(|line| line.data.unwrap()).collect();
    assert_eq!(
        data,
        [
            json!({"name": "晨光泵业", "source": "online", "contact_phone": "13800138000", "need": "2026-03-03"}),
            json!({"name": "1.5", "source": "online", "need": "2026-03-03T12:00:00"}),
            json!({"name": "TRUE", "source": "online", "contact_phone": "13800000000"}),
        ]
    );
}

#[test]
fn crm_07_rows_have_the_numbers_of_the_sheet_and_blank_ones_are_none() {
    let text = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let body = format!(
        "<row r=\"3\">{}{}</row><row r=\"5\">{}</row><row r=\"900000\">{}{}<c r=\"B9\" t=\"e\"><v>#N/A</v></c></row><row r=\"900001\">{}{}</row>",
        text("A3", "A"),
        text("B3", "online"),
        text("A5", " "),
        text("A900000", "B"),
        text("B900000", "online"),
        text("A900001", "C"),
        text("XFD900001", "far out")
    );
    let body = body.replace("r=\"B9\"", "r=\"C900000\"");
    let (_, lines) = rows(&workbook(&format!("{HEADER}{body}"), TEXTS)).unwrap();
    let seen: Vec<_> = lines.into_iter().map(|line| (line.number, line.wrong)).collect();
    let far = ImportRule::RowFields { fields: 16_384, columns: 4 };
    assert_eq!(seen, [(3, None), (900_000, Some(ImportRule::RowCell.into())), (900_001, Some(far.into()))]);
}

#[test]
fn crm_07_what_is_no_workbook_or_unpacks_to_too_much_is_refused_before_it_is_read() {
    let good = workbook(HEADER, TEXTS);
    let within = |unpacked, held, parts| measure(Cursor::new(good.clone()), Bounds { unpacked, held, parts });
    let (mut total, mut largest) = (0, 0);
    let mut archive = ZipArchive::new(Cursor::new(good.clone())).unwrap();
    for place in 0..archive.len() {
        let part = archive.by_index(place).unwrap();
        total += part.size();
        largest =
            largest.max(if part.name().is_ok_and(|name| name.starts_with("xl/worksheets/")) { 0 } else { part.size() });
    }
    assert_eq!(within(total, largest, 7), Ok(()), "exactly");
    assert_eq!(within(total + 1, largest + 1, 8), Ok(()));
    let large = Err(ImportRule::WorkbookTooLarge);
    assert_eq!(
        [within(total - 1, total, 7), within(total, largest - 1, 7), within(total, total, 6)],
        [large.clone(), large.clone(), large.clone()]
    );
    assert_eq!(measure(Cursor::new(b"name,source\n".to_vec()), BOUNDS), Err(ImportRule::Workbook));
    let packed = |bytes| check(on_disk(&good), bytes);
    assert_eq!([packed(MOST_PACKED), packed(MOST_PACKED + 1)], [Ok(()), large]);
    let cut = good[..good.len() / 2].to_vec();
    assert_eq!(measure(Cursor::new(cut), BOUNDS), Err(ImportRule::Workbook));
    assert_eq!(rows(&workbook("", TEXTS)).unwrap_err().code(), "import.empty");
    let strange = HEADER.replace("电话", "颜色");
    assert_eq!(rows(&workbook(&strange, TEXTS)).unwrap_err().code(), "import.column");
}

/// A bomb: zeros that pack to a thousandth.
#[test]
fn crm_07_a_bomb_is_measured_by_what_it_unpacks_to() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..65 {
        archive.write_all(&zeros).unwrap();
    }
    let bomb = archive.finish().unwrap().into_inner();
    assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
    assert_eq!(measure(Cursor::new(bomb), BOUNDS), Err(ImportRule::WorkbookTooLarge));
}
