//! In: a word that the state has changed, and where the state is.
//! Out: the state file, always whole, never older than a fraction of a second while running, exact after the end.
//! Never reads the file again.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// The shortest time between two writes; a big state is written more seldom, at a tenth of the time.
const PAUSE: Duration = Duration::from_millis(200);

/// Writes the file in the background until it is told to finish.
pub(super) struct Saver {
    end: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Saver {
    pub(super) fn start<F>(file: PathBuf, changed: Arc<Notify>, state: F) -> Self
    where
        F: Fn() -> Value + Clone + Send + 'static,
    {
        let (end, mut ended) = oneshot::channel();
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = &mut ended => return save(&file, state).await,
                    () = changed.notified() => {}
                }
                let began = Instant::now();
                // What fails here (a full disk) is tried again at the next change, and reported at the end.
                let _ = save(&file, state.clone()).await;
                let pause = PAUSE.max(began.elapsed() * 10);
                tokio::select! {
                    _ = &mut ended => return save(&file, state).await,
                    () = tokio::time::sleep(pause) => {}
                }
            }
        });
        Self { end, task }
    }

    /// Writes the file a last time.
    pub(super) async fn finish(self) -> io::Result<()> {
        let _ = self.end.send(());
        self.task.await.map_err(io::Error::other)?
    }
}

async fn save<F>(file: &Path, state: F) -> io::Result<()>
where
    F: Fn() -> Value + Send + 'static,
{
    let file = file.to_owned();
    tokio::task::spawn_blocking(move || write(&file, &state())).await.map_err(io::Error::other)?
}

/// The file changes at once or not at all.
fn write(file: &Path, state: &Value) -> io::Result<()> {
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("state file {}: {error}", file.display()));
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(named)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(named)?;
    temporary.write_all(format!("{state:#}\n").as_bytes()).map_err(named)?;
    temporary.persist(file).map_err(|error| named(error.error))?;
    Ok(())
}

/// `None` when there is no such file.
pub(super) fn read(file: &Path) -> io::Result<Option<Value>> {
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(io::Error::new(error.kind(), format!("state file {}: {error}", file.display())));
        }
    };
    serde_json::from_slice(&text).map(Some).map_err(|error| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("state file {}: not JSON: {error}", file.display()),
        )
    })
}
