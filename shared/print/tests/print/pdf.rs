//! The PDF itself: complete, with its fonts, the same for the same input, and quick to make.
use super::sample;
use print::{Printed, Template};

fn printed(language: &str, lines: usize, variants: usize, long: bool, at: &str) -> Printed {
    let data = sample::proposal(language, lines, variants, long);
    let at = Some(at.parse().expect("a moment"));
    print::print(&Template::proposal(), &data, &sample::files(), at).expect("a document")
}
fn count(pdf: &[u8], what: &str) -> usize {
    pdf.windows(what.len()).filter(|window| *window == what.as_bytes()).count()
}
const MOMENT: &str = "2026-11-30T08:00:00Z";

/// Documents to look at, left in the build's folder for temporary files.
#[test]
fn samples_are_printed_in_both_languages() {
    for (name, lines, variants, long) in
        [("short", 3, 1, false), ("table", 60, 1, false), ("words", 12, 1, true), ("variants", 4, 3, false)]
    {
        for language in ["zh-CN", "en"] {
            let printed = printed(language, lines, variants, long, MOMENT);
            assert!(printed.missing.is_empty(), "{:?}", printed.missing);
            let path =
                std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("proposal-{language}-{name}.pdf"));
            std::fs::write(path, printed.pdf).expect("a file");
        }
    }
}

#[test]
fn the_file_is_complete_and_has_its_fonts_with_it() {
    let Printed { pdf, pages, .. } = printed("zh-CN", 60, 1, false, MOMENT);
    assert!(pdf.starts_with(b"%PDF-1.") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
    // Where the file says that its table of objects is, there it is.
    let tail = String::from_utf8_lossy(&pdf[pdf.len() - 64..]).into_owned();
    let at: usize = tail
        .split("startxref")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|at| at.parse().ok())
        .expect("an offset");
    assert!(pdf[at..].starts_with(b"xref"));
    assert_eq!(count(&pdf, "/Type/Page") - count(&pdf, "/Type/Pages"), pages);
    // Regular and bold, each as bytes of its own, with the way back from glyphs to text.
    assert_eq!(count(&pdf, "/FontFile3"), 2);
    assert_eq!(count(&pdf, "/ToUnicode"), 2);
    assert!(pdf.len() < 400_000, "cut down to what is used: {}", pdf.len());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let first = printed("en", 5, 2, true, MOMENT).pdf;
    assert_eq!(first, printed("en", 5, 2, true, MOMENT).pdf);
    assert_ne!(first, printed("en", 5, 2, true, "2026-11-30T08:00:01Z").pdf);
}

/// Bounds a hundred times what it takes on a machine with time to spare, so that only another order of growth fails.
#[test]
fn two_hundred_lines_take_no_more_than_their_share() {
    let timed = |lines| {
        let start = std::time::Instant::now();
        let printed = printed("zh-CN", lines, 1, false, MOMENT);
        println!("{lines} lines, {} pages: {:?}", printed.pages, start.elapsed());
        start.elapsed()
    };
    let (few, many) = (timed(10), timed(200));
    assert!(many < few * 40 + std::time::Duration::from_secs(2), "{few:?} {many:?}");
}
