//! The page's entry: runs once, when the browser has compiled the module.

fn main() {
    credential_setter::start();
}
