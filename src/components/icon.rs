//! The few pictures, drawn in the text's colour. All are decoration: the words beside them say the same.

use yew::prelude::*;

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// The product: a key in a sealed envelope's flap.
    Product,
    /// Something is wrong.
    Warning,
    /// It worked.
    Check,
    /// Nothing was done.
    Dash,
    /// Sealed.
    Lock,
}

/// Draws it.
pub fn icon(icon: Icon) -> Html {
    let path = match icon {
        Icon::Product => {
            "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm-1.5 2.5L12 13l9.500-6.500M12 13v3.500"
        }
        Icon::Warning => {
            "M12 8.500v4.500M12 16.500v.1M10.300 3.900 2.200 18a2 2 0 0 0 1.700 3h16.200a2 2 0 0 0 1.700-3L13.700 3.900a2 2 0 0 0-3.400 0Z"
        }
        Icon::Check => "m5 12.500 4.500 4.500L19 7.500",
        Icon::Dash => "M6 12h12",
        Icon::Lock => "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
    };
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={path} /></svg>
    }
}
