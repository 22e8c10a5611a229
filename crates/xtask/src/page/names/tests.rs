//! Glue as wasm-bindgen writes it, in small.

use super::*;

const PRINTED: &str = r#"{
 "imports": [
  ["./page_bg.js", "__wbg_close_1", "b"],
  ["./page_bg.js", "__wbg_close_12", "c"]
 ],
 "exports": [["memory", "d"], ["__wbindgen_free", "e"], ["__wbindgen_free_all", "f"], ["main", "g"]]
}
"#;

const GLUE: &str = r#"const import0 = {
        __proto__: null,
        __wbg_close_12: function(arg0) {
            arg0.close();
            free(wasm.__wbindgen_free_all, wasm.__wbindgen_free);
        },
        __wbg_close_1: function() { return handleError(function (arg0) { return wasm; }); },
    };
    return { "./page_bg.js": import0, };
    mywasm.memory(new DataView(wasm.memory.buffer), 'application/wasm');
"#;

const SHORT: &str = r#"const import0 = {
        __proto__: null,
        c: function(arg0) {
            arg0.close();
            free(wasm.f, wasm.e);
        },
        b: function() { return handleError(function (arg0) { return wasm; }); },
    };
    return { "a": import0, };
    mywasm.memory(new DataView(wasm.d.buffer), 'application/wasm');
"#;

fn short(printed: &str, glue: &str) -> Result<String, String> {
    ShortNames::parse(printed)
        .and_then(|names| names.in_glue(glue))
        .map_err(|error| format!("{error:#}"))
}

fn complaint(printed: &str, glue: &str) -> String {
    short(printed, glue).expect_err("refused")
}

#[test]
fn every_name_becomes_short_and_nothing_else() {
    assert_eq!(short(PRINTED, GLUE).as_deref(), Ok(SHORT));
}

#[test]
fn a_property_that_is_called_like_the_exports_is_not_guessed_at() {
    for property in ["arg0.wasm.memory", "mywasm.wasm.memory"] {
        let glue = GLUE.replace("arg0.close", property);
        assert!(complaint(PRINTED, &glue).contains("a property"));
    }
}

#[test]
fn an_import_that_the_glue_lacks_is_an_error() {
    let glue = GLUE.replace("__wbg_close_12: function", "\"__wbg_close_12\": function");
    assert_eq!(
        complaint(PRINTED, &glue),
        "the glue lacks the import __wbg_close_12"
    );
}

#[test]
fn an_import_that_the_module_lacks_and_one_that_comes_twice_are_errors() {
    for name in ["__wbg_open_1", "__wbg_close_1"] {
        let glue = GLUE.replace("__wbg_close_12: ", &format!("{name}: "));
        let complaint = complaint(PRINTED, &glue);
        assert!(complaint.contains(name), "{complaint}");
    }
}

#[test]
fn an_export_that_only_one_side_has_is_an_error() {
    let unused = complaint(PRINTED, &GLUE.replace("wasm.memory", "memory"));
    assert!(unused.contains("the export memory"), "{unused}");
    let unknown = complaint(PRINTED, &GLUE.replace("wasm.memory", "wasm.table"));
    assert!(unknown.contains("wasm.table"), "{unknown}");
}

#[test]
fn the_start_functions_own_export_may_stay_unused() {
    assert!(short(&PRINTED.replace("\"main\"", "\"run\""), GLUE).is_err());
}

#[test]
fn all_imports_are_under_one_key() {
    let two = PRINTED.replace(
        "[\"./page_bg.js\", \"__wbg_close_12\"",
        "[\"env\", \"__wbg_close_12\"",
    );
    assert!(complaint(&two, GLUE).contains("from env"));
    let none = complaint(PRINTED, &GLUE.replace("./page_bg.js", "./other_bg.js"));
    assert!(none.contains("0 times"), "{none}");
}

#[test]
fn anything_but_a_map_is_an_error() {
    for printed in ["", "{}", "{\"imports\": [], \"exports\": []}", "warning: x"] {
        assert!(short(printed, GLUE).is_err(), "{printed}");
    }
}
