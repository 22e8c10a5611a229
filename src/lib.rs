//! The page: a form that seals a data store's credential in the browser, for one gateway, and posts only ciphertext.
//!
//! Read in this order. The pure part, tested natively: [`state`] (what the page shows), [`trouble`] (what can go wrong) and
//! [`text`] (every message), [`masked_text`] (a secret being typed), [`lifetime`] (when it is wiped and the window closes). Then the edges:
//! `spoken_language`, [`ticket_link`], [`head_start`], [`capture`] and [`secret_field`], [`paste_field`] and [`paste_reader`], [`key_file`] and [`key_reader`], [`reader_module`] (what both are loaded by), [`submit`] (the path of one password), [`gateway_client`] and
//! [`documents`] (what it is answered), [`key_statement`], [`primality`] and [`gateway_memory`] (what makes a key believed), [`opener`]. Last
//! [`app`], which joins them.

pub mod app;
pub mod browser;
pub mod capture;
pub mod components;
pub mod config;
pub mod documents;
pub mod gateway_client;
pub mod gateway_memory;
pub mod head_start;
pub mod key_file;
pub mod key_reader;
pub mod key_statement;
pub mod lifetime;
pub mod masked_text;
pub mod opener;
pub mod paste_field;
pub mod paste_reader;
pub mod primality;
pub mod reader_module;
pub mod secret_field;
#[cfg(not(feature = "english"))]
mod spoken_language;
pub mod state;
pub mod submit;
pub mod text;
pub mod ticket_link;
pub mod trouble;

use head_start::HeadStart;

/// Every buffer is wiped when it is freed: what a field, a serialiser or the bindings copied does not stay in WebAssembly memory.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<rlsf::SmallGlobalTlsf> =
    zeroizing_alloc::ZeroAlloc(rlsf::SmallGlobalTlsf::new());

/// Speaks the language of index.html. Takes the ticket from the address bar and shows the page in the element that index.html keeps for it.
pub fn start() {
    // `trunk serve` has no words for its page; it speaks English then.
    #[cfg(not(feature = "english"))]
    spoken_language::take();
    let arrival = app::Arrival::new(ticket_link::take_from_address_bar());
    let form = arrival.form();
    let head_start = form.as_ref().map(HeadStart::take).unwrap_or_default();
    if let Some(root) = browser::element(config::ROOT_ID) {
        let props = app::AppProps {
            arrival,
            head_start,
        };
        yew::Renderer::<app::App>::with_root_and_props(root, props).render();
    }
}
