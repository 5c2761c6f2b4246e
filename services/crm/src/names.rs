//! Names, phones and addresses as they are compared (CRM-07): two spellings of one company have one key. Not a fuzzy search:
//! what it finds equal, a person would call equal. How a name sounds is a hint to look at and no more ([`spelling`]).
use pinyin::ToPinyin;
use std::{collections::HashMap, sync::LazyLock};

/// Words that say only what legal form a company has, at the end of a name.
const FORMS: &[&str] = &[
    "ab",
    "ag",
    "bhd",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "group",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "kg",
    "kk",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "plc",
    "pte",
    "pty",
    "sa",
    "sarl",
    "sdn",
    "spa",
    "srl",
];
/// The same in Chinese, longer ones before those that they end with.
const CHINESE_FORMS: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "股份公司",
    "集团公司",
    "总公司",
    "公司",
    "有限合伙",
    "集团",
    "股份",
    "控股",
];
/// What a branch is called behind its place; the form of the whole then stands in the middle.
const BRANCH: &str = "分公司";

/// Words that say only what a company does, which an English name often leaves out or translates freely.
const TRADES: &[&str] = &[
    "and",
    "auto",
    "automobile",
    "automotive",
    "bio",
    "biotech",
    "biotechnology",
    "chemical",
    "chemicals",
    "communication",
    "communications",
    "construction",
    "culture",
    "design",
    "development",
    "education",
    "electric",
    "electrical",
    "electronic",
    "electronics",
    "energy",
    "engineering",
    "environmental",
    "equipment",
    "export",
    "food",
    "foods",
    "garment",
    "garments",
    "import",
    "industrial",
    "industries",
    "industry",
    "information",
    "international",
    "investment",
    "logistics",
    "machinery",
    "manufacturing",
    "material",
    "materials",
    "media",
    "medical",
    "motor",
    "motors",
    "network",
    "networks",
    "pharma",
    "pharmaceutical",
    "pharmaceuticals",
    "power",
    "protection",
    "pump",
    "pumps",
    "science",
    "service",
    "services",
    "software",
    "steel",
    "tech",
    "technologies",
    "technology",
    "textile",
    "textiles",
    "tourism",
    "trade",
    "trading",
    "valve",
    "valves",
];
/// The same in Chinese.
const CHINESE_TRADES: &[&str] = &[
    "信息技术",
    "生物科技",
    "进出口",
    "泵业",
    "阀门",
    "科技",
    "技术",
    "电子",
    "电气",
    "电器",
    "电力",
    "机械",
    "机电",
    "贸易",
    "商贸",
    "实业",
    "工业",
    "制造",
    "设备",
    "材料",
    "化工",
    "化学",
    "医药",
    "制药",
    "药业",
    "医疗",
    "能源",
    "汽车",
    "信息",
    "网络",
    "软件",
    "投资",
    "发展",
    "国际",
    "食品",
    "服饰",
    "服装",
    "纺织",
    "建设",
    "建筑",
    "工程",
    "物流",
    "环保",
    "生物",
    "通信",
    "钢铁",
    "文化",
    "传媒",
    "教育",
    "旅游",
    "设计",
    "服务",
];
/// Places and words whose characters sound otherwise there than by themselves.
const SOUNDS: &[(&str, &str)] =
    &[("重庆", "chong qing"), ("厦门", "xia men"), ("银行", "yin hang"), ("长", "chang"), ("朝阳", "chao yang")];

/// Traditional characters that names of companies have, each with its simplified one.
const TRADITIONAL: &str = "國国業业實实電电機机車车學学術术醫医藥药貿贸億亿華华東东廣广灣湾臺台龍龙馬马鳳凤興兴豐丰寶宝長长開开發发經经濟济資资產产團团總总聯联網网絡络訊讯設设計计製制環环節节農农漁渔飯饭館馆園园際际義义慶庆達达運运輸输陽阳陰阴鋼钢鐵铁銅铜鋁铝鋅锌錦锦銀银鎮镇門门閥阀間间關关閩闽線线紡纺織织級级絲丝維维綠绿緣缘紅红紙纸糧粮萬万樂乐樓楼樹树橋桥權权歐欧歲岁氣气漢汉潔洁濱滨燈灯營营爾尔獅狮獎奖瑪玛畫画盧卢監监盤盘禮礼種种穩稳競竞筆笔範范築筑簡简紀纪純纯統统績绩續续纖纤聖圣聲声膠胶舊旧藝艺蘇苏蘭兰處处號号衛卫裝装見见視视覽览訂订訓训記记詢询誠诚語语課课調调諮咨講讲謝谢證证譯译護护變变讓让財财貨货貴贵貝贝費费賀贺賓宾賽赛質质購购賢贤贏赢轉转軟软軌轨載载輕轻輪轮辦办進进遠远連连適适選选邊边鄉乡鄭郑醬酱釀酿針针鋒锋錢钱鍋锅鍵键鏈链鏡镜鐘钟鑄铸鑽钻陳陈陸陆隊队階阶雙双雜杂離离難难雲云靈灵靜静頂顶項项順顺頭头題题顏颜願愿類类風风飛飞飲饮養养騰腾驗验鮮鲜鯨鲸鳥鸟麗丽麥麦黃黄點点齊齐齒齿責责區区廠厂";
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let characters: Vec<char> = TRADITIONAL.chars().collect();
    characters.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
});

/// The key of a name: case, width, spaces, punctuation, legal form and traditional characters do not count.
#[must_use]
pub fn name_key(name: &str) -> String {
    let words = words(name);
    let joined = bare(&words).concat();
    match joined.strip_suffix(BRANCH) {
        Some(branch) if !branch.is_empty() => without_form_inside(branch),
        _ => without_forms(&joined).to_owned(),
    }
}

/// How a name sounds, without what the company is and does: `han:` for Chinese in pinyin, `latin:` for what is spelt in Latin
/// letters itself; empty where too little is left to compare.
#[must_use]
pub fn spelling(name: &str) -> String {
    let (script, text) = if name.chars().any(is_han) {
        let key = name_key(name);
        ("han", sound(without_endings(&key, CHINESE_TRADES)))
    } else {
        let words = words(name);
        let mut left = bare(&words);
        while left.len() > 1 && left.last().is_some_and(|word| TRADES.contains(&word.as_str())) {
            left = &left[..left.len() - 1];
        }
        ("latin", left.concat())
    };
    let enough = text.chars().filter(char::is_ascii_alphabetic).count() >= 4;
    if enough { format!("{script}:{text}") } else { String::new() }
}

/// The spelling that the same name has in the other script.
#[must_use]
pub fn counterpart(spelling: &str) -> Option<String> {
    let han = spelling.strip_prefix("han:").map(|text| format!("latin:{text}"));
    han.or_else(|| spelling.strip_prefix("latin:").map(|text| format!("han:{text}")))
}

/// The last eleven digits of a phone number (a Chinese mobile number without its country code); `None` below seven.
#[must_use]
pub fn phone_key(phone: &str) -> Option<String> {
    let digits: Vec<char> = phone.chars().map(narrow).filter(char::is_ascii_digit).collect();
    (digits.len() >= 7).then(|| digits[digits.len().saturating_sub(11)..].iter().collect())
}

/// Lower-case words; a word ends where the script changes, and letters with dots between them at the end are one (`S.A.`).
fn words(name: &str) -> Vec<String> {
    let plain = name.chars().map(narrow).map(|c| *SIMPLIFIED.get(&c).unwrap_or(&c)).flat_map(char::to_lowercase);
    let (mut words, mut word) = (Vec::new(), String::new());
    for c in plain {
        let other_script = word.chars().last().is_some_and(|last| is_han(last) != is_han(c));
        if (!c.is_alphanumeric() || other_script) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.push(c);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    let letter = |word: &&String| word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase();
    let letters = words.iter().rev().take_while(letter).count();
    if letters > 1 {
        let joined = words.split_off(words.len() - letters).concat();
        words.push(joined);
    }
    words
}

/// Without the words of a legal form at the end; of a name that is nothing else, the first.
fn bare(words: &[String]) -> &[String] {
    let form = |word: &String| FORMS.contains(&word.as_str());
    let forms = words.iter().rev().take_while(|word| form(word)).count();
    &words[..(words.len() - forms).max(1).min(words.len())]
}

fn without_forms(joined: &str) -> &str {
    let bare = without_endings(joined, CHINESE_FORMS);
    if CHINESE_FORMS.contains(&bare) { joined } else { bare }
}

/// Strips these endings as often as there are any and two characters at least are left.
fn without_endings<'a>(mut text: &'a str, endings: &[&str]) -> &'a str {
    let strip = |text: &'a str| {
        let left = endings.iter().find_map(|ending| text.strip_suffix(ending))?;
        (left.chars().count() > 1).then_some(left)
    };
    while let Some(left) = strip(text) {
        text = left;
    }
    text
}

/// `晨光泵业有限公司上海` is `晨光泵业上海`: the branch in a place is not told from the company of that place.
fn without_form_inside(branch: &str) -> String {
    let found = CHINESE_FORMS.iter().find_map(|form| Some((branch.find(form)?, form.len())));
    match found {
        Some((at, length)) if at > 0 => format!("{}{}", without_forms(&branch[..at]), &branch[at + length..]),
        _ => branch.to_owned(),
    }
}

/// In pinyin without tones; what has none stays.
fn sound(text: &str) -> String {
    syllables(text).into_iter().map(|syllable| syllable.text).collect()
}

/// A character as it is said.
pub struct Syllable {
    pub text: String,
    /// Else the character stands as it is written.
    pub is_chinese: bool,
}

/// Character by character in pinyin without tones (`ü` as `v`), as [`SOUNDS`] have it where they know the word.
#[must_use]
pub fn syllables(mut text: &str) -> Vec<Syllable> {
    let mut out = Vec::new();
    while let Some(c) = text.chars().next() {
        let known = SOUNDS.iter().find(|(word, _)| text.starts_with(word));
        text = &text[known.map_or(c.len_utf8(), |(word, _)| word.len())..];
        if let Some((_, said)) = known {
            out.extend(said.split(' ').map(|one| Syllable { text: one.to_owned(), is_chinese: true }));
        } else {
            let said = c.to_pinyin().map(|said| said.plain().replace('ü', "v"));
            out.push(Syllable { is_chinese: said.is_some(), text: said.unwrap_or_else(|| c.to_string()) });
        }
    }
    out
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

/// Full-width letters, digits and spaces as half-width ones.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
