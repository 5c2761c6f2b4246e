//! Are the bytes of the type that was declared? By their first bytes, by the table of contents of a ZIP, by the absence of
//! what no text holds. It opens nothing, unpacks nothing and looks for no viruses.
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};
use wire::attachment::FileType;

/// What was seen of the bytes while they went by.
#[derive(Default)]
pub(super) struct Seen {
    head: Vec<u8>,
    /// A byte that stands in no text (UTF-8, GB 18030): NUL and its like.
    untextual: bool,
}

impl Seen {
    const HEAD: usize = 16;

    pub fn pass(&mut self, bytes: &[u8]) {
        let wanted = Self::HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
        self.untextual |= bytes.iter().any(|byte| *byte < 0x20 && !b"\t\n\r\x0c".contains(byte));
    }

    /// `file` is read where the first bytes do not tell: a workbook and a letter are both ZIP archives.
    pub fn is(&self, declared: FileType, file: &mut File) -> io::Result<bool> {
        let starts = |with: &[u8]| self.head.starts_with(with);
        Ok(match declared {
            FileType::Pdf => starts(b"%PDF-"),
            FileType::Png => starts(b"\x89PNG\r\n\x1a\n"),
            FileType::Jpeg => starts(b"\xff\xd8\xff"),
            FileType::Webp => starts(b"RIFF") && self.head.get(8..12) == Some(b"WEBP"),
            FileType::Text | FileType::Csv => !self.untextual && !starts(b"%PDF-"),
            FileType::Xlsx => starts(b"PK") && entries(file)?.iter().any(|name| name == b"xl/workbook.xml"),
            FileType::Docx => starts(b"PK") && entries(file)?.iter().any(|name| name == b"word/document.xml"),
            FileType::Zip => starts(b"PK\x03\x04") && !entries(file)?.is_empty(),
        })
    }
}

/// The end record of a ZIP archive without its comment, bytes.
const END: usize = 22;
/// Longest comment behind it, bytes.
const COMMENT: u64 = 65_535;

/// The names in a ZIP archive's central directory; none where the file is no archive.
fn entries(file: &mut File) -> io::Result<Vec<Vec<u8>>> {
    let size = file.seek(SeekFrom::End(0))?;
    let from = size.saturating_sub(COMMENT + END as u64);
    let tail = read(file, from, size - from)?;
    let Some(end) = tail.windows(4).rposition(|window| window == b"PK\x05\x06") else { return Ok(Vec::new()) };
    let (Some(length), Some(start)) = (number(&tail, end + 12, 4), number(&tail, end + 16, 4)) else {
        return Ok(Vec::new());
    };
    // A directory that does not lie before its end record is made up.
    if start + length > size {
        return Ok(Vec::new());
    }
    Ok(names(&read(file, start, length)?))
}

fn names(directory: &[u8]) -> Vec<Vec<u8>> {
    const HEADER: usize = 46;
    let (mut names, mut at) = (Vec::new(), 0);
    while directory.get(at..at + 4) == Some(b"PK\x01\x02") {
        let lengths = [28, 30, 32].map(|field| number(directory, at + field, 2).unwrap_or(0));
        let [name, extra, comment] = lengths.map(|length| usize::try_from(length).unwrap_or(0));
        let Some(text) = directory.get(at + HEADER..at + HEADER + name) else { break };
        names.push(text.to_vec());
        at += HEADER + name + extra + comment;
    }
    names
}

fn read(file: &mut File, from: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A little-endian number of `width` bytes.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let digits = bytes.get(at..at + width)?;
    Some(digits.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A ZIP archive of empty files with these names.
    fn archive(names: &[&str]) -> Vec<u8> {
        let (mut body, mut directory) = (Vec::new(), Vec::new());
        for name in names {
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            let offset = u32::try_from(body.len()).unwrap().to_le_bytes();
            body.extend([&b"PK\x03\x04"[..], &[0; 22], &length, &[0; 2], name.as_bytes()].concat());
            directory
                .extend([&b"PK\x01\x02"[..], &[0; 24], &length, &[0; 2], &[0; 10], &offset, name.as_bytes()].concat());
        }
        let (size, start) = (u32::try_from(directory.len()).unwrap(), u32::try_from(body.len()).unwrap());
        let end = [&b"PK\x05\x06"[..], &[0; 8], &size.to_le_bytes(), &start.to_le_bytes(), &[0; 2]].concat();
        [body, directory, end].concat()
    }

    fn is(declared: FileType, bytes: &[u8]) -> bool {
        let path = std::env::temp_dir().join(format!("yewu-content-{}", uuid::Uuid::now_v7()));
        let mut file = File::options().create_new(true).read(true).write(true).open(&path).unwrap();
        file.write_all(bytes).unwrap();
        let mut seen = Seen::default();
        // In two pieces, as a network would cut them.
        let (first, second) = bytes.split_at(bytes.len().min(5));
        seen.pass(first);
        seen.pass(second);
        std::fs::remove_file(&path).unwrap();
        seen.is(declared, &mut file).unwrap()
    }

    #[test]
    fn each_type_is_told_by_its_bytes_and_no_other_is_taken_for_it() {
        let book = archive(&["[Content_Types].xml", "xl/workbook.xml"]);
        let letter = archive(&["_rels/.rels", "word/document.xml", "xl/workbook.xml.txt"]);
        let samples: [(FileType, &[u8]); 8] = [
            (FileType::Pdf, b"%PDF-1.7 \x00"),
            (FileType::Png, b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"),
            (FileType::Jpeg, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
            (FileType::Webp, b"RIFF\x10\x00\x00\x00WEBPVP8 "),
            (FileType::Text, "送货单，已签收\r\n".as_bytes()),
            (FileType::Xlsx, &book),
            (FileType::Docx, &letter),
            (FileType::Zip, &archive(&["a.txt"])),
        ];
        for (kind, bytes) in samples {
            assert!(is(kind, bytes), "{kind}");
            let twin = |other: FileType| {
                other == kind
                    || kind == FileType::Text && other == FileType::Csv
                    || [FileType::Xlsx, FileType::Docx].contains(&kind) && other == FileType::Zip
            };
            for other in FileType::ALL.iter().filter(|other| !twin(**other)) {
                assert!(!is(*other, bytes), "{kind} passes for {other}");
            }
        }
    }

    #[test]
    fn broken_archives_and_binaries_are_nothing() {
        assert!(!is(FileType::Zip, b"PK\x03\x04 and then nothing"));
        let mut lying = archive(&["xl/workbook.xml"]);
        let end = lying.len() - 6;
        lying[end..end + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(!is(FileType::Xlsx, &lying));
        assert!(!is(FileType::Csv, b"MZ\x90\x00\x03"));
        assert!(is(FileType::Csv, b"\xc3\xfb\xb3\xc6,\xca\xfd\xc1\xbf\r\n"), "GB 18030 is text too");
    }
}
