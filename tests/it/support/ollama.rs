//! A stand-in for the hosts of local models: answers `/api/tags` and `/api/chat` as it is told, and keeps what it was
//! asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::{Value, json};

/// What comes of `POST /api/chat`.
#[derive(Clone, Debug)]
pub(crate) enum Chat {
    /// The model writes this.
    Says(String),
    /// This status with this body.
    Answers(u16, String),
    /// Nothing, until the other side gives up.
    Never,
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `POST /api/chat`.
    pub(crate) what: String,
    /// All that was sent, headers included.
    pub(crate) whole: String,
    /// The body, if it is JSON.
    pub(crate) body: Value,
    /// When.
    pub(crate) at: Instant,
}

#[derive(Default)]
struct Kept {
    asked: Vec<Asked>,
    /// When the other side gave up on an answer.
    closed: Vec<Instant>,
}

/// A host under way; its threads end with the test's process.
pub(crate) struct Ollama {
    port: u16,
    kept: Arc<Mutex<Kept>>,
}

impl Ollama {
    /// A host with these models.
    pub(crate) fn start(models: &[&str], chat: Chat) -> Self {
        let models: Vec<Value> =
            models.iter().map(|name| json!({ "name": name, "model": name, "size": 1 })).collect();
        Self::answering(200, json!({ "models": models }).to_string(), chat)
    }

    /// A host that says this to `/api/tags`.
    pub(crate) fn answering(status: u16, tags: String, chat: Chat) -> Self {
        Self::serve(move |what| match what {
            "GET /api/tags" => Chat::Answers(status, tags.clone()),
            "POST /api/chat" => chat.clone(),
            _ => Chat::Answers(404, String::new()),
        })
    }

    /// A host that takes connections and says nothing.
    pub(crate) fn silent() -> Self {
        Self::serve(|_| Chat::Never)
    }

    /// The address of a host that is not there.
    pub(crate) fn dead() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    fn serve(answer: impl Fn(&str) -> Chat + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let (shared, answer) = (Arc::clone(&kept), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                std::thread::spawn(move || converse(stream, &kept, answer.as_ref()));
            }
        });
        Self { port, kept }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its name, as people are told it.
    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What it was asked, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.kept.lock().unwrap().asked.clone()
    }

    /// What models were asked to write.
    pub(crate) fn chats(&self) -> Vec<Asked> {
        let mut asked = self.asked();
        asked.retain(|one| one.what == "POST /api/chat");
        asked
    }

    /// When others gave up on it.
    pub(crate) fn given_up(&self) -> Vec<Instant> {
        self.kept.lock().unwrap().closed.clone()
    }
}

/// One request of a connection, and its answer.
fn converse(mut stream: TcpStream, kept: &Mutex<Kept>, answer: &(impl Fn(&str) -> Chat + ?Sized)) {
    let Some((head, body)) = request(&mut stream) else {
        return;
    };
    let what: Vec<&str> = head.split(' ').take(2).collect();
    let what = what.join(" ");
    kept.lock().unwrap().asked.push(Asked {
        whole: format!("{head}{body}"),
        body: serde_json::from_str(&body).unwrap_or_default(),
        what: what.clone(),
        at: Instant::now(),
    });
    let (status, body) = match answer(&what) {
        Chat::Answers(status, body) => (status, body),
        Chat::Says(content) => {
            let message = json!({ "role": "assistant", "content": content });
            let whole = json!({ "model": "m", "message": message, "done": true });
            (200, whole.to_string())
        }
        Chat::Never => {
            let mut rest = [0];
            // Nothing more comes; it ends when the other side closes.
            let ended = stream.read(&mut rest);
            assert!(!matches!(ended, Ok(1)), "more than one request");
            kept.lock().unwrap().closed.push(Instant::now());
            return;
        }
    };
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nlocation: /elsewhere\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    // Whoever asked may have gone.
    let sent = stream.write_all(format!("{head}{body}").as_bytes());
    sent.unwrap_or_default();
}

/// Head and body of a request.
fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let line = line.to_ascii_lowercase();
                line.strip_prefix("content-length:")?.trim().parse().ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return Some((format!("{head}\n\n"), body.to_owned()));
            }
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}
