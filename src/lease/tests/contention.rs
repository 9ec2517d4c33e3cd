//! Many want one lease at once: one has it at any time, whatever the order of what happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Random waits between the requests of a store, so that they interleave in many ways.
#[derive(Debug)]
struct Slow<S>(S);

impl<S: std::fmt::Display> std::fmt::Display for Slow<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

async fn wait() {
    for _ in 0..fastrand::u8(0..6) {
        tokio::task::yield_now().await;
    }
}

mod slow {
    use futures_util::stream::{BoxStream, StreamExt as _};
    use object_store::path::Path;
    use object_store::{
        CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
        PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
    };

    use super::{Slow, wait};

    #[async_trait::async_trait]
    impl<S: ObjectStore> ObjectStore for Slow<S> {
        async fn put_opts(&self, path: &Path, what: PutPayload, options: PutOptions) -> Result<PutResult> {
            wait().await;
            let put = self.0.put_opts(path, what, options).await;
            wait().await;
            put
        }

        async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
            wait().await;
            self.0.get_opts(path, options).await
        }

        fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
            // What a list says is old when it is read.
            self.0
                .list(prefix)
                .then(|meta| async {
                    wait().await;
                    meta
                })
                .boxed()
        }

        fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
            self.0.delete_stream(paths)
        }

        async fn put_multipart_opts(
            &self,
            path: &Path,
            options: PutMultipartOptions,
        ) -> Result<Box<dyn MultipartUpload>> {
            self.0.put_multipart_opts(path, options).await
        }

        async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
            self.0.list_with_delimiter(prefix).await
        }

        async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
            self.0.copy_opts(from, to, options).await
        }
    }
}

/// Each of them takes, perhaps renews, and releases the lease again and again. Says how often somebody had it.
async fn contend(store: Arc<dyn ObjectStore>, contenders: usize, rounds: usize) -> usize {
    let (inside, had) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = tokio::task::JoinSet::new();
    for contender in 0..contenders {
        let (place, inside, had) = (Place::at(store.clone()), inside.clone(), had.clone());
        tasks.spawn(async move {
            for _ in 0..rounds {
                let mut lease = match place.take(terms(&contender.to_string()), Asked::Free).await {
                    Ok(lease) => lease,
                    Err(Error::Held(_) | Error::Restless(_)) => {
                        wait().await;
                        continue;
                    }
                    Err(why) => panic!("{why}"),
                };
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two have it");
                wait().await;
                if fastrand::bool() {
                    lease.renew().await.unwrap();
                }
                had.fetch_add(1, Ordering::SeqCst);
                assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1, "two have it");
                lease.release().await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    had.load(Ordering::SeqCst)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_has_it_in_memory() {
    let had = contend(Arc::new(Slow(InMemory::new())), 12, 60).await;
    assert!(had > 20, "{had}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_has_it_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = object_store::local::LocalFileSystem::new_with_prefix(folder.path()).unwrap();
    let had = contend(Arc::new(Slow(store)), 8, 40).await;
    assert!(had > 10, "{had}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_break_it_at_once_one_has_it() {
    for _ in 0..100 {
        let place = Place::at(Arc::new(Slow(InMemory::new())));
        let first = place.take(terms("first"), Asked::Free).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for breaker in 0..6 {
            let place = place.clone();
            tasks.spawn(async move { place.take(terms(&breaker.to_string()), Asked::Break).await.is_ok() });
        }
        let taken = tasks.join_all().await;
        assert!(taken.contains(&true));
        // Those who came when it was broken already broke it again, one after the other; the last has it.
        assert!(matches!(first.release().await, Err(Error::Held(_))));
        held(place.take(terms("last"), Asked::Free).await);
    }
}

#[tokio::test]
async fn a_number_that_came_free_again_gives_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::open(folder.path().to_str().unwrap()).unwrap();
    let mut asleep = place.take(terms("asleep"), Asked::Free).await.unwrap();
    place.take(terms("awake"), Asked::Break).await.unwrap().release().await.unwrap();
    hour_passes(folder.path());
    let awake = place.take(terms("awake"), Asked::Free).await.unwrap();
    let left = ["0000000003.json", "0000000004.json"];
    assert_eq!(files(folder.path()), left, "the number that the sleeper would create is free");
    assert!(matches!(asleep.renew().await, Err(Error::Held(by)) if by.holder == holder("awake")));
    assert_eq!(files(folder.path()), left, "it took its record back");
    assert!(matches!(asleep.release().await, Err(Error::Held(by)) if by.holder == holder("awake")));
    assert_eq!(files(folder.path()), left, "and that of its release");
    awake.release().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_takes_it_while_it_is_released_does_not_disturb_the_release() {
    for _ in 0..100 {
        let place = Place::at(Arc::new(Slow(InMemory::new())));
        let first = place.take(terms("first"), Asked::Free).await.unwrap();
        let next = place.clone();
        let waiting = tokio::spawn(async move {
            while next.take(terms("next"), Asked::Free).await.is_err() {
                tokio::task::yield_now().await;
            }
        });
        first.release().await.unwrap();
        waiting.await.unwrap();
    }
}
