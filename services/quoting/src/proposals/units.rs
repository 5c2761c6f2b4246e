//! Units of measure as customers read them: codes of UN/ECE Recommendation 20 and the words that companies write in their place.
//! What is not known is printed as it stands. Pure.
use platform::Language;

/// `codes, zh-CN, en`; codes in lower case.
const UNITS: &[(&[&str], &str, &str)] = &[
    (&["ea", "pc", "pcs", "pce", "h87", "each", "piece", "pieces", "件", "个"], "件", "piece"),
    (&["c62", "unit", "units", "台"], "台", "unit"),
    (&["set", "sets", "套"], "套", "set"),
    (&["pr", "pair", "pairs", "双", "对"], "对", "pair"),
    (&["dzn", "dozen", "打"], "打", "dozen"),
    (&["bx", "box", "boxes", "xbx", "箱", "盒"], "箱", "box"),
    (&["ct", "ctn", "carton", "xct"], "纸箱", "carton"),
    (&["bg", "bag", "bags", "xbg", "袋"], "袋", "bag"),
    (&["bo", "bottle", "bottles", "xbo", "瓶"], "瓶", "bottle"),
    (&["pk", "pack", "package", "xpk", "包"], "包", "pack"),
    (&["ro", "roll", "rolls", "xro", "卷"], "卷", "roll"),
    (&["st", "sheet", "sheets", "张"], "张", "sheet"),
    (&["kgm", "kg", "千克", "公斤"], "千克", "kilogram"),
    (&["grm", "g", "克"], "克", "gram"),
    (&["tne", "t", "ton", "tonne", "吨"], "吨", "tonne"),
    (&["mtr", "m", "meter", "metre", "米"], "米", "metre"),
    (&["cmt", "cm", "厘米"], "厘米", "centimetre"),
    (&["mmt", "mm", "毫米"], "毫米", "millimetre"),
    (&["kmt", "km", "千米", "公里"], "千米", "kilometre"),
    (&["mtk", "m2", "m²", "平方米"], "平方米", "square metre"),
    (&["mtq", "m3", "m³", "立方米"], "立方米", "cubic metre"),
    (&["ltr", "l", "liter", "litre", "升"], "升", "litre"),
    (&["kwh", "千瓦时", "度"], "千瓦时", "kilowatt hour"),
    (&["min", "minute", "minutes", "分钟"], "分钟", "minute"),
    (&["hur", "h", "hr", "hour", "hours", "小时", "工时"], "小时", "hour"),
    (&["day", "days", "天", "日"], "天", "day"),
    (&["wee", "week", "weeks", "周"], "周", "week"),
    (&["mon", "month", "months", "月"], "月", "month"),
    (&["ann", "year", "years", "年"], "年", "year"),
    (&["ls", "lot", "lump sum", "项"], "项", "lump sum"),
];

/// The unit in words, or as it stands.
pub fn in_words(unit: &str, language: Language) -> String {
    let code = unit.trim().to_lowercase();
    let known = UNITS.iter().find(|(codes, ..)| codes.contains(&code.as_str()));
    known.map_or_else(|| unit.to_owned(), |(_, chinese, english)| language.pick(*chinese, *english).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn quo_07_units_are_printed_in_words_in_both_languages_and_unknown_ones_as_they_are() {
        let both = |unit| [Language::Chinese, Language::English].map(|language| in_words(unit, language));
        for unit in ["EA", "ea", "pcs", "piece", "H87", "件"] {
            assert_eq!(both(unit), ["件", "piece"], "{unit}");
        }
        assert_eq!(both("KGM"), ["千克", "kilogram"]);
        assert_eq!(both("台"), ["台", "unit"]);
        assert_eq!(both("HUR"), ["小时", "hour"]);
        for unknown in ["桶", "Skid 7", ""] {
            assert_eq!(both(unknown), [unknown, unknown]);
        }
    }

    #[test]
    fn quo_07_no_code_means_two_units() {
        let codes: Vec<&str> = UNITS.iter().flat_map(|(codes, ..)| *codes).copied().collect();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
        assert!(codes.iter().all(|code| code.to_lowercase() == **code), "looked up in lower case");
    }
}
