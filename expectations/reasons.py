"""Every reason code: what it says of a record or a file, and what the department can do about it."""

from __future__ import annotations

from dataclasses import dataclass

REFUSED = "refused"
HELD = "held"


@dataclass(frozen=True)
class Reason:
    says: str
    cure: str
    whole_file: str = ""


REASONS: dict[str, Reason] = {
    # records
    "REQUIRED": Reason("必填项为空", "补填后重新报送"),
    "ID-LENGTH": Reason("身份证号位数不对", "核对证件，补正为 18 位"),
    "ID-CHARACTER": Reason("身份证号含有非数字字符", "核对证件后补正"),
    "ID-CHECK": Reason("身份证号校验码不符", "核对证件后补正"),
    "ID-BIRTH": Reason("身份证号中的出生日期不存在或晚于报送期", "核对证件后补正"),
    "ID-DESTROYED": Reason("身份证号已被电子表格改成数字（末位丢失）", "将该列设为文本后从原系统重新导出"),
    "CASE-ID": Reason("预警编号有误（校验位不符）", "对照下发的清单，原样填回 12 位预警编号"),
    "ITEM-NO": Reason("督查编号有误（校验位不符）", "对照督查清单，原样填回 12 位督查编号"),
    "PLAN-DATE": Reason("计划整改未写计划完成日期", "填写计划完成日期，或改为立即整改、不属实"),
    "ITEM-UNKNOWN": Reason("督查编号不在下发过的清单中", "核对是否填错或来自其他系统；如确系本系统清单，请联系数据组"),
    "CASE-UNKNOWN": Reason("预警编号不在下发过的清单中", "核对是否填错或来自其他系统；如确系本系统清单，请联系数据组"),
    "VISIT-IDENTITY": Reason("入户核查发现身份或家庭信息有误", "核对证件和家庭成员后更正，随下期数据报送"),
    "VISIT-AMOUNT": Reason("入户核查发现金额与实际不符", "核对原始凭证后更正，以同一主键重新报送"),
    "HALF-FILLED": Reason(
        "已填写核查内容，但核查日期或核查结果为空", "日期和结果都要填写；尚未入户的，八个填写栏全部留空"
    ),
    "DATE": Reason("日期无法识别", "写成 2026-03-05 的形式"),
    "MONTH": Reason("年月无法识别", "写成 202603 的形式"),
    "YEAR": Reason("年份无法识别", "写成 2026 的形式"),
    "TERM": Reason("学期无法识别", "写成 2026S1（春）或 2026S2（秋）"),
    "INTEGER": Reason("不是非负整数", "只填数字"),
    "MONEY": Reason("金额无法识别", "以元为单位只填数字，最多两位小数"),
    "MONEY-NEGATIVE": Reason("金额不应为负", "核对金额；退费请标明退费标志"),
    "YES-NO": Reason("不是“是/否”", "填“是”或“否”"),
    "CODE": Reason("代码不在约定范围内", "按数据字典填写代码或其名称"),
    "AREA": Reason("区划代码不是 12 位数字", "按最新区划代码补正"),
    "FUTURE": Reason("日期晚于报送期末", "核对日期，或放入所属期的文件"),
    "MONTH-ORDER": Reason("终止年月早于起始年月", "核对起止年月"),
    "DAY-ORDER": Reason("结束日期早于开始日期", "核对日期"),
    "STAY-ORDER": Reason("出院日期早于入院日期", "核对日期"),
    "OOP-BALANCES": Reason("个人负担不等于总额减基金合计减医院负担", "核对各项金额"),
    "KEY-TWICE": Reason("同一文件中主键重复，以最后一行为准", "删除多余的行"),
    "RAGGED": Reason("列数与表头不一致", "检查该行是否多了或少了分隔符"),
    "OPEN-QUOTE": Reason("引号没有闭合", "补上引号或删去多余引号"),
    "UNDECODABLE": Reason("该行含有无法解码的字节", "以 UTF-8 或 GB18030 重新导出"),
    "FILE-DESTROYED": Reason(
        "超过 1% 的身份证号以 000 结尾，疑似被电子表格改成数字；校验码碰巧相符的已收下",
        "将该列设为文本后从原系统重新导出",
    ),
    "EXTRA-COLUMNS": Reason("有约定之外的列，已略过", "无须改正；如需收取请联系数据组"),
    # persons whose number is missing or broken
    "LINKED": Reason("号码缺失或有误，已按姓名、出生日期、地区等认定为本人，数据照常使用", "核对后补正号码重新报送"),
    "LINK-NONE": Reason("号码缺失或有误，已登记人员中没有相符的人", "补正号码后重新报送"),
    "LINK-WEAK": Reason("号码缺失或有误，相符之处不足以认定是谁", "核对证件，补正号码后重新报送"),
    "LINK-SEVERAL": Reason("号码缺失或有误，不止一人相符", "核对证件，补正号码后重新报送"),
    "LINK-NAME": Reason("号码有误，号码最相近的人姓名不同", "核对姓名和证件，补正后重新报送"),
    "LINK-DISPUTED": Reason("同一数据集中姓名或号码不同的记录都与同一人相符", "核对各条记录的证件，补正后重新报送"),
    "LINK-STANDS": Reason(
        "相符的人已用正确号码列在同一文件中，可能重复，也可能另有其人", "删除重复的行，或补正号码后重新报送"
    ),
    "TWO-NAMES": Reason("同一号码下有不同姓名", "核对证件，改正姓名或号码后重新报送"),
    # whole files
    "FILE-NAME": Reason("文件名不符合约定", "命名为 {数据集}_{县区6位}_{期}_{序号}.csv|xlsx|parquet", REFUSED),
    "FILE-CONTRACT": Reason("没有这个数据集的约定", "核对文件名开头的数据集名称", REFUSED),
    "FILE-EMPTY": Reason("文件为空或只有表头，按未报送处理", "导出后重新报送", REFUSED),
    "FILE-HEADER": Reason("表头缺少必需的列（或分隔符不是逗号、制表符、|）", "第一行应为表头；补上所缺的列", REFUSED),
    "FILE-HEADER-TWICE": Reason("表头中同一列出现两次", "删去重复的列", REFUSED),
    "FILE-SHEETS": Reason("工作簿中有多张非空工作表", "只保留一张工作表", REFUSED),
    "FILE-PASSWORD": Reason("工作簿加了密码，用约定的密码打不开", "用约定的密码加密，或去掉密码后重新报送", REFUSED),
    "FILE-DAMAGED": Reason("文件损坏，无法打开", "重新导出", REFUSED),
    "FILE-TOO-LARGE": Reason("文件过大或压缩比异常", "拆分后以 CSV 报送", REFUSED),
    "FILE-TIMEOUT": Reason("读取超时", "拆分后以 CSV 报送", REFUSED),
    "FILE-ENCODING": Reason("超过 1% 的行无法解码", "以 UTF-8 或 GB18030 重新导出", HELD),
    "FILE-CUT": Reason("行数恰为电子表格上限，可能被截断", "从原系统导出 CSV", HELD),
    "FILE-MANIFEST": Reason("行数或校验值与清单不符，可能传输不完整", "重新传送文件和清单", HELD),
    "FILE-SHRUNK": Reason("比同一期上次报送少了 20% 以上", "确认后重新报送完整文件", HELD),
    "FILE-SHIFTED": Reason(
        "超过 2% 的行有多列不可识别，或半数以上的行不可识别，疑似错列或整列损坏", "检查列的对应关系后重新报送", HELD
    ),
}
