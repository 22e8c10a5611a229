//! The page's widgets: one function, one file. They are functions of the state, not Yew components: only [`crate::app`],
//! [`crate::secret_field`] and [`crate::paste_field`] have a life of their own.

pub mod closing;
pub mod context_panel;
pub mod error_summary;
pub mod field;
pub mod form;
pub mod icon;
pub mod identity_change;
pub mod kind_chooser;
pub mod masthead;
pub mod notice;
pub mod paste_report;
pub mod receipt;
pub mod stored_secret;
pub mod ticket_request;
pub mod trial_report;
