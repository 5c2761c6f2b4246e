//! A TCP proxy that counts round trips: every time the client speaks after the server has spoken. It holds everything back
//! for a moment, so that what was sent together is seen together.
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Duration, sleep},
};

/// Much longer than a client needs to say all that it says at once, even on a busy machine.
const HOLD: Duration = Duration::from_millis(5);

pub struct Proxy {
    pub address: String,
    pub turns: Arc<AtomicU32>,
}

pub async fn start(target: &str) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (turns, target) = (Arc::new(AtomicU32::new(0)), target.to_owned());
    let counted = turns.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&target).await.expect("the server");
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let server_spoke = Arc::new(AtomicBool::new(true));
            let (client_in, client_out) = client.into_split();
            let (server_in, server_out) = server.into_split();
            let (turns, spoke) = (counted.clone(), server_spoke.clone());
            tokio::spawn(pump(client_in, server_out, move || {
                if spoke.swap(false, Ordering::Relaxed) {
                    turns.fetch_add(1, Ordering::Relaxed);
                }
            }));
            tokio::spawn(pump(server_in, client_out, move || server_spoke.store(true, Ordering::Relaxed)));
        }
    });
    Proxy { address, turns }
}

async fn pump(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, heard: impl Fn()) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        heard();
        sleep(HOLD).await;
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
