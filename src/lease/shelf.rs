//! The records of one lease in their store.
//! In: a store and a prefix. Out: the record with the highest number; a new one where there is none of its number.
//! Never changes a record, and never takes away the highest.

use std::fs::DirBuilder;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode};

use super::error::Error;
use super::record::{LARGEST, Record};

/// So many seconds a record is left after the next one was created. A store may list by walking: one that is tidied away while somebody walks past must not hide
/// that there is a higher one.
const LEFT: i64 = 60;

/// The number of a record.
pub(super) type Number = u64;

/// What the records are in, below the place of the user.
pub(super) const FOLDER: &str = "trunkform-lease";

const DIGITS: usize = 10;
const LAST: Number = 9_999_999_999;

/// Where records stand.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    store: Arc<dyn ObjectStore>,
    folder: Path,
    /// What the user calls it.
    name: String,
    /// The folder of the records, if it is one of this machine.
    on_disk: Option<PathBuf>,
}

/// Whether a record could be created.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Created {
    Yes,
    /// There is one of its number.
    TooLate,
}

impl Shelf {
    pub(super) fn new(store: Arc<dyn ObjectStore>, prefix: &Path, name: &str) -> Self {
        let name = format!("{}/{FOLDER}", name.trim_end_matches('/'));
        Self { store, folder: prefix.clone().join(FOLDER), name, on_disk: None }
    }

    /// The same in a folder of this machine: records are for their owner alone.
    pub(super) fn on_disk(self, place: &Folder) -> Self {
        Self { on_disk: Some(place.join(FOLDER)), ..self }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The highest number; 0 where there is no record at all.
    pub(super) async fn highest(&self) -> Result<Number, Error> {
        Ok(self.all().await?.into_iter().map(|(number, _)| number).max().unwrap_or(0))
    }

    async fn all(&self) -> Result<Vec<(Number, ObjectMeta)>, Error> {
        let listed = self.store.list(Some(&self.folder));
        let ours = listed.try_filter_map(|meta| async move {
            Ok(number(&self.folder, &meta.location).map(|number| (number, meta)))
        });
        ours.try_collect().await.map_err(|why| self.failed("read", why))
    }

    /// One record; nothing where it was tidied away by now.
    pub(super) async fn read(&self, number: Number) -> Result<Option<Record>, Error> {
        let got = match self.store.get(&self.path(number)).await {
            Ok(got) => got,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(why) => return Err(self.failed("read", why)),
        };
        if got.meta.size > LARGEST {
            return Err(self.malformed(number, format!("it has {} bytes", got.meta.size)));
        }
        let bytes = match got.bytes().await {
            Ok(bytes) => bytes,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(why) => return Err(self.failed("read", why)),
        };
        Record::read(&bytes).map(Some).map_err(|why| self.malformed(number, why))
    }

    /// Creates a record where there is none of its number.
    pub(super) async fn create(&self, number: Number, record: &Record) -> Result<Created, Error> {
        let bytes = record.written().map_err(|why| self.malformed(number, why))?;
        self.make_private_folder();
        match self.store.put_opts(&self.path(number), bytes.into(), PutMode::Create.into()).await {
            Ok(_) => self.make_private(number).map(|()| Created::Yes),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(Created::TooLate),
            Err(why) => Err(self.failed("written", why)),
        }
    }

    /// A folder that nobody else may enter keeps a record private from its first byte. That it can't be made says the record next.
    fn make_private_folder(&self) {
        if let Some(folder) = &self.on_disk {
            let mut builder = DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            let _ = builder.create(folder);
        }
    }

    #[cfg(unix)]
    fn make_private(&self, number: Number) -> Result<(), Error> {
        let Some(folder) = &self.on_disk else { return Ok(()) };
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        let made = std::fs::set_permissions(folder.join(file(number)), private);
        match made {
            // Somebody has tidied it away: it counts no more.
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(()),
            made => made.map_err(|why| Error::Store {
                place: self.name.clone(),
                what: "written",
                why: why.to_string(),
            }),
        }
    }

    #[cfg(not(unix))]
    fn make_private(&self, _: Number) -> Result<(), Error> {
        Ok(())
    }

    /// Whether a record that was just created is the highest. What is long past is tidied away then; that it can't be is no harm: it counts no more.
    pub(super) async fn counts(&self, created: Number) -> Result<bool, Error> {
        let mut all = self.all().await?;
        if all.iter().any(|(number, _)| *number > created) {
            return Ok(false);
        }
        all.sort_unstable_by_key(|(number, _)| *number);
        let Some((_, newest)) = all.last() else { return Ok(true) };
        let past = |next: &ObjectMeta| (newest.last_modified - next.last_modified).num_seconds() > LEFT;
        for two in all.windows(2).filter(|two| past(&two[1].1)) {
            let _ = self.store.delete(&two[0].1.location).await;
        }
        Ok(true)
    }

    /// Takes back a record that does not count; that it can't be is no harm either.
    pub(super) async fn withdraw(&self, number: Number) {
        let _ = self.store.delete(&self.path(number)).await;
    }

    /// The number after another.
    pub(super) fn after(&self, number: Number) -> Result<Number, Error> {
        let next = number.checked_add(1).filter(|next| *next <= LAST);
        next.ok_or_else(|| self.malformed(number, "no higher number is left".into()))
    }

    fn malformed(&self, number: Number, why: String) -> Error {
        Error::Malformed { place: format!("{}/{}", self.name, file(number)), why }
    }

    fn path(&self, number: Number) -> Path {
        self.folder.clone().join(file(number))
    }

    fn failed(&self, what: &'static str, why: object_store::Error) -> Error {
        Error::Store { place: self.name.clone(), what, why: why.to_string() }
    }
}

fn file(number: Number) -> String {
    format!("{number:0DIGITS$}.json")
}

/// The number of a record; nothing for what others put beside them.
fn number(folder: &Path, path: &Path) -> Option<Number> {
    let mut parts = path.prefix_match(folder)?;
    let (name, none) = (parts.next()?, parts.next());
    let digits = name.as_ref().strip_suffix(".json")?;
    let ours = none.is_none() && digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|number| ours && *number > 0)
}
