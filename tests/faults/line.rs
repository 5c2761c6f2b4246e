//! One HTTP/1.1 connection that is kept, spoken by hand: cheap enough to offer ten times what the suite takes from the same two
//! cores, and it shows what a client library hides (who closes a connection, and when). It never asks anything twice.
use super::{caller::Caller, ground::Ground};
use anyhow::Context;
use platform::auth::Role;
use serde_json::{Value, json};
use std::{
    io::{Error, ErrorKind, Result},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use uuid::Uuid;

/// How long one request may stay without an answer.
const LIMIT: Duration = Duration::from_secs(10);

/// The connection.
pub(crate) struct Line {
    stream: TcpStream,
    /// What came and was not looked at yet.
    buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub status: u16,
    /// It says when to come back.
    pub come_back: bool,
    /// The connection ends with it.
    pub closing: bool,
    pub body: Vec<u8>,
}

impl Line {
    pub(crate) async fn open(address: &str) -> Result<Self> {
        let stream = timeout(LIMIT, TcpStream::connect(address)).await??;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }
    /// The other side has closed it: what a client looks at before it takes a connection that lay idle.
    pub(crate) fn is_closed(&self) -> bool {
        !matches!(self.stream.try_read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
    /// Asks once.
    pub(crate) async fn ask(&mut self, request: &str) -> Result<Heard> {
        timeout(LIMIT, self.exchange(request)).await?
    }
    async fn exchange(&mut self, request: &str) -> Result<Heard> {
        self.stream.write_all(request.as_bytes()).await?;
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        let field = |name: &str| {
            let mut fields = head.lines().filter_map(|line| line.split_once(": "));
            fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        };
        let strange = || Error::new(ErrorKind::InvalidData, head.clone());
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(strange)?;
        let length: usize = field("content-length").and_then(|length| length.parse().ok()).ok_or_else(strange)?;
        while self.buffer.len() < end + 4 + length {
            self.more().await?;
        }
        let mut body = std::mem::take(&mut self.buffer);
        self.buffer = body.split_off(end + 4 + length);
        body.drain(..end + 4);
        let closing = field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        Ok(Heard { status, come_back: field("retry-after").is_some(), closing, body })
    }
    async fn more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// What is asked: every other request takes a lead in, and the others read one.
pub(crate) struct Mix {
    token: String,
    /// The lead that is read.
    lead: String,
    asked: AtomicU64,
}

impl Mix {
    /// Takes in the lead that will be read.
    pub(crate) async fn new(ground: &Ground, address: &str) -> anyhow::Result<Self> {
        let caller = Caller::new(ground, Role::Integration)?;
        let mix = Self { token: caller.token().to_owned(), lead: String::new(), asked: AtomicU64::new(0) };
        let heard = Line::open(address).await?.ask(&mix.intake()).await?;
        let made: Value = serde_json::from_slice(&heard.body)?;
        let lead = made["id"].as_str().with_context(|| format!("no lead: {} {made}", heard.status))?.to_owned();
        Ok(Self { lead, ..mix })
    }
    /// Whether it reads, and the request.
    pub(crate) fn next(&self) -> (bool, String) {
        let reads = !self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        (reads, if reads { self.reading() } else { self.intake() })
    }
    fn reading(&self) -> String {
        format!(
            "GET /api/crm/v1/leads/{} HTTP/1.1\r\nhost: crm\r\nauthorization: Bearer {}\r\n\r\n",
            self.lead, self.token
        )
    }
    fn intake(&self) -> String {
        let word = Uuid::now_v7().simple();
        let body = json!({"party_type": "org", "name": word.to_string(), "source": "exhibition"}).to_string();
        format!(
            "POST /api/crm/v1/leads HTTP/1.1\r\nhost: crm\r\nauthorization: Bearer {}\r\nidempotency-key: {word}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        )
    }
}

/// Is this service ready?
pub(crate) async fn is_ready(address: &str, limit: Duration) -> bool {
    let asked = async {
        let mut line = Line::open(address).await?;
        line.ask("GET /readyz HTTP/1.1\r\nhost: crm\r\nconnection: close\r\n\r\n").await
    };
    timeout(limit, asked).await.is_ok_and(|heard| heard.is_ok_and(|heard| heard.status == 200))
}
