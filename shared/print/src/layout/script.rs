//! What kind of character it is, as far as typesetting cares. Refuses to be a Unicode database: only what occurs in Chinese and
//! Latin text.

/// An ideograph.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇' | '〓')
}
/// Takes a whole em: ideographs, Chinese punctuation, full-width forms.
pub fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{30FF}' | '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}')
}
/// Opens, with its ink in the right half.
pub fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '〖' | '［' | '｛' | '“' | '‘')
}
/// Closes or ends, with its ink in the left half.
pub fn closes(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '）'
            | '》'
            | '〉'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '〗'
            | '］'
            | '｝'
            | '”'
            | '’'
    )
}
/// One code for both scripts, drawn wide in Chinese and narrow in Latin text.
pub fn is_shared_punctuation(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '·' | '•')
}
/// Steers other characters and has no ink: joiners, marks of direction, variation selectors.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}
/// Letters and digits that want a little room beside an ideograph.
pub fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !is_wide(c) || matches!(c, '%' | '°')
}

/// The text as the rules of line breaking shall see it: a quote beside an ideograph is a Chinese bracket, which may begin or end a
/// line. Every character keeps its length in bytes.
pub fn for_breaking(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let wide = |index: Option<usize>| index.and_then(|index| chars.get(index)).is_some_and(|c| is_wide(*c));
    let seen = chars.iter().enumerate().map(|(index, c)| {
        let chinese = wide(index.checked_sub(1)) || wide(Some(index + 1));
        match c {
            '“' | '‘' if chinese => '（',
            '”' | '’' if chinese => '）',
            c => *c,
        }
    });
    seen.collect()
}
