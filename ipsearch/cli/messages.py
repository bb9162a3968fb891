"""What the command line says, in English and in Chinese: one table, and the choice between them.

Names of columns in CSV and JSON, values of records and the library's own errors are the same in
both languages: scripts read them.
"""

from __future__ import annotations

import os
from typing import Any, Literal

import click

Language = Literal["en", "zh"]

MESSAGES: dict[str, dict[Language, str]] = {
    # searching
    "found": {
        "en": "{kind} found: {total:,}; shown: {first:,} to {last:,}; {elapsed_s:.3f} s",
        "zh": "共 {total:,} 件{kind}，显示第 {first:,} 至 {last:,} 件，用时 {elapsed_s:.3f} 秒",
    },
    "found_none_here": {
        "en": "{kind} found: {total:,}; none after the first {offset:,}; {elapsed_s:.3f} s",
        "zh": "共 {total:,} 件{kind}，第 {offset:,} 件之后没有更多，用时 {elapsed_s:.3f} 秒",
    },
    "found_none": {
        "en": "{kind} found: none; {elapsed_s:.3f} s",
        "zh": "没有找到{kind}，用时 {elapsed_s:.3f} 秒",
    },
    "nearest": {
        "en": "prior art: {prior:,}; conflicting applications: {conflicting:,}; {elapsed_s:.3f} s",
        "zh": "现有技术 {prior:,} 件，抵触申请 {conflicting:,} 件，用时 {elapsed_s:.3f} 秒",
    },
    "pair": {
        "en": "together {one} and {other} show {coverage:.0%} of the claim's words",
        "zh": "{one} 与 {other} 合计覆盖权利要求用词的 {coverage:.0%}",
    },
    "not_shown": {"en": "not found", "zh": "未见"},
    "cleared": {
        "en": "marks shown: {found:,}; compared: {compared:,}; {elapsed_s:.3f} s; leads, to be"
        " judged by a person",
        "zh": "列出 {found:,} 件商标，比对 {compared:,} 件，用时 {elapsed_s:.3f} 秒；"
        "仅为线索，须由人判断",
    },
    "aspect.identity": {"en": "identity", "zh": "相同"},
    "aspect.form": {"en": "form", "zh": "形"},
    "aspect.sound": {"en": "sound", "zh": "音"},
    "aspect.meaning": {"en": "meaning", "zh": "义"},
    "aspect.containment": {"en": "contained", "zh": "包含"},
    "aspect.goods": {"en": "goods", "zh": "商品"},
    "explain.and": {"en": "all of", "zh": "全部满足"},
    "explain.or": {"en": "any of", "zh": "满足其一"},
    "explain.not": {"en": "none of", "zh": "不含"},
    "explain.near": {"en": "near", "zh": "邻近"},
    "explain.words": {"en": "words", "zh": "词"},
    "explain.exact": {"en": "text", "zh": "原文"},
    "explain.pattern": {"en": "pattern", "zh": "截词"},
    "explain.boost": {"en": "weighed", "zh": "加权"},
    "explain.other": {"en": "field", "zh": "字段"},
    "explain.more": {"en": "... {count:,} terms in all", "zh": "……共 {count:,} 个词"},
    "blame.alone": {
        "en": "no record matches {clause}",
        "zh": "没有任何记录满足 {clause}",
    },
    "blame.together": {
        "en": "each clause matches by itself; together with those before it, {clause} leaves none",
        "zh": "各条件单独都有命中；与前面的条件同时满足时，{clause} 使结果为零",
    },
    "blame.excluded": {
        "en": "all records are excluded by NOT {clause}",
        "zh": "所有记录都被 NOT {clause} 排除",
    },
    "blame.filters": {
        "en": "the query alone matches {total:,}; the office, dates or class given leave none",
        "zh": "检索式本身命中 {total:,} 件；所给的受理局、日期或分类使结果为零",
    },
    "counted": {
        "en": "{kind} found: {total:,}; {elapsed_s:.3f} s",
        "zh": "共 {total:,} 件{kind}，用时 {elapsed_s:.3f} 秒",
    },
    "exported": {
        "en": "{kind} written: {records:,}; {file}",
        "zh": "已导出 {records:,} 件{kind}：{file}",
    },
    "cells_cut": {
        "en": "texts too long for a cell, cut: {count:,}; JSON Lines and Parquet have them whole",
        "zh": "{count:,} 处文字超出单元格上限已截断；JSON Lines 与 Parquet 中为全文",
    },
    "facet_sum": {
        "en": "{name}: different values {distinct:,}; records {records:,}, without any {missing:,}",
        "zh": "{name}：共 {distinct:,} 个值；记录 {records:,} 件，其中无此项 {missing:,} 件",
    },
    "found_groups": {
        "en": "groups of {kind} found: {total:,}; shown: {first:,} to {last:,}; {elapsed_s:.3f} s",
        "zh": "共 {total:,} 组{kind}，显示第 {first:,} 至 {last:,} 组，用时 {elapsed_s:.3f} 秒",
    },
    "patent": {"en": "patents", "zh": "专利"},
    "trademark": {"en": "marks", "zh": "商标"},
    "warning": {"en": "warning: {reason}", "zh": "提示：{reason}"},
    # sessions and topics
    "session_noted": {
        "en": "noted as #{number} of session {name}",
        "zh": "已记为检索史“{name}”的 #{number}",
    },
    "session_empty": {
        "en": "session {name}: no query yet",
        "zh": "检索史“{name}”尚无检索式",
    },
    "session_dropped": {
        "en": "session {name} dropped, queries: {queries:,}",
        "zh": "已删除检索史“{name}”（{queries:,} 条检索式）",
    },
    "topic_added": {
        "en": "topic {name} kept; records that match now: {hits:,}",
        "zh": "已保存专题“{name}”，现有命中 {hits:,} 件",
    },
    "topic_refreshed": {
        "en": "topic {name}: records {hits:,}, new {new:,}",
        "zh": "专题“{name}”：命中 {hits:,} 件，新增 {new:,} 件",
    },
    "topic_new": {
        "en": "topic {name}: new records {new:,}",
        "zh": "专题“{name}”：未确认的新增 {new:,} 件",
    },
    "topic_fault": {
        "en": "topic {name} could not be asked: {reason}",
        "zh": "专题“{name}”无法检索：{reason}",
    },
    "topics_read": {"en": "topics kept: {topics:,}", "zh": "已导入专题 {topics:,} 个"},
    "label.topic_name": {"en": "topic", "zh": "专题"},
    "label.topic_kind": {"en": "kind", "zh": "种类"},
    "label.topic_expression": {"en": "query", "zh": "检索式"},
    "label.topic_note": {"en": "note", "zh": "备注"},
    "label.topic_added": {"en": "added", "zh": "新建于"},
    "label.topic_refreshed": {"en": "refreshed", "zh": "更新于"},
    "label.topic_hits": {"en": "records", "zh": "命中"},
    "label.topic_new": {"en": "new", "zh": "未确认新增"},
    "column.session": {"en": "Session", "zh": "检索史"},
    "column.queries": {"en": "Queries", "zh": "检索式数"},
    "column.last_asked": {"en": "Last asked", "zh": "最近检索"},
    "column.hits": {"en": "Hits", "zh": "命中"},
    "column.asked": {"en": "Asked", "zh": "时间"},
    "column.expression": {"en": "Query", "zh": "检索式"},
    "column.narrowing": {"en": "Narrowed by", "zh": "限定"},
    "column.topic": {"en": "Topic", "zh": "专题"},
    "column.new": {"en": "New", "zh": "未确认新增"},
    "column.just_new": {"en": "New", "zh": "新增"},
    "column.refreshed": {"en": "Refreshed", "zh": "更新时间"},
    "column.note": {"en": "Note", "zh": "备注"},
    "column.found": {"en": "Found", "zh": "发现时间"},
    # showing
    "at_line": {"en": "{file}, line {line}: {told}", "zh": "{file} 第 {line} 行：{told}"},
    "some_missing": {
        "en": "numbers without a record: {missing:,} of {numbers:,}",
        "zh": "{numbers:,} 个号码中有 {missing:,} 个没有记录",
    },
    "not_found": {"en": "not found: {number}", "zh": "未找到：{number}"},
    "not_a_number": {
        "en": "not found: {number} (not a number)",
        "zh": "未找到：{number}（不是号码）",
    },
    "number_doubtful": {"en": "{number}: {reason}", "zh": "{number}：校验位有误（{reason}）"},
    "kind_patent": {"en": "patent", "zh": "专利"},
    "kind_trademark": {"en": "trademark", "zh": "商标"},
    "label.claims": {"en": "Claims", "zh": "权利要求"},
    "label.description": {"en": "Description", "zh": "说明书"},
    "description_kept": {
        "en": "paragraphs: {paragraphs:,}; -o jsonl prints them",
        "zh": "共 {paragraphs:,} 段；用 -o jsonl 输出全文",
    },
    "nice_class": {"en": "class {number}", "zh": "第 {number} 类"},
    "groups": {"en": "similar groups {groups}", "zh": "类似群 {groups}"},
    # ingesting
    "interrupted_ingest": {
        "en": "interrupted: what was read so far is kept in {corpus};"
        " run the same command again and it goes on from there",
        "zh": "已中断：已读取的内容保存在 {corpus}；再次运行同一命令即可从中断处继续",
    },
    "interrupted": {"en": "interrupted", "zh": "已中断"},
    "interrupted_compact": {
        "en": "interrupted: the shards that were done stay so; {corpus} is whole",
        "zh": "已中断：已整理完的分片保留；{corpus} 完整无损",
    },
    "interrupted_reshard": {
        "en": "interrupted: {corpus} is as it was before",
        "zh": "已中断：{corpus} 保持原样",
    },
    "removed": {
        "en": "records removed: {removed:,} (rows: {rows:,}); left: {records:,}; {elapsed_s:.1f} s",
        "zh": "移除 {removed:,} 条（{rows:,} 行），尚存 {records:,} 条，用时 {elapsed_s:.1f} 秒",
    },
    "upkeep": {
        "en": "shards written anew: {shards:,}; rows kept: {rows:,}, left behind: {dropped:,};"
        " {elapsed_s:.1f} s",
        "zh": "重写 {shards:,} 个分片，保留 {rows:,} 行，去除 {dropped:,} 行，"
        "用时 {elapsed_s:.1f} 秒",
    },
    "stage.clearance": {"en": "comparing", "zh": "比对"},
    "unit.clearance": {"en": "signs", "zh": "个标志"},
    "stage.export": {"en": "exporting", "zh": "导出"},
    "unit.export": {"en": "records", "zh": "件"},
    "stage.convert": {"en": "reading", "zh": "读取"},
    "stage.index": {"en": "indexing", "zh": "建索引"},
    "stage.compact": {"en": "compacting", "zh": "整理"},
    "stage.rewrite": {"en": "writing anew", "zh": "重写"},
    "stage.remove": {"en": "removing", "zh": "移除"},
    "unit.compact": {"en": "rows", "zh": "行"},
    "unit.rewrite": {"en": "rows", "zh": "行"},
    "unit.remove": {"en": "shards", "zh": "个分片"},
    "unit.convert": {"en": "MB", "zh": "MB"},
    "unit.index": {"en": "records", "zh": "条"},
    "sum.files": {"en": "files read", "zh": "读取文件"},
    "sum.known_files": {"en": "known files, skipped", "zh": "已收录文件（跳过）"},
    "sum.skipped_files": {"en": "files without records", "zh": "不含记录的文件"},
    "sum.delivered": {"en": "records read", "zh": "读出记录"},
    "sum.patent": {"en": "patents in the corpus", "zh": "库中专利"},
    "sum.trademark": {"en": "marks in the corpus", "zh": "库中商标"},
    "sum.added": {"en": "records added", "zh": "新增记录"},
    "sum.replaced": {"en": "replaced by later ones", "zh": "被后来记录替换"},
    "sum.merged": {"en": "merged from several", "zh": "由多个来源合并"},
    "sum.rejected": {"en": "rejected", "zh": "未能读取"},
    "sum.elapsed_s": {"en": "time", "zh": "用时"},
    "sum.records_per_s": {"en": "records a second", "zh": "每秒记录数"},
    "seconds": {"en": "{seconds:.1f} s", "zh": "{seconds:.1f} 秒"},
    "head.rejects": {"en": "could not be read:", "zh": "未能读取："},
    "head.warnings": {"en": "warnings:", "zh": "提示："},
    "head.unmapped": {"en": "columns and elements not used:", "zh": "未使用的列与元素："},
    "more_rejects": {
        "en": "... and {more:,} more: see {folder}",
        "zh": "……另有 {more:,} 项，见 {folder}",
    },
    "more": {"en": "... and {more:,} more", "zh": "……另有 {more:,} 项"},
    # what a corpus and a file hold
    "label.path": {"en": "corpus", "zh": "库"},
    "label.files": {"en": "files", "zh": "文件"},
    "label.ingestions": {"en": "ingestions", "zh": "导入次数"},
    "label.last_ingestion": {"en": "last ingestion", "zh": "最近导入"},
    "label.is_unfinished": {"en": "unfinished ingestion", "zh": "有未完成的导入"},
    "label.format_version": {"en": "format version", "zh": "格式版本"},
    "label.settings": {"en": "settings", "zh": "设置"},
    "label.file": {"en": "file", "zh": "文件"},
    "label.recognised": {"en": "read as", "zh": "识别为"},
    "label.fault": {"en": "cannot be read", "zh": "无法读取"},
    "label.records": {"en": "records read", "zh": "读出记录"},
    "label.rejects": {"en": "rejected", "zh": "未能读取"},
    "label.first_reject": {"en": "first rejected", "zh": "首个未能读取"},
    "label.encoding": {"en": "encoding", "zh": "编码"},
    "label.filled": {"en": "columns filled", "zh": "已填字段"},
    "label.unmapped": {"en": "not used", "zh": "未使用"},
    "label.warnings": {"en": "warnings", "zh": "提示"},
    "label.skipped": {"en": "holds no records", "zh": "不含记录"},
    "head.first_record": {"en": "first record:", "zh": "首条记录："},
    "nothing_recognised": {
        "en": "{file}: no source reads anything of it",
        "zh": "{file}：没有可读取它的来源",
    },
    "only_first_files": {
        "en": "only the first {count} files in it were looked at",
        "zh": "只查看了其中前 {count} 个文件",
    },
    "yes": {"en": "yes", "zh": "是"},
    "no": {"en": "no", "zh": "否"},
    # headings of tables
    "column.facet": {"en": "Facet", "zh": "统计项"},
    "column.value": {"en": "Value", "zh": "值"},
    "column.members": {"en": "Members", "zh": "成员"},
    "column.list": {"en": "List", "zh": "类别"},
    "column.coverage": {"en": "Covered", "zh": "覆盖"},
    "column.rank": {"en": "#", "zh": "序号"},
    "column.score": {"en": "Score", "zh": "得分"},
    "column.life": {"en": "Live", "zh": "存续"},
    "column.sign": {"en": "Sign", "zh": "标志"},
    "column.id": {"en": "Number", "zh": "号码"},
    "column.publication_date": {"en": "Published", "zh": "公开日"},
    "column.preliminary_publication_date": {"en": "Published", "zh": "初审公告日"},
    "column.title": {"en": "Title", "zh": "名称"},
    "column.mark_text": {"en": "Mark", "zh": "商标"},
    "column.nice_classes": {"en": "Classes", "zh": "类别"},
    "column.applicants": {"en": "Applicants", "zh": "申请人"},
    "column.owners": {"en": "Owners", "zh": "权利人"},
    "column.status": {"en": "Status", "zh": "法律状态"},
    "column.kind": {"en": "Kind", "zh": "种类"},
    "column.records": {"en": "Records", "zh": "记录"},
    "column.shards": {"en": "Shards", "zh": "分片"},
    "column.segments": {"en": "Segments", "zh": "索引段"},
    "column.parts": {"en": "Parts", "zh": "数据块"},
    "column.record_bytes": {"en": "Record bytes", "zh": "记录字节"},
    "column.index_bytes": {"en": "Index bytes", "zh": "索引字节"},
    "column.name": {"en": "Name", "zh": "代号"},
    "column.source_title": {"en": "What it reads", "zh": "读取内容"},
    "column.kinds": {"en": "Kinds", "zh": "种类"},
    "column.sample": {"en": "Sample", "zh": "样例"},
    # the front page: the columns of a record
    "field.publication_number": {"en": "Publication number", "zh": "公开（公告）号"},
    "field.application_number": {"en": "Application number", "zh": "申请号"},
    "field.registration_number": {"en": "Registration number", "zh": "注册号"},
    "field.other_numbers": {"en": "Other numbers", "zh": "其他号码"},
    "field.office": {"en": "Office", "zh": "受理局"},
    "field.kind_code": {"en": "Kind code", "zh": "文献种类"},
    "field.patent_type": {"en": "Type", "zh": "专利类型"},
    "field.family_id": {"en": "Simple family", "zh": "简单同族"},
    "field.extended_family_id": {"en": "Extended family", "zh": "扩展同族"},
    "field.filing_date": {"en": "Filed", "zh": "申请日"},
    "field.publication_date": {"en": "Published", "zh": "公开（公告）日"},
    "field.grant_date": {"en": "Granted", "zh": "授权公告日"},
    "field.priority_date": {"en": "Earliest priority", "zh": "最早优先权日"},
    "field.expiry_date": {"en": "Expires", "zh": "到期日"},
    "field.titles": {"en": "Title", "zh": "名称"},
    "field.abstracts": {"en": "Abstract", "zh": "摘要"},
    "field.claim_count": {"en": "Number of claims", "zh": "权利要求数"},
    "field.ipc": {"en": "IPC", "zh": "国际分类号"},
    "field.cpc": {"en": "CPC", "zh": "CPC 分类号"},
    "field.locarno": {"en": "Locarno", "zh": "洛迦诺分类号"},
    "field.other_classes": {"en": "Other classes", "zh": "其他分类号"},
    "field.applicants": {"en": "Applicants", "zh": "申请人"},
    "field.owners": {"en": "Owners", "zh": "权利人"},
    "field.inventors": {"en": "Inventors", "zh": "发明人"},
    "field.agents": {"en": "Agents", "zh": "代理人"},
    "field.examiners": {"en": "Examiners", "zh": "审查员"},
    "field.priorities": {"en": "Priorities", "zh": "优先权"},
    "field.citations": {"en": "Citations", "zh": "对比文件"},
    "field.legal_status": {"en": "Legal status", "zh": "法律状态"},
    "field.status_date": {"en": "Status as of", "zh": "状态日期"},
    "field.legal_events": {"en": "Legal events", "zh": "法律事件"},
    "field.mark_text": {"en": "Mark", "zh": "商标"},
    "field.transliteration": {"en": "Transliteration", "zh": "音译"},
    "field.translation": {"en": "Translation", "zh": "译文"},
    "field.mark_kind": {"en": "Kind of sign", "zh": "商标形式"},
    "field.mark_category": {"en": "Category", "zh": "商标类型"},
    "field.mark_description": {"en": "Description", "zh": "商标说明"},
    "field.disclaimer": {"en": "Disclaimer", "zh": "放弃专用权"},
    "field.vienna_codes": {"en": "Vienna codes", "zh": "图形要素"},
    "field.design_codes": {"en": "Design codes", "zh": "图形代码"},
    "field.preliminary_publication_date": {"en": "Published", "zh": "初审公告日"},
    "field.registration_date": {"en": "Registered", "zh": "注册日"},
    "field.international_registration_date": {"en": "Int. registered", "zh": "国际注册日"},
    "field.classes": {"en": "Goods and services", "zh": "商品/服务"},
    "field.source": {"en": "Source", "zh": "来源"},
    "field.source_file": {"en": "File", "zh": "文件"},
    "field.transaction_date": {"en": "Delivered", "zh": "数据日期"},
}


def language() -> Language:
    """The language that `--lang` chose, else that of the locale: Chinese for zh*, else English."""
    context = click.get_current_context(silent=True)
    chosen = context.find_root().params.get("lang") if context is not None else None
    if chosen in ("en", "zh"):
        return "zh" if chosen == "zh" else "en"
    return _of_locale()


def _of_locale() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):  # as the C library reads them
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def message(key: str, **values: Any) -> str:
    """Give the message called `key` in the language chosen, with `values` put in."""
    return MESSAGES[key][language()].format(**values)
