//! Where a lease stands: a folder of this machine or a bucket.
//! In: what the user wrote, the environment. Out: a way to its records, or what is wrong with it.
//! Credentials come from the environment alone; nothing goes unencrypted to another machine.

use std::path::Path as Folder;
use std::sync::Arc;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ClientConfigKey, ObjectStore, RetryConfig};
use url::Url;

use super::error::Error;
use super::protocol::{Asked, Lease, Terms};
use super::shelf::{FOLDER, Shelf};
use crate::api;

/// A place for one lease.
#[derive(Clone, Debug)]
pub struct Place {
    shelf: Shelf,
}

impl Place {
    /// A path, or a URL that begins with `file://`, `s3://`, `gs://` or `az://`. Sends nothing yet.
    pub fn open(text: &str) -> Result<Self, Error> {
        if !text.contains("://") {
            return folder(Folder::new(text), text);
        }
        let url = Url::parse(text).map_err(|why| wrong("is not a URL", &why))?;
        let secret = !url.username().is_empty() || url.password().is_some();
        if secret || url.query().is_some() || url.fragment().is_some() {
            // It may hold a password and is not repeated.
            let why = "has more in it than a place: leave out user name, query and fragment, credentials come from the environment";
            return Err(Error::Place(format!("the URL of the lease {why}")));
        }
        if url.scheme() == "file" {
            let path = url.to_file_path().map_err(|()| Error::Place(format!("`{text}` is no path here")))?;
            return folder(&path, text);
        }
        let prefix =
            Path::from_url_path(url.path()).map_err(|why| wrong(&format!("`{text}` is no place"), &why))?;
        Ok(Self { shelf: Shelf::new(bucket(&url, text)?, &prefix, text) })
    }

    /// Takes the lease that stands here.
    pub async fn take(&self, terms: Terms, asked: Asked) -> Result<Lease, Error> {
        Lease::take(self.shelf.clone(), terms, asked).await
    }

    #[cfg(test)]
    pub(super) fn at(store: Arc<dyn ObjectStore>) -> Self {
        Self { shelf: Shelf::new(store, &Path::default(), "memory://") }
    }
}

fn folder(path: &Folder, text: &str) -> Result<Place, Error> {
    if !path.is_dir() {
        return Err(Error::Place(format!("`{text}` is not a folder: make it first")));
    }
    if Folder::is_symlink(&path.join(FOLDER)) {
        return Err(Error::Place(format!("`{text}/{FOLDER}` is a link: delete it, or name another folder")));
    }
    let store = LocalFileSystem::new_with_prefix(path);
    let store = store.map_err(|why| wrong(&format!("`{text}` can't be opened"), &why))?;
    Ok(Place { shelf: Shelf::new(Arc::new(store), &Path::default(), text).on_disk(path) })
}

/// The bucket that a URL names, as the environment says how to reach it.
fn bucket(url: &Url, text: &str) -> Result<Arc<dyn ObjectStore>, Error> {
    let Some(name) = url.host_str().filter(|name| !name.is_empty()) else {
        return Err(Error::Place(format!("`{text}` names no bucket")));
    };
    api::provide_tls();
    let retry = RetryConfig {
        max_retries: 3,
        retry_timeout: std::time::Duration::from_secs(20),
        ..RetryConfig::default()
    };
    let built: Result<Arc<dyn ObjectStore>, _> = match url.scheme() {
        "s3" => amazon(name, retry)?.build().map(|store| Arc::new(store) as _),
        "gs" => google(name, retry).build().map(|store| Arc::new(store) as _),
        "az" => azure(name, retry)?.build().map(|store| Arc::new(store) as _),
        other => {
            let known = "write a path, or a URL with file://, s3://, gs:// or az://";
            return Err(Error::Place(format!("a lease can't stand at `{other}://`: {known}")));
        }
    };
    built.map_err(|why| wrong(&format!("`{text}` can't be reached"), &why))
}

fn amazon(name: &str, retry: RetryConfig) -> Result<AmazonS3Builder, Error> {
    use AmazonS3ConfigKey::{Client, Endpoint, S3Endpoint};
    let builder = AmazonS3Builder::from_env();
    let endpoint = builder.get_config_value(&S3Endpoint).or_else(|| builder.get_config_value(&Endpoint));
    let builder = builder.with_bucket_name(name).with_retry(retry);
    Ok(client(endpoint.as_deref())?
        .into_iter()
        .fold(builder, |builder, (key, value)| builder.with_config(Client(key), value)))
}

fn google(name: &str, retry: RetryConfig) -> GoogleCloudStorageBuilder {
    let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(name).with_retry(retry);
    encrypted()
        .into_iter()
        .fold(builder, |builder, (key, value)| builder.with_config(GoogleConfigKey::Client(key), value))
}

fn azure(name: &str, retry: RetryConfig) -> Result<MicrosoftAzureBuilder, Error> {
    use AzureConfigKey::{Client, Endpoint};
    let builder = MicrosoftAzureBuilder::from_env();
    let endpoint = builder.get_config_value(&Endpoint);
    let builder = builder.with_container_name(name).with_retry(retry);
    Ok(client(endpoint.as_deref())?
        .into_iter()
        .fold(builder, |builder, (key, value)| builder.with_config(Client(key), value)))
}

type Options = Vec<(ClientConfigKey, &'static str)>;

/// How to talk to an endpoint: without encryption to this machine only.
fn client(endpoint: Option<&str>) -> Result<Options, Error> {
    let Some(endpoint) = endpoint else { return Ok(encrypted()) };
    let url =
        Url::parse(endpoint).map_err(|why| wrong("the endpoint of the lease's store is no URL", &why))?;
    match url.scheme() {
        "https" => Ok(encrypted()),
        // The system's certificates are not needed there, and may be missing.
        "http" if api::is_loopback(&url) => Ok(options(&[
            (ClientConfigKey::AllowHttp, "true"),
            (ClientConfigKey::NoSystemCertificates, "true"),
        ])),
        _ => Err(Error::Place(
            "the endpoint of the lease's store must begin with https://; http:// is for this machine only"
                .into(),
        )),
    }
}

fn encrypted() -> Options {
    options(&[(ClientConfigKey::AllowHttp, "false")])
}

fn options(more: &[(ClientConfigKey, &'static str)]) -> Options {
    let mut options =
        vec![(ClientConfigKey::Timeout, "15 seconds"), (ClientConfigKey::ConnectTimeout, "5 seconds")];
    options.extend_from_slice(more);
    options
}

fn wrong(what: &str, why: &dyn std::error::Error) -> Error {
    Error::Place(format!("{what}: {why}"))
}
