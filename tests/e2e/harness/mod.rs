//! What a test drives: processes, a browser, the two pages, and a scanner for what must not be anywhere.

mod binaries;
mod browser;
mod credential;
mod family;
mod gateway;
mod gateway_page;
mod portal;
mod process;
pub(crate) mod scanner;
mod spelling;
mod stage;
mod ticket;
mod waiting;

pub(crate) use binaries::{page as page_folder, screenshots as screenshots_folder};
pub(crate) use browser::Browser;
pub(crate) use credential::{CredentialToType, every_way_to_sign_in};
pub(crate) use gateway_page::GatewayPage;
pub(crate) use portal::Wizard;
pub(crate) use stage::{Stage, StageOptions};
pub(crate) use ticket::TestTicket;
pub(crate) use waiting::eventually;
