//! The band at the top: the product and the gateway. index.html holds the same one until the page is there.

use crate::documents::Description;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::text;

/// The band.
pub fn masthead(gateway: Option<&Description>) -> Html {
    html! {
        <header class="masthead">
            <span class="masthead__product">{ icon(Icon::Product) }{ text::PRODUCT }</span>
            if let Some(gateway) = gateway {
                <span class="masthead__gateway" title={text::SERVED_BY.text()}>{ icon(Icon::Lock) }{ gateway.name.clone() }</span>
            }
        </header>
    }
}
