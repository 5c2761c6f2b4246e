//! Proposals as a company would send them, of any length.
use print::{Files, Paper, Template, proposal::*};

fn text(words: &str) -> String {
    words.to_owned()
}
fn say(language: &str, chinese: &str, english: &str) -> String {
    text(if language == "zh-CN" { chinese } else { english })
}

fn line(language: &str, number: usize, long: bool) -> Line {
    let say = |chinese: &str, english: &str| say(language, chinese, english);

    let name = match number % 3 {
        0 => say("X9 系列伺服驱动器", "X9 servo drive"),
        1 => say("配电柜安装与调试", "Installation and commissioning of the switch cabinet"),
        _ => say(
            "PLC 控制模块（含 16 路数字量输入、8 路继电器输出）",
            "PLC module, 16 digital inputs and 8 relay outputs",
        ),
    };
    let details = say(
        "\n额定功率 7.5 kW，防护等级 IP54，支持 EtherCAT 总线；随货提供出厂检验报告、合格证及中英文说明书各一份。\n现场调试由我方工程师完成，含两次培训。",
        "\nRated power 7.5 kW, protection class IP54, EtherCAT bus; with inspection report, certificate and manuals in both languages.\nCommissioning on site by our engineers, two trainings included.",
    );
    Line {
        description: if long { name + &details } else { name },
        quantity: text(if number.is_multiple_of(4) { "120" } else { "2.5" }),
        unit: say("台", "pcs"),
        unit_price: text("12345.60"),
        discount_rate: text(if number.is_multiple_of(2) { "0" } else { "0.05" }),
        tax_rate: text("0.13"),
        amount: format!("{}.60", 1_234_600 + number),
    }
}

fn terms(language: &str) -> Vec<PaymentTerm> {
    let say = |chinese: &str, english: &str| say(language, chinese, english);
    vec![
        PaymentTerm {
            name: say("预付款", "Advance payment"),
            share: text("0.3"),
            amount: text("3703.38"),
            due: say("合同签订后 5 个工作日内", "within 5 working days of signature"),
        },
        PaymentTerm {
            name: say("到货款", "On delivery"),
            share: text("0.6"),
            amount: text("7406.76"),
            due: say("到货验收合格后 15 日内", "within 15 days of acceptance"),
        },
        PaymentTerm {
            name: say("质保金", "Retention"),
            share: text("0.1"),
            amount: text("1234.46"),
            due: say("质保期满后 10 日内", "within 10 days after the warranty"),
        },
    ]
}

fn variant(language: &str, number: usize, lines: usize, long: bool) -> Variant {
    let say = |chinese: &str, english: &str| say(language, chinese, english);
    Variant {
        label: text(["A", "B", "C"][number % 3]),
        title: say(
            ["标准配置", "增强配置", "含三年维保"][number % 3],
            ["Standard", "Extended", "With three years of service"][number % 3],
        ),
        lines: (1..=lines).map(|number| line(language, number, long)).collect(),
        totals: Totals { net: text("10924.42"), tax: text("1420.18"), gross: text("12344.60") },
        payment_terms: terms(language),
    }
}

fn sections(language: &str) -> Vec<Section> {
    let say = |chinese: &str, english: &str| say(language, chinese, english);
    vec![
        Section {
            title: say("需求理解", "Your requirement"),
            text: say(
                "贵司计划在 2027 年第一季度完成三号车间的自动化改造，目标是把**单班产能提高 30%**，同时把换型时间从 45 分钟缩短到 15 分钟以内。我们在现场调研（2026 年 11 月 12 日）中确认了以下要点：\n\n- 现有 12 台设备的控制系统各不相同，“信息孤岛”明显；\n- 车间网络可以利旧，但需要增加两台工业交换机；\n- 改造期间不能整线停产，须分三批进行。",
                "You plan to automate workshop no. 3 in the first quarter of 2027, to **raise output per shift by 30%** and to cut change-over from 45 to less than 15 minutes. During our visit on site (12 November 2026) we confirmed:\n\n- the controls of the 12 machines differ from each other, with “islands of information”;\n- the network can stay, with two more industrial switches;\n- the line can't stop as a whole: the work goes in three steps.",
            ),
        },
        Section {
            title: say("解决方案", "Our solution"),
            text: say(
                "以统一的控制平台替换现有控制器，所有设备经 EtherCAT 总线接入；数据由边缘网关采集，写入贵司 MES。\n\n### 实施步骤\n\n1. 设计与评审：两周，交付电气图纸与接口清单；\n2. 分批安装：每批停机不超过 48 小时；\n3. 联调与试运行：连续 72 小时无故障为通过。",
                "One control platform replaces the present controllers; all machines join through EtherCAT; an edge gateway collects the data and writes it to your MES.\n\n### Steps\n\n1. Design and review: two weeks, with drawings and a list of interfaces;\n2. Installation in three steps: each stops its machines for 48 hours at most;\n3. Trial run: passed after 72 hours without fault.",
            ),
        },
    ]
}

/// What a company offers: `lines` lines in each of `variants` variants; `long` gives each line a description of several lines.
pub fn proposal(language: &str, lines: usize, variants: usize, long: bool) -> Proposal {
    let say = |chinese: &str, english: &str| say(language, chinese, english);
    Proposal {
        language: text(language),
        title: None,
        company: Company {
            name: say("上海远航自动化科技有限公司", "Far Voyage Automation Ltd."),
            address: say("上海市浦东新区张江路 88 号 6 幢", "Building 6, 88 Zhangjiang Road, Pudong, Shanghai"),
            phone: text("+86 21 5555 0188"),
            logo: Some(text("logo.png")),
            seller: Some(say("王丽", "Li Wang")),
        },
        customer: say("杭州启明精密制造股份有限公司", "Northwind Precision Manufacturing Co."),
        contact: Some(say("张伟 先生", "Mr James Miller")),
        number: text("Q-2026-000042"),
        date: text("2026-11-30"),
        valid_until: text("2026-12-31"),
        currency: text("CNY"),
        sections: sections(language),
        variants: (0..variants).map(|number| variant(language, number, lines, long)).collect(),
        delivery: Some(say(
            "合同生效后 30 日内送达贵司三号车间，运费及保险由我方承担。",
            "Delivered to your workshop no. 3 within 30 days of the contract's effect; freight and insurance are included.",
        )),
        notes: vec![
            say(
                "报价含 13% 增值税，不含现场土建施工。",
                "Prices include 13% VAT; civil works on site are not included.",
            ),
            say("质保期为验收合格之日起 12 个月。", "The warranty is 12 months from acceptance."),
        ],
    }
}

pub fn files() -> Files {
    Files::default().with("logo.png", super::LOGO.to_vec())
}

pub fn paper(language: &str, lines: usize, variants: usize, long: bool) -> Paper {
    print::arrange(&Template::proposal(), &proposal(language, lines, variants, long), &files()).expect("a layout")
}
