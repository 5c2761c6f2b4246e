//! A file that was handed in, as rows: which format and encoding it has, and a walk over its rows from the first to the last, as
//! often as it is asked for, one row in memory at a time. It reads from the disk and waits for it: never call it where others wait.
use super::{
    domain::{ImportRule, MOST_ROWS},
    encoding::{self, Decoded},
    lines::{Line, Lines},
    workbook,
};
use actix_web::{HttpMessage, HttpRequest, http::header};
use encoding_rs::{Encoding, UTF_8};
use platform::{ApiError, Result, Upload};
use wire::crm::ImportFormat;

/// What a request says of its file.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    pub format: ImportFormat,
    charset: Option<&'static Encoding>,
}

impl Declared {
    /// By the `Content-Type`, which `said` must not contradict; with its charset where it names one.
    pub fn of(request: &HttpRequest, said: Option<ImportFormat>) -> Result<Self> {
        let sent = match request.content_type().to_ascii_lowercase().as_str() {
            "text/csv" => Some(ImportFormat::Csv),
            "application/x-ndjson" | "application/jsonl" => Some(ImportFormat::Jsonl),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Some(ImportFormat::Xlsx),
            _ => None,
        };
        let format = sent.filter(|sent| said.is_none_or(|said| said == *sent)).ok_or(ImportRule::MediaType)?;
        let full =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let declared = full.split(';').find_map(|part| part.trim().strip_prefix("charset="));
        let charset =
            declared.map(|label| Encoding::for_label(label.trim_matches('"').as_bytes()).ok_or(ImportRule::Encoding));
        Ok(Self { format, charset: charset.transpose()? })
    }
}

/// The file.
pub struct Source {
    upload: Upload,
    format: ImportFormat,
    encoding: &'static Encoding,
}

/// What it holds.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    pub total: usize,
    pub columns: Vec<String>,
}

impl Source {
    /// Looks through all of it: is it text of one encoding, or a workbook of bearable size; how many rows has it?
    pub fn open(upload: Upload, declared: Declared) -> Result<(Self, Counted)> {
        let Declared { format, charset } = declared;
        let encoding = if format == ImportFormat::Xlsx {
            workbook::check(upload.open()?, upload.size_bytes())?;
            UTF_8
        } else {
            let open = || upload.open().map_err(std::io::Error::other);
            encoding::find(charset, open).map_err(ApiError::internal)?.ok_or(ImportRule::Encoding)?
        };
        let source = Self { upload, format, encoding };
        let mut counted = Counted::default();
        let columns = source.each(&mut |_| {
            counted.total += 1;
            if counted.total > MOST_ROWS { Err(ImportRule::TooMany.into()) } else { Ok(()) }
        })?;
        Ok((source, Counted { columns, ..counted }))
    }

    /// Hands every row to `take`, in the order of the file, until that refuses one. The columns of a table; none for JSON lines.
    pub fn each(&self, take: &mut dyn FnMut(Line) -> Result<()>) -> Result<Vec<String>> {
        let file = self.upload.open()?;
        let (mut lines, columns) = match self.format {
            ImportFormat::Xlsx => return workbook::each(file, take),
            ImportFormat::Csv => Lines::csv(Decoded::new(file, self.encoding))?,
            ImportFormat::Jsonl => (Lines::jsonl(Decoded::new(file, self.encoding)), Vec::new()),
        };
        while let Some(line) = lines.next_line()? {
            take(line)?;
        }
        Ok(columns)
    }
}
