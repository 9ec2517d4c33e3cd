//! A lease that is kept, lost, and whose answers get lost.

use super::super::Keeper;
use super::*;

/// So short that a test sees it renewed.
fn short(who: &str) -> Terms {
    Terms { lifetime: SignedDuration::from_millis(600), ..terms(who) }
}

async fn highest(store: &InMemory) -> Record {
    let last = records(store).await.pop().unwrap();
    let path = format!("trunkform-lease/{last}");
    let bytes = store.get(&path.as_str().into()).await.unwrap().bytes().await.unwrap();
    Record::read(&bytes).unwrap()
}

#[tokio::test]
async fn a_kept_lease_is_renewed_until_it_is_released() {
    let (store, place) = memory();
    let keeper = Keeper::start(place.take(short("first"), Asked::Free).await.unwrap());
    while !records(&*store).await.contains(&"0000000003.json".to_owned()) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    held(place.take(terms("second"), Asked::Free).await);
    assert!(keeper.lost().borrow().is_none());
    keeper.release().await.unwrap();
    assert!(matches!(highest(&store).await.state, State::Released(_)));
}

#[tokio::test]
async fn a_lease_that_somebody_took_is_lost_and_stays_theirs() {
    let (store, place) = memory();
    let keeper = Keeper::start(place.take(short("first"), Asked::Free).await.unwrap());
    let second = place.take(terms("second"), Asked::Break).await.unwrap();
    let mut lost = keeper.lost();
    let why = lost.wait_for(Option::is_some).await.unwrap().clone().unwrap();
    assert!(matches!(&*why, Error::Held(by) if by.holder == holder("second")), "{why}");
    keeper.release().await.unwrap();
    assert_eq!(highest(&store).await.holder, holder("second"));
    second.release().await.unwrap();
}

#[tokio::test]
async fn a_lease_whose_store_is_gone_is_lost_when_it_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::open(folder.path().to_str().unwrap()).unwrap();
    let lease = place.take(short("first"), Asked::Free).await.unwrap();
    let keeper = Keeper::start(lease);
    // A file stands where the folder was: nothing can be written there.
    std::fs::remove_dir_all(folder.path()).unwrap();
    std::fs::write(folder.path(), "").unwrap();
    let why = keeper.lost().wait_for(Option::is_some).await.unwrap().clone().unwrap();
    assert!(matches!(&*why, Error::Store { .. }), "{why}");
    keeper.release().await.unwrap();
    std::fs::remove_file(folder.path()).unwrap();
}

#[tokio::test]
async fn a_record_of_ours_whose_answer_was_lost_is_ours() {
    let (store, place) = memory();
    let mut lease = place.take(terms("first"), Asked::Free).await.unwrap();
    // What a renewal leaves that was given up before it knew of its success.
    let ours = Record { state: State::Expires(Timestamp::now()), ..highest(&store).await };
    put(&store, 2, &String::from_utf8(ours.written().unwrap()).unwrap()).await;
    lease.renew().await.unwrap();
    assert_eq!(records(&*store).await.len(), 3);
    lease.release().await.unwrap();
    place.take(terms("second"), Asked::Free).await.unwrap();
}
