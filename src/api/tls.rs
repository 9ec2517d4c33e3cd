//! What encrypts.
//! In: nothing. Out: a provider that all clients of the process share.
//! Leaves alone what another has set up.

/// Sets up ring, once.
pub(crate) fn provide_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that another thread was quicker, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
