//! A real server of Debian's package, in a folder and on ports of its own. It ends with the test.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Service {
    process: Child,
}

impl Service {
    /// Starts it, and waits until it accepts connections at each of these ports.
    pub(crate) fn start(program: &str, arguments: &[&str], ports: &[u16]) -> Self {
        let process = Command::new("setpriv")
            .args(["--pdeathsig=KILL", "--", program])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // Beside a test that fails, what the server says is of use.
            .stderr(Stdio::inherit())
            .spawn()
            .expect("it is installed by `cargo xtask test`");
        let mut service = Self { process };
        for &port in ports {
            service.wait_for(port);
        }
        service
    }

    fn wait_for(&mut self, port: u16) {
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(self.process.try_wait().unwrap().is_none(), "it has ended");
            assert!(Instant::now() < until, "nothing listens");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// In memory, where that is.
pub(crate) fn scratch() -> TempDir {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    folder.unwrap()
}

/// Ports that nobody had a moment ago.
pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    let all = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    all.map(|listener| listener.local_addr().unwrap().port())
}
