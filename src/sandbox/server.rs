//! The server itself: a thread with a runtime of its own, listening on loopback.
//!
//! Answering requests is left to `serve.rs`.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

use super::fault::Faults;
use super::log::Log;
use super::options::Options;
use super::rate::Window;
use super::serve::{Connection, Shared, Shut, answer};
use super::store::Store;
use super::wire::Stream;

/// Wait between attempts to get a port back, or after a failed accept.
const AGAIN: Duration = Duration::from_millis(10);

/// A running practice server; dropping it stops it.
#[derive(Debug)]
#[must_use = "the server stops when this is dropped"]
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Returns the base URL of the API, without a slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, super::routes::PREFIX)
    }

    /// Blocks until the process ends.
    pub fn wait(mut self) {
        join(self.thread.take());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It fails only when the thread has ended already.
            let _sent = stop.send(());
        }
        join(self.thread.take());
    }
}

fn join(thread: Option<JoinHandle<()>>) {
    if let Some(thread) = thread {
        // A panic in the server has been reported by its own thread.
        let _ended = thread.join();
    }
}

/// Starts a practice server; it is listening when this returns.
pub fn start(options: Options) -> io::Result<Server> {
    let store = Store::open(&options.dir, options.first())?;
    let log = Log::open(options.log.as_deref())?;
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (doors, orders) = mpsc::channel(1);
    let shared = Arc::new(Shared {
        store: Mutex::new(store),
        faults: Mutex::new(Faults::new(options.faults)),
        window: Mutex::new(Window::default()),
        rate: options.rate,
        list_page: options.list_page,
        log,
        doors,
        origin: format!("http://{address}"),
        requests: AtomicU64::new(0),
        refusals: AtomicU8::new(0),
        last_ticket: AtomicI64::new(super::seed::BILLABLE),
        lags: Mutex::new(Vec::new()),
    });
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("sandbox".to_owned())
        .spawn(move || run(&runtime, listener, shared, orders, stopped))?;
    Ok(Server { address, stop: Some(stop), thread: Some(thread) })
}

fn run(
    runtime: &Runtime,
    listener: std::net::TcpListener,
    shared: Arc<Shared>,
    orders: mpsc::Receiver<Shut>,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        tokio::select! {
            _ = stopped => {}
            () = listen(listener, shared, orders) => {}
        }
    });
}

async fn listen(
    listener: std::net::TcpListener,
    shared: Arc<Shared>,
    mut orders: mpsc::Receiver<Shut>,
) {
    let Ok(address) = listener.local_addr() else {
        return;
    };
    let Ok(mut listener) = TcpListener::from_std(listener) else {
        return;
    };
    let mut open: HashMap<u64, tokio::task::JoinHandle<()>> = HashMap::new();
    let mut number = 0;
    loop {
        tokio::select! {
            Some(order) = orders.recv() => {
                drop(listener);
                listener = shut(order, &mut open, address).await;
            }
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    number += 1;
                    open.retain(|_, task| !task.is_finished());
                    let task = tokio::spawn(serve(socket, number, Arc::clone(&shared)));
                    open.insert(number, task);
                }
                // Out of file handles, or a client that left at once: nothing to do but go on.
                Err(_) => tokio::time::sleep(AGAIN).await,
            },
        }
    }
}

/// Closes all connections but one, is gone for a while, and comes back on the same port.
async fn shut(
    order: Shut,
    open: &mut HashMap<u64, tokio::task::JoinHandle<()>>,
    address: SocketAddr,
) -> TcpListener {
    let others: Vec<u64> = open.keys().copied().filter(|one| *one != order.but).collect();
    for other in others {
        if let Some(task) = open.remove(&other) {
            task.abort();
            // Awaited, so that its socket is closed before the answer goes out.
            let _ended = task.await;
        }
    }
    // The clients notice before they get the one answer, so that none sends by a connection that is closed already.
    tokio::time::sleep(AGAIN * 2).await;
    let _told = order.done.send(());
    tokio::time::sleep(order.time).await;
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(AGAIN).await,
        }
    }
}

async fn serve(socket: TcpStream, number: u64, shared: Arc<Shared>) {
    // Small answers go out at once; where that cannot be set they are only slower.
    let _set = socket.set_nodelay(true);
    let reset = Arc::new(AtomicBool::new(false));
    let connection = Connection { number, reset: Arc::clone(&reset) };
    let stream = Stream { socket, reset };
    let service =
        service_fn(move |request| answer(Arc::clone(&shared), connection.clone(), request));
    // A connection that ends in an error is what many faults are for.
    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
