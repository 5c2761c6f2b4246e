//! Telephone numbers and e-mail addresses as people type them.
use wire::{EmailAddress, Phone, Unreadable};

fn phone(text: &str) -> Result<String, Unreadable> {
    text.parse::<Phone>().map(Phone::into_string)
}
fn email(text: &str) -> Result<String, Unreadable> {
    text.parse::<EmailAddress>().map(EmailAddress::into_string)
}

#[test]
fn a_telephone_number_has_5_to_20_digits() {
    let of = |digits: usize| phone(&"1".repeat(digits)).is_ok();
    assert_eq!([4, 5, 6, 19, 20, 21].map(of), [false, true, true, true, true, false]);
}

#[test]
fn a_telephone_number_is_written_as_people_write_it() {
    for usual in [
        "021-5555 0101",
        "+86 138 0013 8000",
        "(0)30.0074321",
        "(5) 555-4729 ext. 12",
        "021-55550101转801",
        "021-55550101 分机 801",
        "95588",
    ] {
        assert_eq!(phone(usual), Ok(usual.to_owned()));
    }
    for wrong in ["", "   ", "打不通", "12345a", "12345@", "12345,12346", "call 12345", "１２３４"] {
        assert!(phone(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn an_address_has_somebody_and_a_domain_with_a_dot() {
    for usual in ["li.lei@example.com", "a+b@x.cn", "李雷@例子.中国", "o'neil_1@mail.example.co.uk"] {
        assert_eq!(email(usual), Ok(usual.to_owned()));
    }
    for wrong in [
        "li.lei",
        "@example.com",
        "li@",
        "li@example",
        "li@.com",
        "li@com.",
        "li@a..b",
        "li lei@example.com",
        "a@b@c.com",
        "Li <li@example.com>",
        "li@example.com, han@example.com",
        "",
    ] {
        assert!(email(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn full_width_is_written_narrow() {
    assert_eq!(phone("（０２１）５５５５－０１０１").as_deref(), Ok("(021)5555-0101"));
    assert_eq!(phone("＋８６\u{3000}１３８００１３８０００").as_deref(), Ok("+86 13800138000"));
    assert_eq!(email("ｌｉ．ｌｅｉ＠ｅｘａｍｐｌｅ。ｃｏｍ").as_deref(), Ok("li.lei@example.com"));
}

#[test]
fn what_is_stored_stays_what_it_is() {
    assert_eq!(Phone::stored("打不通".parse().unwrap()).as_str(), "打不通");
    let read = serde_json::from_str::<Phone>("\"打不通\"").unwrap_err().to_string();
    let why = Unreadable::read(read.split(" at line").next().unwrap()).unwrap();
    assert!(why.english.starts_with("must be a telephone number") && why.chinese.contains("电话号码"), "{why}");
}
