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
    "conflicts_found": {
        "en": "as of {day}: patents {patents:,}, marks {marks:,}; {elapsed_s:.3f} s; leads, to be"
        " judged by a person: words are compared, not what they mean",
        "zh": "截至 {day}：专利 {patents:,} 件，商标 {marks:,} 件，用时 {elapsed_s:.3f} 秒；"
        "仅为线索，须由人判断：所比较的是用词，不是含义",
    },
    "names_found": {"en": "names in the text: {names}", "zh": "文中的名称：{names}"},
    "near_name": {"en": "near to {name} in the text", "zh": "与文中的“{name}”相近"},
    "claim_covered": {
        "en": "claim {claim}: {coverage:.0%} of its words found",
        "zh": "权利要求 {claim}：用词覆盖 {coverage:.0%}",
    },
    "claims_of": {
        "en": "claims of {id}: those granted are not here",
        "zh": "权利要求取自 {id}，库中没有授权文本",
    },
    "no_claims_here": {"en": "no claims in the corpus", "zh": "库中没有权利要求"},
    "more_features": {"en": "... {count} features more", "zh": "……另有 {count} 个特征"},
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
    # watches
    "watch_added": {"en": "watch {name} kept", "zh": "已保存监测“{name}”"},
    "watches_read": {"en": "watches kept: {watches:,}", "zh": "已保存 {watches:,} 项监测"},
    "watch_fault": {
        "en": "watch {name} could not look: {reason}",
        "zh": "监测“{name}”未能运行：{reason}",
    },
    "watch_ran": {
        "en": "run {number}: watches that looked: {watches:,}; alerts: new {new:,},"
        " reopened {reopened:,}",
        "zh": "第 {number} 次运行：{watches:,} 项监测，新提醒 {new:,} 条，重新打开 {reopened:,} 条",
    },
    "interrupted_watch": {
        "en": "interrupted: the alerts raised so far are kept; the next `watch run` finds the rest",
        "zh": "已中断：已发现的提醒保留；下次运行 `watch run` 将补齐其余",
    },
    "alerts_listed": {"en": "alerts: {alerts:,}", "zh": "提醒 {alerts:,} 条"},
    "alerts_acknowledged": {"en": "acknowledged: {alerts:,}", "zh": "已知悉 {alerts:,} 条"},
    "alerts_dismissed": {"en": "dismissed: {alerts:,}", "zh": "已排除 {alerts:,} 条"},
    "alerts_written": {
        "en": "alerts written: {alerts:,}; {file}",
        "zh": "已导出提醒 {alerts:,} 条：{file}",
    },
    "label.watch_id": {"en": "alert", "zh": "编号"},
    "label.watch_watch": {"en": "watch", "zh": "监测"},
    "label.watch_watch_kind": {"en": "of", "zh": "对象"},
    "label.watch_kind": {"en": "kind", "zh": "种类"},
    "label.watch_record_id": {"en": "number", "zh": "号码"},
    "label.watch_title": {"en": "title", "zh": "名称"},
    "label.watch_office": {"en": "office", "zh": "受理局"},
    "label.watch_parties": {"en": "owners", "zh": "权利人"},
    "label.watch_classes": {"en": "classes", "zh": "类别"},
    "label.watch_status": {"en": "status", "zh": "法律状态"},
    "label.watch_filing_date": {"en": "filed", "zh": "申请日"},
    "label.watch_publication_date": {"en": "published", "zh": "公告日"},
    "label.watch_severity": {"en": "severity", "zh": "程度"},
    "label.watch_score": {"en": "score", "zh": "分值"},
    "label.watch_state": {"en": "state", "zh": "处理状态"},
    "label.watch_note": {"en": "note", "zh": "备注"},
    "label.watch_first_seen": {"en": "first seen", "zh": "首次发现"},
    "label.watch_last_seen": {"en": "last seen", "zh": "最近发现"},
    "label.watch_deadline_note": {"en": "opposition", "zh": "异议期限"},
    "label.watch_run": {"en": "run", "zh": "运行"},
    "label.watch_reasons": {"en": "reasons", "zh": "理由"},
    "label.watch_evidence": {"en": "evidence", "zh": "依据"},
    "label.watch_name": {"en": "watch", "zh": "监测"},
    "label.watch_subject": {"en": "watched", "zh": "内容"},
    "label.watch_alerts": {"en": "alerts", "zh": "提醒"},
    "label.watch_waiting": {"en": "waiting", "zh": "待处理"},
    "label.watch_looked": {"en": "looked", "zh": "最近运行"},
    "label.watch_looked_to": {"en": "looked to ingestion", "zh": "已看至导入"},
    "label.watch_added": {"en": "added", "zh": "新建时间"},
    "label.watch_text": {"en": "text", "zh": "文字"},
    "label.watch_groups": {"en": "similar groups", "zh": "类似群"},
    "label.watch_goods": {"en": "goods", "zh": "商品"},
    "label.watch_threshold": {"en": "threshold", "zh": "阈值"},
    "label.watch_owners": {"en": "whose raise no alert", "zh": "不提醒的权利人"},
    "label.watch_offices": {"en": "offices", "zh": "受理局"},
    "label.watch_also_dead": {"en": "dead ones too", "zh": "含失效"},
    "label.watch_number": {"en": "number", "zh": "号码"},
    "label.watch_claim": {"en": "claim", "zh": "权利要求"},
    "label.watch_names": {"en": "names", "zh": "名称"},
    "label.watch_kinds": {"en": "kinds", "zh": "种类"},
    "label.watch_expression": {"en": "query", "zh": "检索式"},
    "stage.watch": {"en": "watching", "zh": "监测"},
    "unit.watch": {"en": "watches", "zh": "项"},
    "column.watch": {"en": "Watch", "zh": "监测"},
    "column.watch_kind": {"en": "Of", "zh": "对象"},
    "column.watched": {"en": "Watched", "zh": "内容"},
    "column.alerts": {"en": "Alerts", "zh": "提醒"},
    "column.waiting": {"en": "Waiting", "zh": "待处理"},
    "column.looked": {"en": "Looked", "zh": "最近运行"},
    "column.came_in": {"en": "Came in", "zh": "新到记录"},
    "column.reopened": {"en": "Reopened", "zh": "重新打开"},
    "column.alert": {"en": "Alert", "zh": "编号"},
    "column.severity": {"en": "Severity", "zh": "程度"},
    "column.deadline": {"en": "Oppose by", "zh": "异议截止"},
    "column.first_seen": {"en": "First seen", "zh": "首次发现"},
    "column.state": {"en": "State", "zh": "处理状态"},
    # ingesting
    "interrupted_ingest": {
        "en": "interrupted: what was read so far is kept in {corpus};"
        " run the same command again and it goes on from there",
        "zh": "已中断：已读取的内容保存在 {corpus}；再次运行同一命令即可从中断处继续",
    },
    "interrupted": {
        "en": "interrupted: nothing is left half done; run the same command again",
        "zh": "已中断：没有留下做了一半的内容；可再次运行同一命令",
    },
    "interrupted_remove": {
        "en": "interrupted: all of it was removed from {corpus}, or nothing;"
        " run the same command again to be sure",
        "zh": "已中断：{corpus} 中要移除的内容已全部移除，或完全未动；再次运行同一命令即可确认",
    },
    "interrupted_compact": {
        "en": "interrupted: the shards that were done stay so; {corpus} is whole;"
        " run the same command again for the others",
        "zh": "已中断：已整理完的分片保留；{corpus} 完整无损；再次运行同一命令即可整理其余分片",
    },
    "interrupted_reshard": {
        "en": "interrupted: {corpus} is whole, as it was before or divided already;"
        " run the same command again and it goes on from there",
        "zh": "已中断：{corpus} 完好，保持原样或已重新划分；再次运行同一命令即可从中断处继续",
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
    # checking and mending
    "check_clean": {
        "en": "files checked: {files:,} ({megabytes:,.1f} MB), records: {records:,};"
        " all is as it was written; {elapsed_s:.1f} s",
        "zh": "已检查 {files:,} 个文件（{megabytes:,.1f} MB）、{records:,} 条记录，全部完好，"
        "用时 {elapsed_s:.1f} 秒",
    },
    "check_damaged": {
        "en": "files checked: {files:,} ({megabytes:,.1f} MB), records: {records:,}; damaged files:"
        " {damaged:,}; `ipsearch repair {corpus}` mends what can be; {elapsed_s:.1f} s",
        "zh": "已检查 {files:,} 个文件（{megabytes:,.1f} MB）、{records:,} 条记录，"
        "损坏 {damaged:,} 个文件；运行 ipsearch repair {corpus} 进行修复；用时 {elapsed_s:.1f} 秒",
    },
    "check_leftovers": {
        "en": "left over: {leftovers:,}; no damage: the next command that writes removes them",
        "zh": "有 {leftovers:,} 个遗留文件，不属损坏，下次写入时自动清除",
    },
    "check_written_to": {
        "en": "another process is writing to {corpus}: what it has not finished was not looked at",
        "zh": "另一进程正在写入 {corpus}，其未完成的内容不在检查之列",
    },
    "repaired": {
        "en": "made again: {mended:,}; shards indexed anew: {shards:,}; rows lost: {lost:,};"
        " records in the corpus: {records:,}; {elapsed_s:.1f} s",
        "zh": "重新生成 {mended:,} 项，重建索引 {shards:,} 个分片，丢失 {lost:,} 行；"
        "库中现有 {records:,} 条记录；用时 {elapsed_s:.1f} 秒",
    },
    "repair_nothing": {
        "en": "nothing to mend; records in the corpus: {records:,}; {elapsed_s:.1f} s",
        "zh": "无需修复，库中有 {records:,} 条记录，用时 {elapsed_s:.1f} 秒",
    },
    "repair_restored": {
        "en": "the catalog was restored from its copy: the last change it knows is of {when};"
        " ingest again what came later",
        "zh": "目录已由副本恢复，其最后一次变更为 {when}；此后导入的文件请重新导入",
    },
    "repair_unfinished": {
        "en": "an interrupted ingestion was damaged and is forgotten: run it again",
        "zh": "被中断的导入已损坏并清除，请重新运行该导入",
    },
    "repair_removed": {
        "en": "{shard}: both lists of what had been removed are lost: it may be found again",
        "zh": "{shard}：移除清单的两份副本均已丢失，先前移除的记录可能重新出现",
    },
    "repair_ingest": {
        "en": "files to ingest again: {files:,}",
        "zh": "请重新导入 {files:,} 个文件：",
    },
    "interrupted_repair": {
        "en": "interrupted: the shards that were mended stay so; run the same command again and it"
        " mends the rest of {corpus}",
        "zh": "已中断：已修复的分片保留；再次运行同一命令即可继续修复 {corpus}",
    },
    "migrated": {
        "en": "shards indexed anew: {shards:,}; records: {records:,}; {elapsed_s:.1f} s",
        "zh": "重建索引 {shards:,} 个分片，{records:,} 条记录，用时 {elapsed_s:.1f} 秒",
    },
    "migrate_nothing": {
        "en": "of this version already; records: {records:,}",
        "zh": "已是当前版本，共 {records:,} 条记录",
    },
    "interrupted_migrate": {
        "en": "interrupted: {corpus} is as it was before; run the same command again and it goes on"
        " with what is done",
        "zh": "已中断：{corpus} 保持原样；再次运行同一命令即可从中断处继续",
    },
    "role.catalog": {
        "en": "catalog: comes back from its copy",
        "zh": "目录：由副本恢复",
    },
    "role.catalog_copy": {
        "en": "copy of the catalog: made again",
        "zh": "目录副本：重新生成",
    },
    "role.notes": {
        "en": "notes of people: moved aside",
        "zh": "用户笔记：移开保留",
    },
    "role.records": {
        "en": "records as delivered: what can be read is kept",
        "zh": "原始记录：保留可读部分",
    },
    "role.keys": {
        "en": "made of records: made again, and the index",
        "zh": "由记录生成：重新生成并重建索引",
    },
    "role.beside": {"en": "made of records: made again", "zh": "由记录生成：重新生成"},
    "role.merged": {
        "en": "merged records: merged again, and indexed",
        "zh": "合并记录：重新合并并重建索引",
    },
    "role.unfinished": {
        "en": "of an interrupted ingestion: it begins anew",
        "zh": "未完成的导入：重新开始",
    },
    "role.index": {"en": "index: built anew of the records", "zh": "索引：由记录重建"},
    "role.gone_copy": {
        "en": "second list of what was removed: made again",
        "zh": "移除清单副本：重新生成",
    },
    "role.leftover": {"en": "left over: no damage", "zh": "遗留文件：不属损坏"},
    "outcome.mended": {"en": "made again", "zh": "已重新生成"},
    "outcome.moved": {"en": "moved aside", "zh": "已移开保留"},
    "outcome.lost": {"en": "lost", "zh": "丢失"},
    "stage.check": {"en": "checking", "zh": "检查"},
    "unit.check": {"en": "MB", "zh": "MB"},
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
    "column.file": {"en": "File", "zh": "文件"},
    "column.file_role": {"en": "What it is, and what `repair` does", "zh": "文件性质与修复办法"},
    "column.file_reason": {"en": "What is wrong", "zh": "问题"},
    "column.file_outcome": {"en": "Outcome", "zh": "结果"},
    "column.lost_rows": {"en": "Rows lost", "zh": "丢失行数"},
    "column.lost_ids": {"en": "Records lost", "zh": "丢失的记录"},
    "column.facet": {"en": "Facet", "zh": "统计项"},
    "column.value": {"en": "Value", "zh": "值"},
    "column.members": {"en": "Members", "zh": "成员"},
    "column.list": {"en": "List", "zh": "类别"},
    "column.coverage": {"en": "Covered", "zh": "覆盖"},
    "column.rank": {"en": "#", "zh": "序号"},
    "column.score": {"en": "Score", "zh": "得分"},
    "column.life": {"en": "Live", "zh": "存续"},
    "column.force": {"en": "In force", "zh": "效力"},
    "column.subject": {"en": "Title or mark", "zh": "名称或商标"},
    "column.claim": {"en": "Claim", "zh": "权利要求"},
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
