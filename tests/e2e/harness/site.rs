//! A site of somebody's: one blank page without any policy, whatever is asked for.

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 67\r\nConnection: close\r\n\r\n\
<!doctype html><title>Site</title><link rel=icon href=data:,><body>";

/// Its server; gone when this is dropped.
pub(crate) struct Site {
    origin: String,
    serving: JoinHandle<()>,
}

impl Site {
    /// On a free port.
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://localhost:{}", listener.local_addr()?.port());
        let serving = tokio::spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                tokio::spawn(answer(visitor));
            }
        });
        Ok(Self { origin, serving })
    }

    /// `http://localhost:<port>`
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(mut visitor: TcpStream) {
    // A request is read as far as it comes at once: it makes no difference what it says.
    let mut request = [0; 8192];
    let _ = visitor.read(&mut request).await;
    // Whoever has gone needs no answer.
    let _ = visitor.write_all(ANSWER).await;
}
