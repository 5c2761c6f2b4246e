//! Which names are one, which are not, and which only sound alike.
use super::*;
use std::collections::{HashMap, HashSet};

fn assert_same(names: &[&str], key: &str) {
    for name in names {
        assert_eq!(name_key(name), key, "{name}");
    }
}

#[test]
fn crm_07_spellings_of_one_company_have_one_key() {
    assert_same(
        &[
            "ACME Pumps Co., Ltd.",
            "acme  pumps",
            "ＡＣＭＥ　Ｐｕｍｐｓ",
            "Acme Pumps Inc",
            "Acme-Pumps Company Limited",
            "ACME PUMPS GmbH",
            "Acme Pumps S.A.",
            "Acme Pumps Sdn. Bhd.",
            "Acme Pumps Group",
            "Acme Pumps L.L.C.",
        ],
        "acmepumps",
    );
    assert_same(
        &[
            "晨光泵业有限公司",
            " 晨光泵业 ",
            "晨光泵业股份有限公司",
            "晨光泵业（集团）有限公司",
            "晨光泵业集团",
            "晨光泵业(集团)股份有限公司",
            "晨光泵业控股集团有限公司",
            "晨 光 泵 业 有限责任公司",
            "晨光泵業有限公司",
            "晨光泵业 Co., Ltd",
            "晨光泵业总公司",
            "【晨光泵业】股份",
        ],
        "晨光泵业",
    );
    assert_same(
        &[
            "晨光泵业（上海）有限公司",
            "晨光泵业上海分公司",
            "晨光泵业有限公司上海分公司",
            "晨光泵业股份有限公司（上海）分公司",
        ],
        "晨光泵业上海",
    );
    assert_ne!(name_key("晨光泵业（上海）有限公司"), name_key("晨光泵业"), "another place is another company");
    assert_ne!(name_key("Acme Pumps"), name_key("Acme Valves"));
    assert_ne!(name_key("A. B. Smith Ltd"), name_key("Smith Ltd"));
}

#[test]
fn crm_07_a_name_that_is_only_a_legal_form_keeps_it() {
    assert_eq!(name_key("有限公司"), "有限公司");
    assert_eq!(name_key("Co. Ltd."), "co");
    assert_eq!(name_key("公司"), "公司");
    assert_eq!(name_key("集团有限公司"), "集团有限公司");
    assert_eq!(name_key("分公司"), "分公司");
    assert_eq!((name_key(""), name_key("！")), (String::new(), String::new()));
}

#[test]
fn crm_07_phones_are_compared_by_their_digits() {
    assert_eq!(phone_key("+86 138-0013-8000"), phone_key("13800138000"));
    assert_eq!(phone_key("１３８００１３８０００").as_deref(), Some("13800138000"));
    assert_eq!((phone_key("123456"), phone_key("1234567").as_deref()), (None, Some("1234567")));
}

#[test]
fn crm_07_a_chinese_name_and_its_english_spelling_sound_alike() {
    for (chinese, english) in [
        ("北京晨光泵业有限公司", "Beijing Chenguang Pump Co., Ltd"),
        ("北京晨光泵业有限公司", "BEIJING CHEN GUANG PUMPS"),
        ("重庆长安汽车股份有限公司", "Chongqing Changan Automobile Co., Ltd."),
        ("厦门金龙集团", "Xiamen Jinlong Group"),
        ("海尔集团公司", "Haier Group Corporation"),
        ("浙江吉利控股集团有限公司", "Zhejiang Geely Holding"),
    ] {
        let same = counterpart(&spelling(chinese)) == Some(spelling(english));
        assert_eq!(
            same,
            english != "Zhejiang Geely Holding",
            "{chinese} {} {english} {}",
            spelling(chinese),
            spelling(english)
        );
    }
    assert_ne!(spelling("晨光泵业"), spelling("Chenguang Pump"), "within one script names are compared by their keys");
    assert_eq!((spelling("A B"), spelling("一二"), counterpart("")), (String::new(), "han:yier".into(), None));
    assert_eq!(counterpart("latin:haier").as_deref(), Some("han:haier"));
}

/// What the keys do to 13,587 real short names, which are all different companies for whoever collected them. Read one by one:
/// the four pairs of one key are 兴利/兴利集团 and 金轮/金轮集团, a company and its group; 中农/中农控股 and 科瑞/科瑞控股, which may
/// be two. By sound, one name in seven shares its spelling with another, and nearly all of those are strangers (嘉隆, 佳隆): that is why
/// sound is asked across scripts only, and refuses nothing.
#[test]
fn crm_07_real_names_rarely_collide() {
    let Some(folder) = std::env::var_os("YEWU_DATA") else { return eprintln!("skipped: YEWU_DATA names no data") };
    let path = std::path::Path::new(&folder).join("china_company_names/company_short_names.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
    let groups = |key: &dyn Fn(&str) -> String| {
        let mut groups: HashMap<String, HashSet<&str>> = HashMap::new();
        for name in &names {
            groups.entry(key(name)).or_default().insert(name);
        }
        groups.retain(|key, group| !key.is_empty() && group.len() > 1);
        let count: usize = groups.values().map(HashSet::len).sum();
        (groups, count)
    };
    let (same, together) = groups(&name_key);
    assert_eq!((names.len(), same.len(), together), (13_587, 4, 8), "{same:?}");
    let (alike, together) = groups(&spelling);
    let seventh = names.len() / 7;
    assert!(together > seventh / 2 && together < seventh * 5 / 4, "{} groups of {together}: {alike:?}", alike.len());
    // The same names with what a person adds to them are the same.
    for name in &names {
        for dressed in [format!("{name}有限公司"), format!(" {name}（集团）股份有限公司"), format!("{name} Co., Ltd.")]
        {
            let plain = name_key(name);
            assert!(
                name_key(&dressed) == plain || plain.chars().count() < 2,
                "{dressed}: {} is not {plain}",
                name_key(&dressed)
            );
        }
    }
}
