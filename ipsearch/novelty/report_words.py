"""What a report says in its own words, in both languages."""

from __future__ import annotations

from ipsearch.novelty.report_parts import Language, Say

WORDS: dict[str, dict[Language, str]] = {
    "title": {"zh": "检索报告", "en": "Search report"},
    "written": {"zh": "已写出检索报告：{file}", "en": "search report written: {file}"},
    "yes": {"zh": "是", "en": "yes"},
    "no": {"zh": "否", "en": "no"},
    "none": {"zh": "无", "en": "none"},
    "unknown": {"zh": "未载明", "en": "not given"},
    "counted": {"zh": "{value}（{records:,}）", "en": "{value} ({records:,})"},
    "separator": {"zh": "、", "en": "; "},
    # the subject
    "subject": {"zh": "检索对象", "en": "Subject"},
    "subject.title": {"zh": "名称", "en": "Title"},
    "subject.text": {"zh": "主题", "en": "Text"},
    "subject.number": {"zh": "号码", "en": "Number"},
    "subject.typed": {"zh": "未给出：检索的是一段文字", "en": "none: a text was searched for"},
    "subject.claim": {"zh": "权利要求{number}", "en": "Claim {number}"},
    "subject.any_claim": {"zh": "权利要求", "en": "Claim"},
    "subject.no_claim": {
        "zh": "未载有权利要求：按全文检索，不作特征对比",
        "en": "there are no claims: searched by the whole text, no features are charted",
    },
    "subject.date": {"zh": "有效日期", "en": "Effective date"},
    "subject.office": {"zh": "受理局", "en": "Office"},
    "subject.named": {"zh": "文中提及的文献", "en": "Documents that it names"},
    "date.given": {"zh": "{day}（由检索者指定）", "en": "{day} (given by the searcher)"},
    "date.priority": {"zh": "{day}（最早优先权日）", "en": "{day} (earliest priority)"},
    "date.filing": {"zh": "{day}（申请日）", "en": "{day} (filing date)"},
    "date.none": {
        "zh": "不详：未按日期排除任何文献",
        "en": "not known: nothing was left out by its date",
    },
    # search elements and queries
    "elements": {"zh": "检索要素表", "en": "Search elements"},
    "elements.label": {"zh": "标号", "en": "No."},
    "elements.feature": {"zh": "技术特征", "en": "Feature"},
    "elements.words": {"zh": "检索用词（区分力强者在前）", "en": "Words, the most telling first"},
    "elements.whole": {"zh": "全文", "en": "all"},
    "elements.classes": {"zh": "分类号", "en": "Classes"},
    "queries": {"zh": "检索过程", "en": "Queries"},
    "queries.query": {"zh": "检索", "en": "Query"},
    "queries.terms": {"zh": "检索用词", "en": "Terms"},
    "queries.found": {"zh": "命中", "en": "Found"},
    "queries.note": {
        "zh": "命中：日期范围内含任一检索用词的记录数，检索对象本身及其同族除外。",
        "en": "Found: the records within the dates with any of the terms, without the subject's"
        " own family.",
    },
    "queries.prior art": {"zh": "现有技术", "en": "prior art"},
    "queries.conflicting applications": {"zh": "抵触申请", "en": "conflicting applications"},
    "condition.in_class": {"zh": "限定分类", "en": "Only in the class"},
    "condition.like": {"zh": "视为相近的文献", "en": "Documents marked as like"},
    "condition.unlike": {"zh": "视为不相近的文献", "en": "Documents marked as unlike"},
    "condition.synonyms": {"zh": "同义词表", "en": "Synonyms of"},
    "setting.fields": {"zh": "各字段的权重", "en": "Weights of fields"},
    "setting.most_terms": {"zh": "检索用词数上限", "en": "Most words"},
    "setting.rareness": {"zh": "稀有程度的幂", "en": "Power of rareness"},
    "setting.by_script": {"zh": "稀有程度按文字分别计", "en": "Rareness by script"},
    "setting.commonest": {
        "zh": "停用词：超过此比例的记录都有的词",
        "en": "Stop words: those of more than this share of the records",
    },
    "setting.negligible": {
        "zh": "不参与排序的词：合计至多相当于最有区分力之词的份额",
        "en": "Words not ranked by: together at most this share of the most telling one",
    },
    "setting.title": {"zh": "标题用词的倍数", "en": "Times that words of the title count"},
    "setting.parts": {"zh": "词中之词的权重", "en": "Weight of words within words"},
    "setting.other_forms": {"zh": "英文其他词形的权重", "en": "Weight of other forms of a word"},
    "setting.ipc_boost": {"zh": "分类一致的权重", "en": "Weight of classes that agree"},
    "setting.second_stage": {"zh": "再读全文的件数", "en": "Documents read again"},
    "setting.passages": {"zh": "最接近段落的权重", "en": "Weight of the nearest passages"},
    "setting.like_weight": {"zh": "相近文献的权重", "en": "Weight of documents marked as like"},
    "setting.unlike_weight": {
        "zh": "不相近文献的权重",
        "en": "Weight of documents marked as unlike",
    },
    # coverage
    "coverage": {"zh": "检索范围", "en": "Coverage"},
    "coverage.name": {"zh": "语料库", "en": "Corpus"},
    "coverage.records": {"zh": "专利记录", "en": "Patent records"},
    "coverage.published": {"zh": "公开日范围", "en": "Published"},
    "coverage.range": {"zh": "{first} 至 {last}", "en": "{first} to {last}"},
    "coverage.offices": {"zh": "受理局（记录数）", "en": "Offices (records)"},
    "coverage.sources": {"zh": "数据来源（记录数）", "en": "Sources (records)"},
    "coverage.ingested": {"zh": "数据截至（最近导入日）", "en": "Date of data (last ingestion)"},
    "coverage.version": {"zh": "程序版本", "en": "Program"},
    "coverage.searched": {"zh": "检索日期", "en": "Day of the search"},
    "coverage.only": {
        "zh": "只检索了上述语料库；库中没有的文献、记录中没有的正文，均未检索。",
        "en": "This corpus alone was searched: neither documents that are not in it, nor texts"
        " that its records lack.",
    },
    "warning.no_date": {
        "zh": "有效日期不详：没有因公开较晚而排除任何文献，也无法列出抵触申请。",
        "en": "No effective date is known: nothing is left out for having been published late,"
        " and no conflicting applications can be listed.",
    },
    "warning.long": {
        "zh": "文字很长：只计前 {characters} 个字符。",
        "en": "The text is long: its first {characters} characters count.",
    },
    "warning.undated": {
        "zh": "{records} 件记录没有公开日，不在任何一个清单中。",
        "en": "{records} records have no publication date: they are in neither list.",
    },
    "warning.unfiled": {
        "zh": "{records} 件记录没有申请日，不会列为抵触申请。",
        "en": "{records} records have no filing date: they are no conflicting applications.",
    },
    "warning.not_entered": {
        "zh": "{records} 件国际申请未列入：库中没有资料表明其已进入 {office} 国家阶段：{numbers}",
        "en": "{records} international applications are not listed: nothing here says that they"
        " entered at {office}: {numbers}",
    },
    "warning.no_office": {
        "zh": "检索对象的受理局不详：列出了所有受理局的抵触申请。",
        "en": "The subject's office is not known: conflicting applications of all are listed.",
    },
    # relevant documents
    "documents": {"zh": "相关文献", "en": "Relevant documents"},
    "documents.prior_art": {"zh": "现有技术", "en": "Prior art"},
    "documents.conflicting": {"zh": "抵触申请", "en": "Conflicting applications"},
    "documents.none": {"zh": "没有列出文献。", "en": "No document is listed."},
    "documents.no_date": {
        "zh": "有效日期不详，无法列出。",
        "en": "Cannot be listed: no effective date is known.",
    },
    "documents.rank": {"zh": "序号", "en": "No."},
    "documents.document": {"zh": "文献", "en": "Document"},
    "documents.applicants": {"zh": "申请人", "en": "Applicants"},
    "documents.dates": {"zh": "日期", "en": "Dates"},
    "documents.ipc": {"zh": "IPC", "en": "IPC"},
    "documents.covered": {"zh": "用词覆盖", "en": "Covered"},
    "documents.category": {"zh": "类别", "en": "Category"},
    "documents.suggestion": {
        "zh": "建议，供审查员判断",
        "en": "Suggestion, for the examiner to judge",
    },
    "documents.named": {"zh": "检索对象的文中提及", "en": "named in the subject's text"},
    "documents.published": {"zh": "公开 {day}", "en": "published {day}"},
    "documents.filed": {"zh": "申请 {day}", "en": "filed {day}"},
    "documents.priority": {"zh": "优先权 {day}", "en": "priority {day}"},
    "documents.note": {
        "zh": "同族只列排序最前的一件。“类别”由审查员填写。建议仅依据用词：一件文献对每个特征的用词"
        "覆盖均达到 90%，建议 X（抵触申请为 E）；所列的一对文献合计达到，建议 Y；其余为 A。"
        "未作特征对比的文献没有建议。",
        "en": "Of a family the member that ranks first is listed. The category is the examiner's to"
        " fill in. Suggestions go by words alone: X (E for a conflicting application) where one"
        " document covers at least 90% of every feature's words, Y where a listed pair does so"
        " together, else A; none where the features were not charted.",
    },
    # charts and pairs
    "charts": {"zh": "特征对比", "en": "Feature charts"},
    "charts.none": {"zh": "没有文献作了特征对比。", "en": "No document was charted."},
    "charts.prior_art": {"zh": "现有技术 {rank}", "en": "Prior art {rank}"},
    "charts.conflicting": {"zh": "抵触申请 {rank}", "en": "Conflicting application {rank}"},
    "charts.mean": {"zh": "平均覆盖 {coverage}", "en": "mean {coverage}"},
    "charts.passage": {"zh": "用词最接近的段落及其位置", "en": "Nearest passage and its place"},
    "charts.at": {"zh": "{place}：", "en": "{place}:"},
    "charts.not_found": {"zh": "未见", "en": "not found"},
    "charts.note": {
        "zh": "覆盖：特征的用词（越少见的词计得越多）在该段落中出现的比例，只看用词，不看含义。",
        "en": "Covered: the share of the feature's words, rare ones counting more, that stand in"
        " the passage. It goes by words, not by what they mean.",
    },
    "place.title": {"zh": "标题", "en": "title"},
    "place.abstract": {"zh": "摘要", "en": "abstract"},
    "place.claim": {"zh": "权利要求{number}", "en": "claim {number}"},
    "place.paragraph": {"zh": "说明书{number}", "en": "description {number}"},
    "pairs": {"zh": "文献的结合", "en": "Pairs of documents"},
    "pairs.none": {
        "zh": "没有两件文献合计覆盖得比各自单独更多。",
        "en": "No two documents together cover more than each alone.",
    },
    "pairs.first": {"zh": "文献一", "en": "First document"},
    "pairs.second": {"zh": "文献二", "en": "Second document"},
    "pairs.covered": {"zh": "合计覆盖", "en": "Together"},
    "pairs.all": {"zh": "每个特征均达 90%", "en": "Every feature 90%"},
    "pairs.better": {"zh": "覆盖较多的特征：{labels}", "en": "covers more of: {labels}"},
    "statement": {"zh": "声明", "en": "Statement"},
    "statement.text": {
        "zh": "本报告只排列文献并列出依据，不对新颖性或创造性作任何结论。",
        "en": "This report ranks documents and shows the evidence. It says nothing about novelty"
        " or inventive step themselves.",
    },
}


def words(language: Language) -> Say:
    """Give the function that says a phrase of `WORDS` in a language, with values put in."""
    return lambda key, **values: WORDS[key][language].format(**values)
