//! The address where an issuer publishes its keys, as a small HTTP server that says whatever the test tells it to. It knows
//! no keys of its own.
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// An issuer on the loopback that answers each request with what is set, and counts them.
pub struct Issuer {
    pub url: String,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    serving: tokio::task::JoinHandle<()>,
}

/// What an issuer may say instead of a usable key set, status and body: an error, another page, a redirect, a set with one key
/// `twice`, more than anybody reads, nothing.
#[must_use]
pub fn troubles(twice: String) -> Vec<(&'static str, String)> {
    let huge = format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(10 << 20));
    vec![
        ("500 Internal Server Error", "{}".to_owned()),
        ("200 OK", "<html>log in</html>".to_owned()),
        ("302 Found", String::new()),
        ("200 OK", twice),
        ("200 OK", huge),
        ("200 OK", String::new()),
        ("204 No Content", String::new()),
    ]
}

impl Issuer {
    /// Answers 200 with this body, 20 ms after it was asked.
    pub async fn start(body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/jwks", listener.local_addr().expect("an address"));
        let (answer, asked) = (Arc::new(Mutex::new(String::new())), Arc::new(AtomicUsize::new(0)));
        let (said, counted) = (answer.clone(), asked.clone());
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let answer = said.lock().unwrap_or_else(PoisonError::into_inner).clone();
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    if answer.is_empty() {
                        tokio::time::sleep(Duration::from_mins(1)).await;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        let issuer = Self { url, answer, asked, serving };
        issuer.answers("200 OK", body);
        issuer
    }

    /// From now on.
    pub fn answers(&self, status: &str, body: &str) {
        let length = body.len();
        self.say(format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nLocation: {}\r\nConnection: close\r\n\r\n{body}",
            self.url
        ));
    }
    /// From now on nobody gets an answer.
    pub fn falls_silent(&self) {
        self.say(String::new());
    }
    /// How often somebody asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
    fn say(&self, answer: String) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
