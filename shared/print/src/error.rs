//! What can be wrong with a template or with what it is given, said so that whoever edits the template finds the place.
//! Refuses to be an API error: who prints decides which of these is the caller's fault.

/// Why nothing was printed. Lines are counted from 1 in the template's file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PrintError {
    /// The front matter (between the two `---`) says something that is not understood.
    #[error("{template}, line {line}: {cause}")]
    Setting { template: String, line: usize, cause: String },
    /// The template cannot be read or filled in: syntax, an unknown variable, a filter that refuses its value.
    #[error("{template}, line {line}: {cause}")]
    Template { template: String, line: usize, cause: String },
    /// The filled-in text is no document as this crate understands it. `line` is there where the text stands in the template as it is.
    #[error("{template}{}: {cause}", .line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Markup { template: String, line: Option<usize>, cause: String },
    /// A picture or a font that is not there, not allowed or not readable.
    #[error("the file \"{name}\" {cause}")]
    File { name: String, cause: String },
    /// More than a customer would read: see [`crate::limits`].
    #[error("the document is too long: more than {most} {what}")]
    TooLong { most: usize, what: &'static str },
    /// The writer of PDF refused what it was given; no template should be able to cause it.
    #[error("the PDF could not be written: {0}")]
    Writing(String),
}
