//! A TCP proxy of ours on every edge, which can do what networks do: stay silent, refuse, be slow, lose an answer after the
//! request was done. Knows one word of Postgres (COMMIT) and nothing else of what passes.
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
    time::{Duration, sleep},
};

/// Answers that could have been swallowed: each so-and-so-many-th is, which needs no die of its own beside the seed.
static ANSWERS: AtomicU32 = AtomicU32::new(1);

/// What a network does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Weather {
    Fine,
    /// Nothing comes through, nobody is told; what was sent arrives when it clears up.
    BlackHole,
    /// Whoever is connected is cut off, whoever connects is turned away.
    Refusing,
    /// Everything takes so much longer, in each direction.
    Slow(Duration),
    /// Of so many answers to a COMMIT, one is swallowed with its connection, after the server has done it.
    SwallowCommit {
        one_in: u32,
    },
    /// The same for any answer.
    SwallowAnswer {
        one_in: u32,
    },
}

/// One edge.
#[derive(Clone)]
pub(crate) struct Edge {
    /// Where to connect instead: `127.0.0.1:port`.
    pub address: String,
    weather: Arc<watch::Sender<Weather>>,
}

impl Edge {
    /// Opens an edge to `target`, which need not listen yet.
    pub(crate) async fn open(target: String) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (weather, seen) = watch::channel(Weather::Fine);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (target, seen) = (target.clone(), seen.clone());
                tokio::spawn(async move {
                    // Whichever direction ends first takes the other with it.
                    let _ = carry(client, &target, seen).await;
                });
            }
        });
        Ok(Self { address, weather: Arc::new(weather) })
    }
    /// From now on, for connections that are open too.
    pub(crate) fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

async fn carry(client: TcpStream, target: &str, mut seen: watch::Receiver<Weather>) -> std::io::Result<()> {
    if *seen.borrow_and_update() == Weather::Refusing {
        return Ok(());
    }
    clear(&mut seen).await;
    let server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (client_in, client_out) = client.into_split();
    let (server_in, server_out) = server.into_split();
    let (asked, asking) = watch::channel(false);
    tokio::select! {
        result = requests(client_in, server_out, seen.clone(), asked) => result,
        result = answers(server_in, client_out, seen.clone(), asking) => result,
        () = cut_off(seen) => Ok(()),
    }
}

/// Resolves while somebody refuses.
async fn cut_off(mut seen: watch::Receiver<Weather>) {
    let _ = seen.wait_for(|weather| *weather == Weather::Refusing).await;
}

/// Waits until something comes through.
async fn clear(seen: &mut watch::Receiver<Weather>) {
    let _ = seen.wait_for(|weather| *weather != Weather::BlackHole).await;
}

/// What came, once the weather lets it through; nothing at the end.
async fn next(
    from: &mut OwnedReadHalf,
    buffer: &mut [u8],
    seen: &mut watch::Receiver<Weather>,
) -> std::io::Result<Option<usize>> {
    let count = from.read(buffer).await?;
    pass(seen).await;
    Ok((count > 0).then_some(count))
}

async fn pass(seen: &mut watch::Receiver<Weather>) {
    clear(seen).await;
    let delay = match *seen.borrow() {
        Weather::Slow(delay) => Some(delay),
        _ => None,
    };
    if let Some(delay) = delay {
        sleep(delay).await;
    }
}

/// Client to server; tells the other direction when a COMMIT passes.
async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut seen: watch::Receiver<Weather>,
    commit: watch::Sender<bool>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    while let Some(count) = next(&mut from, &mut buffer, &mut seen).await? {
        commit.send_replace(buffer[..count].windows(7).any(|word| word == b"COMMIT\0"));
        to.write_all(&buffer[..count]).await?;
    }
    Ok(())
}

/// Server to client, unless the answer is swallowed.
async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut seen: watch::Receiver<Weather>,
    commit: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    while let Some(count) = next(&mut from, &mut buffer, &mut seen).await? {
        let one_in = match *seen.borrow() {
            Weather::SwallowAnswer { one_in } => Some(one_in),
            Weather::SwallowCommit { one_in } if *commit.borrow() => Some(one_in),
            _ => None,
        };
        if one_in.is_some_and(|one_in| ANSWERS.fetch_add(1, Ordering::Relaxed).is_multiple_of(one_in)) {
            return Ok(());
        }
        to.write_all(&buffer[..count]).await?;
    }
    Ok(())
}
