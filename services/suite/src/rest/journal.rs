//! What the suite has acknowledged, so that it can be held to it: every keyed command sent again must get the same bytes
//! (ruling 19), whatever has happened in between. Keeps requests and answers; judges nothing but equality.
use super::{Caller, Content, Rest};
use platform::auth::Role;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::sync::{Mutex, PoisonError};

/// Acknowledged commands in the order of their answers.
#[derive(Debug, Default)]
pub struct Journal(Mutex<Vec<Kept>>);

#[derive(Debug, Clone)]
struct Kept {
    role: Role,
    number: usize,
    path: String,
    content: Owned,
    key: String,
    tag: Option<String>,
    status: StatusCode,
    text: String,
}

#[derive(Debug, Clone)]
enum Owned {
    Json(Value),
    File { content_type: &'static str, bytes: &'static [u8] },
}

impl Journal {
    pub(super) fn keep(
        &self,
        caller: &Caller<'_>,
        path: &str,
        content: Content<'_>,
        key: &str,
        tag: Option<&str>,
        (status, text): (StatusCode, &str),
    ) {
        let content = match content {
            Content::Json(body) => Owned::Json(body.clone()),
            Content::File { content_type, bytes } => Owned::File { content_type, bytes },
        };
        let (key, tag, path, text) = (key.to_owned(), tag.map(str::to_owned), path.to_owned(), text.to_owned());
        let kept = Kept { role: caller.role, number: caller.number, path, content, key, tag, status, text };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    }
    /// How many commands were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
    /// Takes what has been kept so far.
    fn take(&self) -> Vec<Kept> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Rest {
    /// Sends everything acknowledged again under its key and forgets it; one line for each answer that is not the one given
    /// before, byte for byte.
    pub(crate) async fn repeat(&self, journal: &Journal) -> anyhow::Result<Vec<String>> {
        let mut different = Vec::new();
        for kept in journal.take() {
            let content = match &kept.content {
                Owned::Json(body) => Content::Json(body),
                Owned::File { content_type, bytes } => Content::File { content_type, bytes },
            };
            let caller = Caller { rest: self, role: kept.role, number: kept.number };
            let (status, _, text) =
                caller.exchange(&Method::POST, &kept.path, Some((content, &kept.key)), kept.tag.as_deref()).await?;
            if (status, &text) != (kept.status, &kept.text) {
                different.push(format!(
                    "POST {} key {}: {} {} then, {status} {text} now",
                    kept.path, kept.key, kept.status, kept.text
                ));
            }
        }
        Ok(different)
    }
}
