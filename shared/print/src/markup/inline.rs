//! What stands within a paragraph, a heading or a cell. Refuses directives there: they have lines of their own.
use super::{Reader, Span, Text, directive};
use crate::{PrintError, layout::script};
use pulldown_cmark::{Event, Tag, TagEnd};

/// Whether the event belongs to a run of words.
pub fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_) | Event::Code(_) | Event::InlineHtml(_) | Event::SoftBreak | Event::HardBreak => true,
        Event::Start(tag) => matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }),
        Event::End(tag) => matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image),
        _ => false,
    }
}

/// Words as they are.
pub fn words(text: &str) -> Text {
    vec![Span::Words { text: text.to_owned(), bold: false, muted: false }]
}

#[derive(Default)]
struct Words {
    text: Text,
    bold: usize,
    muted: usize,
    /// A line of the source ended here: a space, but not between Chinese characters.
    soft_break: bool,
}

impl Words {
    fn say(&mut self, said: &str) {
        let (bold, muted) = (self.bold > 0, self.muted > 0);
        let before = match self.text.last() {
            Some(Span::Words { text, .. }) => text.chars().last(),
            _ => None,
        };
        let wide = |c: Option<char>| c.is_some_and(script::is_wide);
        let space = self.soft_break && before != Some('\n') && !(wide(before) && wide(said.chars().next()));
        self.soft_break = false;
        let said = if space { format!(" {said}") } else { said.to_owned() };
        match self.text.last_mut() {
            Some(Span::Words { text, bold: b, muted: m }) if (*b, *m) == (bold, muted) => text.push_str(&said),
            _ => self.text.push(Span::Words { text: said, bold, muted }),
        }
    }
}

impl Reader<'_> {
    /// The run that begins here.
    pub(super) fn inlines(&mut self) -> Result<Text, PrintError> {
        let mut words = Words::default();
        let mut link = String::new();
        while let Some((event, place)) = self.events.next_if(|(event, _)| is_inline(event)) {
            match event {
                Event::Text(text) | Event::Code(text) => words.say(&text),
                Event::SoftBreak => words.soft_break = true,
                Event::HardBreak => words.say("\n"),
                Event::InlineHtml(html) => match &*html {
                    "<br>" | "<br/>" | "<br />" => words.say("\n"),
                    html if html.starts_with("<!--") => {
                        return Err(self.wrong(&place, "a directive has its line for itself".to_owned()));
                    }
                    html => words.say(html),
                },
                Event::Start(Tag::Strong) => words.bold += 1,
                Event::End(TagEnd::Strong) => words.bold -= 1,
                Event::Start(Tag::Emphasis) => words.muted += 1,
                Event::End(TagEnd::Emphasis) => words.muted -= 1,
                Event::Start(Tag::Link { dest_url, .. }) => link = dest_url.to_string(),
                // On paper a link is only worth what can be read.
                Event::End(TagEnd::Link) if !said(&words.text).ends_with(&link) => words.say(&format!(" ({link})")),
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    while self.events.next_if(|(event, _)| !matches!(event, Event::End(TagEnd::Image))).is_some() {}
                    let (width, height) = sides(&title).map_err(|cause| self.wrong(&place, cause))?;
                    words.text.push(Span::Picture { file: dest_url.to_string(), width, height });
                }
                _ => {}
            }
        }
        words.text.retain(|span| !matches!(span, Span::Words { text, .. } if text.is_empty()));
        Ok(words.text)
    }
}

/// The words alone.
pub fn said(text: &Text) -> String {
    let words = text.iter().filter_map(|span| match span {
        Span::Words { text, .. } => Some(text.as_str()),
        Span::Picture { .. } => None,
    });
    words.collect()
}

/// `height=12mm` or `width=40mm`, a picture's title in Markdown.
fn sides(title: &str) -> Result<(Option<f32>, Option<f32>), String> {
    match title.split_once('=') {
        Some(("height", length)) => Ok((None, Some(directive::length(length)?))),
        Some(("width", length)) => Ok((Some(directive::length(length)?), None)),
        _ => Err("a picture says its size: ![](logo.png \"height=12mm\")".to_owned()),
    }
}
