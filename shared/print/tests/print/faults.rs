//! What a template or its data may get wrong, and that it is told so that one finds it.
use super::{RARE_FONT, arranged, has, lines, sample, template, texts};
use print::{Files, PrintError, Printed, Template};
use serde_json::{Value, json};

fn refused_with(template: &Template, data: &Value, files: &Files) -> String {
    print::arrange(template, data, files).expect_err("refused").to_string()
}
fn refused(body: &str, data: Value) -> String {
    refused_with(&template(body), &data, &Files::default())
}
fn setting(front: &str) -> String {
    let template = Template { name: "t.md".to_owned(), text: format!("---\nlanguage: en\n{front}\n---\nx") };
    match print::arrange(&template, &json!({"name": "a | b"}), &Files::default()) {
        Ok(_) => "fine".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_unknown_variable_is_an_error_with_its_line_and_never_an_empty_word() {
    let told = refused("one\n\n{{ customer }}\n", json!({}));
    assert!(told.starts_with("t.md, line 7: undefined value"), "{told}");
    let told = refused("{{ a.b }}\n", json!({"a": {}}));
    assert!(told.starts_with("t.md, line 5: undefined value"), "{told}");
    let told = refused("{{ a }}\n", json!({"a": null}));
    assert!(told.contains("line 5") && told.contains("the value is none"), "{told}");
    let told = refused("{{ a }}\n", json!({"a": {"b": 1}}));
    assert!(told.contains("line 5") && told.contains("a map cannot be shown"), "{told}");
}

#[test]
fn syntax_and_filters_tell_line_and_cause() {
    let told = refused("\n{% for x in %}", json!({}));
    assert!(told.starts_with("t.md, line 6: syntax error"), "{told}");
    for (filter, cause) in [
        ("money", "\"x\" is no plain decimal number"),
        ("percent", "is no plain decimal number"),
        ("money(\"ABC\")", "\"ABC\" is no ISO 4217 currency code"),
        ("day", "is no date such as 2026-03-05"),
        ("capital", "is no plain decimal number"),
        ("nothing", "unknown filter"),
    ] {
        let told = refused(&format!("\n\n{{{{ x | {filter} }}}}"), json!({"x": "x", "language": "zh-CN"}));
        assert!(told.starts_with("t.md, line 7: ") && told.contains(cause), "{filter}: {told}");
    }
    let told = refused("{{ \"2026-03-05\" | day }}", json!({"language": "fr"}));
    assert!(told.contains("\"fr\" is neither zh-CN nor en"), "{told}");
}

#[test]
fn settings_are_known_and_within_their_bounds() {
    let fine = [
        "page: A4",
        "page: Letter landscape",
        "margins: 0 0 0 0",
        "margins: 100 20 100 20",
        "size: 6",
        "size: 20",
        "header: {{ name | upper }} | b",
    ];
    for front in fine {
        assert_eq!(setting(front), "fine", "{front}");
    }
    for (front, cause) in [
        ("sise: 10", "t.md, line 3: there is no setting `sise`"),
        ("size: 10\nsize: 11", "t.md, line 4: `size` is set twice"),
        ("size: 5.9", "is not 1 number(s) from 6 to 20"),
        ("size: 20.1", "is not 1 number(s) from 6 to 20"),
        ("margins: 1 2 3", "is not 4 number(s) from 0 to 100"),
        ("margins: 0 0 0 100.1", "is not 4 number(s) from 0 to 100"),
        ("margins: 20 76 20 75", "leave less than 60 mm"),
        ("footer: a | b | c | d", "has more than three texts"),
        ("page: A3", "\"A3\" is neither A4, A5 nor Letter"),
        ("accent: blue", "\"blue\" is no colour such as #1F4E79"),
        ("justify: maybe", "neither yes nor no"),
        ("title: {{ nobody }}", "t.md, line 3: undefined value"),
        ("language: en", "`language` is set twice"),
    ] {
        assert!(setting(front).contains(cause), "{front}: {}", setting(front));
    }
    let without = Template { name: "t.md".to_owned(), text: "x".to_owned() };
    assert!(refused_with(&without, &json!({}), &Files::default()).contains("does not say the `language`"));
}

#[test]
fn data_cannot_become_markdown_a_directive_or_another_cell() {
    let evil = "# a | b **c** <!-- page-break --> <br> [x](y) `z` {{ 1 }} _e_ &amp; 1. x\\|y \\";
    let text = template("{{ v }}\n\n| h | i |\n|---|---|\n| {{ v }} | k |\n\nend\n");
    let paper = print::arrange(&text, &json!({"v": evil}), &Files::default()).expect("a layout");
    assert_eq!(paper.pages.len(), 1);
    let seen = lines(&paper.pages[0]).join(" ");
    assert_eq!(seen.matches("# a | b **c**").count(), 2, "{seen}");
    assert!(seen.contains("[x](y) `z` {{ 1 }} _e_ &amp; 1. x\\|y \\"), "{seen}");
    assert!(paper.bookmarks.is_empty());
    let two = print::arrange(&template("{{ v }}"), &json!({"v": "  a\n    b  "}), &Files::default()).expect("a layout");
    assert_eq!(lines(&two.pages[0]), ["a", "b"]);
    assert_eq!(setting("title: {{ name }}\nfooter: {{ name }} | [page]"), "fine");
}

#[test]
fn a_loop_without_end_and_a_document_without_end_are_stopped() {
    let told = refused("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", json!({}));
    assert!(told.contains("fuel") && told.contains("line 5"), "{told}");
    let long = "x".repeat(5000);
    let told = refused("{% for a in range(9999) %}{{ v }}{% endfor %}", json!({"v": long}));
    assert_eq!(told, "the document is too long: more than 4194304 bytes of text");
    let pages = |count: usize| (1..count).map(|_| "x\n\n<!-- page-break -->\n").collect::<String>() + "x";
    assert_eq!(arranged(&pages(200)).pages.len(), 200);
    let told = refused(&pages(201), json!({}));
    assert_eq!(told, "the document is too long: more than 200 pages");
}

#[test]
fn only_files_of_the_folder_are_read() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("print-folder");
    let inside = folder.join("inside");
    std::fs::create_dir_all(&inside).expect("a folder");
    std::fs::write(inside.join("logo.png"), super::LOGO).expect("a picture");
    std::fs::write(inside.join("words.png"), "no picture").expect("a file");
    std::fs::write(inside.join("broken.png"), &super::LOGO[..60]).expect("a file");
    std::fs::write(folder.join("secret.png"), super::LOGO).expect("a picture");
    let link = inside.join("link.png");
    if link.symlink_metadata().is_err() {
        std::os::unix::fs::symlink(folder.join("secret.png"), &link).expect("a link");
    }
    let shown =
        |name: &str| print::arrange(&template(&format!("![]({name} \"height=9mm\")")), &json!({}), &Files::of(&inside));
    assert_eq!(shown("logo.png").expect("a layout").pictures.len(), 1);
    let refused = |name| shown(name).expect_err("refused").to_string();
    assert!(refused("../secret.png").ends_with("is outside the template's folder"));
    assert!(refused("/etc/passwd").ends_with("is outside the template's folder"));
    assert!(refused("link.png").ends_with("is outside the template's folder"));
    assert!(refused("other.png").ends_with("is not there"));
    assert!(refused("words.png").ends_with("is neither PNG nor JPEG"));
    // Its head is whole, its dots are not: that is seen when it is drawn.
    let broken = template("![](broken.png \"height=9mm\")");
    let drawn = print::print(&broken, &json!({}), &Files::of(&inside), None).expect_err("refused").to_string();
    assert!(drawn.starts_with("the file \"broken.png\" cannot be decoded"), "{drawn}");
    let none = print::arrange(&template("![](logo.png \"height=9mm\")"), &json!({}), &Files::default());
    assert_eq!(
        none.expect_err("refused"),
        PrintError::File { name: "logo.png".to_owned(), cause: "is not there".to_owned() }
    );
}

#[test]
fn a_character_that_no_font_has_is_shown_as_missing_and_reported() {
    let text = "喜㐂 and ㌀ and ㌀";
    let paper = arranged(text);
    assert_eq!(paper.missing, ['㌀', '㐂']);
    assert!(has(&paper.pages[0], "㐂"), "the text itself stays what it was");
    let with = Template {
        name: "t.md".to_owned(),
        text: format!("---\nlanguage: zh-CN\nfallback_font: rare.otf\n---\n{text}"),
    };
    let files = Files::default().with("rare.otf", RARE_FONT.to_vec());
    let paper = print::arrange(&with, &json!({}), &files).expect("a layout");
    assert_eq!(paper.missing, ['㌀']);
    let Printed { missing, .. } = print::print(&with, &json!({}), &files, None).expect("a document");
    assert_eq!(missing, ['㌀']);
    let no_font = Files::default().with("rare.otf", b"no font".to_vec());
    assert!(refused_with(&with, &json!({}), &no_font).contains("is no font, or has no such face"));
}

#[test]
fn a_font_of_the_company_goes_before_the_shipped_one() {
    let text = "---\nlanguage: zh-CN\nfont: own.otf\n---\n㐂喜".to_owned();
    let files = Files::default().with("own.otf", RARE_FONT.to_vec());
    let paper = print::arrange(&Template { name: "t.md".to_owned(), text }, &json!({}), &files).expect("a layout");
    assert!(paper.missing.is_empty());
    assert_eq!(texts(&paper.pages[0]).len(), 2, "two fonts in one line");
}

#[test]
fn the_shipped_template_says_what_it_lacks() {
    let mut data = serde_json::to_value(sample::proposal("en", 1, 1, false)).expect("JSON");
    data["variants"][0]["totals"].as_object_mut().expect("totals").remove("gross");
    let told = refused_with(&Template::proposal(), &data, &sample::files());
    let gross = Template::proposal().text.lines().position(|line| line.contains("totals.gross")).expect("its line") + 1;
    assert!(told.starts_with(&format!("proposal.md, line {gross}: ")), "{told}");
}
