"""Which tables PatentsView hands out, and what one row of each adds to the record of its patent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ipsearch.classification import parse_symbol
from ipsearch.errors import ClassificationError
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.dates import parse_date
from ipsearch.sources.passages import split_paragraphs
from ipsearch.sources.patentsview_places import Places
from ipsearch.sources.uspto_legacy import (
    PARTY_COLUMNS,
    application,
    country,
    international_publication,
    publication,
)

Cells = dict[str, str]
"""Column -> text of one row; "" for nothing."""


@dataclass(slots=True)
class Draft:
    """The record of one patent while its rows come in."""

    row: Row
    places: Places = field(default_factory=dict)  # where parties live, by `location_id`
    ordered: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)

    def put(self, column: str, sequence: str, value: Any) -> None:
        """Add to a column that is put in order by the rows' own sequence numbers."""
        place = int(sequence) if sequence.isdecimal() else 1 << 31
        self.ordered.setdefault(column, []).append((place, value))

    def finish(self) -> Row:
        for column, found in self.ordered.items():
            values: list[Any] = []
            for _, value in sorted(found, key=lambda entry: entry[0]):
                if column not in ("ipc", "cpc") or value not in values:
                    values.append(value)
            self.row[column] = values
        return self.row


Add = Callable[[Cells, Draft, Notes], None]


@dataclass(frozen=True, slots=True)
class Table:
    """One of the tables: what tells it, what of it is read, and how."""

    name: str
    signature: frozenset[str]  # columns that it alone has together
    used: frozenset[str]  # columns that are read, or say nothing of the patent
    add: Add  # one row into the patent's record
    columns: frozenset[str]  # of the record


def find_table(names: Iterable[str]) -> Table | None:
    """Tell a table by the names of its columns."""
    present = set(names)
    if "patent_id" not in present:
        return None
    return next((table for table in TABLES if table.signature <= present), None)


def _date(cells: Cells, column: str, notes: Notes) -> date | None:
    text = cells.get(column) or ""
    try:
        return parse_date(text)
    except ValueError:
        notes.warn(f"{column}: not a date")
        return None


def _add_patent(cells: Cells, draft: Draft, notes: Notes) -> None:
    draft.row["patent_type"] = _TYPES.get(cells.get("patent_type", ""), draft.row["patent_type"])
    draft.row["kind_code"] = cells.get("wipo_kind") or None
    draft.row["grant_date"] = draft.row["publication_date"] = _date(cells, "patent_date", notes)
    draft.row["transaction_date"] = draft.row["grant_date"]
    if title := cells.get("patent_title"):
        draft.row["titles"] = [{"language": "en", "text": title}]
    if cells.get("patent_abstract"):  # in tables of 2022
        _add_abstract(cells, draft, notes)
    count = cells.get("num_claims", "").removesuffix(".0")
    draft.row["claim_count"] = int(count[:9]) if count.isdecimal() else None
    if cells.get("withdrawn") == "1":
        draft.row["legal_status"] = "withdrawn"


def _add_application(cells: Cells, draft: Draft, notes: Notes) -> None:
    number, series = cells.get("application_id", ""), cells.get("series_code", "")
    if number.isdecimal() and len(number) <= 6 and series.isdecimal():
        number = series.zfill(2) + number.zfill(6)
    draft.row["application_number"] = application(number)
    if number and draft.row["application_number"] is None:
        notes.warn("application_id: not a number")
    draft.row["filing_date"] = _date(cells, "filing_date", notes)


def _add_abstract(cells: Cells, draft: Draft, notes: Notes) -> None:
    if text := " ".join(cells["patent_abstract"].split()):
        draft.row.setdefault("abstracts", []).append({"language": "en", "text": text})


def _add_claim(cells: Cells, draft: Draft, notes: Notes) -> None:
    sequence = cells.get("claim_sequence", "")
    label = cells.get("claim_number", "").lstrip("0") or None
    if label is None and sequence.isdecimal():
        label = str(int(sequence) + 1)  # counted from 0
    if text := " ".join(cells["claim_text"].split()):
        text = text.removeprefix(f"{label} . ").removeprefix(f"{label}. ")
        draft.put("claims", sequence, {"language": "en", "label": label, "text": text})


def _adds_text(column: str) -> Add:
    def add(cells: Cells, draft: Draft, notes: Notes) -> None:
        draft.row.setdefault("description", []).extend(split_paragraphs(cells[column], "en"))

    return add


def _add_figure_text(cells: Cells, draft: Draft, notes: Notes) -> None:
    if text := " ".join(cells["draw_desc_text"].split()):
        passage = {"language": "en", "label": None, "text": text}
        draft.put("description", cells.get("draw_desc_sequence", ""), passage)


def _adds_citation(number: str, office: str = "") -> Add:
    def add(cells: Cells, draft: Draft, notes: Notes) -> None:
        printed = cells[number]
        if not printed:
            return
        where = country(cells.get(office)) if office else "US"
        found = publication(where, printed, cells.get("wipo_kind")) if where else None
        value = {
            "publication_number": found,
            "text": None if found else f"{where or ''} {printed}".strip(),
            "category": None,
            "cited_by": cells.get("citation_category", "").removeprefix("cited by ") or None,
        }
        draft.put("citations", cells["citation_sequence"], value)

    return add


def _add_literature(cells: Cells, draft: Draft, notes: Notes) -> None:
    if text := " ".join(cells["other_reference_text"].split()):
        value = {"publication_number": None, "text": text, "category": None, "cited_by": None}
        draft.put("citations", cells["other_reference_sequence"], value)


def _add_cpc(cells: Cells, draft: Draft, notes: Notes) -> None:
    text = cells.get("cpc_group") or cells.get("cpc_subclass") or ""
    _add_symbol("cpc", text, cells["cpc_sequence"], draft, notes)


def _add_ipc(cells: Cells, draft: Draft, notes: Notes) -> None:
    text = cells["section"] + cells["ipc_class"].zfill(2) + cells["subclass"]
    if cells["main_group"]:
        text += f"{cells['main_group']}/{cells['subgroup'] or '00'}"
    _add_symbol("ipc", text, cells["ipc_sequence"], draft, notes)


def _add_symbol(column: str, text: str, sequence: str, draft: Draft, notes: Notes) -> None:
    try:
        draft.put(column, sequence, parse_symbol(text))
    except ClassificationError:
        notes.warn(f"{column}: not a class symbol")


def _add_uspc(cells: Cells, draft: Draft, notes: Notes) -> None:
    class_, subclass = cells["uspc_mainclass_id"], cells["uspc_subclass_id"]
    if class_:
        symbol = subclass if "/" in subclass else f"{class_}/{subclass}" if subclass else class_
        found = {"scheme": "USPC", "symbol": symbol}
        draft.put("other_classes", cells["uspc_sequence"], found)


def _adds_party(column: str, sequence: str, person: str, organization: str) -> Add:
    """`person` is what stands before `_first` and `_last` of a person's names."""

    def add(cells: Cells, draft: Draft, notes: Notes) -> None:
        parts = (cells.get(f"{person}_first"), cells.get(f"{person}_last"))
        name = " ".join(part for part in parts if part) or None
        firm = cells.get(organization) or None
        if name is None and column != "agents":
            name, firm = firm, None
        if name or firm:
            party = {**dict.fromkeys(PARTY_COLUMNS), "name": name, "organization": firm}
            party["country"] = country(cells.get("attorney_country"))
            party.update(draft.places.get(cells.get("location_id", ""), {}))
            draft.put(column, cells[sequence], party)

    return add


def _add_examiner(cells: Cells, draft: Draft, notes: Notes) -> None:
    parts = (cells["raw_examiner_name_first"], cells["raw_examiner_name_last"])
    if name := " ".join(part for part in parts if part):
        draft.put("examiners", cells.get("examiner_sequence", ""), name)


def _add_priority(cells: Cells, draft: Draft, notes: Notes) -> None:
    office, number = country(cells.get("foreign_country_filed")), cells["foreign_application_id"]
    day = _date(cells, "filing_date", notes)
    value = {"office": office, "number": application(number, office) or number or None, "date": day}
    draft.put("priorities", cells["priority_claim_sequence"], value)
    if day and (draft.row.get("priority_date") is None or day < draft.row["priority_date"]):
        draft.row["priority_date"] = day


def _add_pct(cells: Cells, draft: Draft, notes: Notes) -> None:
    number = cells["pct_doc_number"]
    kind = cells.get("pct_doc_type", "")
    found = application(number, None) if "app" in kind else international_publication(number)
    if found and found not in draft.row.setdefault("other_numbers", []):
        draft.row["other_numbers"].append(found)
    elif number and not found:
        notes.warn("pct_doc_number: not a number")


def _table(
    name: str,
    signature: str,
    add: Add,
    columns: str,
    others: str = "",
) -> Table:
    """`others` are further columns that are read, or whose content is not of the patent."""
    told = frozenset(signature.split())
    return Table(name, told, told | set(others.split()), add, frozenset(columns.split()))


_TYPES = {
    "utility": "invention",
    "reissue": "invention",
    "design": "design",
    "plant": "plant",
    "defensive publication": "other",
    "statutory invention registration": "other",
}
_CITED = "citation_sequence citation_date record_name"
TABLES = (
    _table(
        "g_patent",
        "patent_title patent_date",
        _add_patent,
        "kind_code grant_date publication_date transaction_date titles abstracts claim_count "
        "legal_status",
        "patent_type wipo_kind num_claims withdrawn filename patent_abstract",
    ),
    _table(
        "g_application",
        "application_id filing_date",
        _add_application,
        "application_number filing_date",
        "patent_application_type series_code rule_47_flag",
    ),
    _table("g_patent_abstract", "patent_abstract", _add_abstract, "abstracts"),
    _table(
        "g_claims",
        "claim_text claim_sequence",
        _add_claim,
        "claims",
        "claim_number dependent exemplary",
    ),
    _table("g_brf_sum_text", "summary_text", _adds_text("summary_text"), "description"),
    _table(
        "g_detail_desc_text",
        "description_text",
        _adds_text("description_text"),
        "description",
        "description_length",
    ),
    _table(
        "g_draw_desc_text", "draw_desc_text", _add_figure_text, "description", "draw_desc_sequence"
    ),
    _table(
        "g_us_patent_citation",
        "citation_patent_id citation_sequence",
        _adds_citation("citation_patent_id"),
        "citations",
        f"{_CITED} wipo_kind citation_category",
    ),
    _table(
        "g_us_application_citation",
        "citation_document_number citation_sequence",
        _adds_citation("citation_document_number"),
        "citations",
        f"{_CITED} wipo_kind citation_category",
    ),
    _table(
        "g_foreign_citation",
        "citation_application_id citation_sequence",
        _adds_citation("citation_application_id", "citation_country"),
        "citations",
        f"{_CITED} citation_category citation_country",
    ),
    _table(
        "g_other_reference",
        "other_reference_text other_reference_sequence",
        _add_literature,
        "citations",
    ),
    _table(
        "g_cpc_at_issue",
        "cpc_sequence cpc_version_indicator",
        _add_cpc,
        "cpc",
        "cpc_section cpc_class cpc_subclass cpc_group cpc_type cpc_action_date",
    ),
    _table(
        "g_cpc_current",
        "cpc_sequence cpc_subclass",
        _add_cpc,
        "cpc",
        "cpc_section cpc_class cpc_group cpc_type cpc_symbol_position",
    ),
    _table(
        "g_ipc_at_issue",
        "ipc_sequence section ipc_class subclass main_group subgroup",
        _add_ipc,
        "ipc",
        "classification_level cpc_symbol_position symbol_position classification_value "
        "classification_status classification_data_source action_date ipc_version_indicator "
        "cpc_classification_value",
    ),
    _table(
        "g_uspc_at_issue",
        "uspc_sequence uspc_mainclass_id uspc_subclass_id",
        _add_uspc,
        "other_classes",
        "uspc_mainclass_title uspc_subclass_title",
    ),
    _table(
        "g_assignee_disambiguated",
        "assignee_sequence disambig_assignee_organization",
        _adds_party(
            "owners",
            "assignee_sequence",
            "disambig_assignee_individual_name",
            "disambig_assignee_organization",
        ),
        "owners",
        "assignee_id assignee_type disambig_assignee_individual_name_first "
        "disambig_assignee_individual_name_last",
    ),
    _table(
        "g_inventor_disambiguated",
        "inventor_sequence disambig_inventor_name_last",
        _adds_party("inventors", "inventor_sequence", "disambig_inventor_name", ""),
        "inventors",
        "inventor_id disambig_inventor_name_first gender_code male_flag attribution_status",
    ),
    _table(
        "g_attorney_disambiguated",
        "attorney_sequence disambig_attorney_organization",
        _adds_party(
            "agents",
            "attorney_sequence",
            "disambig_attorney_name",
            "disambig_attorney_organization",
        ),
        "agents",
        "attorney_id attorney_country disambig_attorney_name_first disambig_attorney_name_last",
    ),
    _table(
        "g_assignee_not_disambiguated",
        "assignee_sequence raw_assignee_organization",
        _adds_party(
            "owners",
            "assignee_sequence",
            "raw_assignee_individual_name",
            "raw_assignee_organization",
        ),
        "owners",
        "assignee_id assignee_type raw_assignee_individual_name_first "
        "raw_assignee_individual_name_last",
    ),
    _table(
        "g_inventor_not_disambiguated",
        "inventor_sequence raw_inventor_name_last",
        _adds_party("inventors", "inventor_sequence", "raw_inventor_name", ""),
        "inventors",
        "inventor_id raw_inventor_name_first deceased_flag",
    ),
    _table(
        "g_attorney_not_disambiguated",
        "attorney_sequence raw_attorney_organization",
        _adds_party(
            "agents", "attorney_sequence", "raw_attorney_name", "raw_attorney_organization"
        ),
        "agents",
        "attorney_id attorney_country raw_attorney_name_first raw_attorney_name_last",
    ),
    _table(
        "g_applicant_not_disambiguated",
        "applicant_sequence raw_applicant_organization",
        _adds_party(
            "applicants", "applicant_sequence", "raw_applicant_name", "raw_applicant_organization"
        ),
        "applicants",
        "raw_applicant_name_first raw_applicant_name_last applicant_type applicant_designation "
        "applicant_authority",
    ),
    _table(
        "g_examiner_not_disambiguated",
        "raw_examiner_name_first raw_examiner_name_last",
        _add_examiner,
        "examiners",
        "examiner_sequence examiner_role art_group examiner_id",
    ),
    _table(
        "g_foreign_priority",
        "priority_claim_sequence foreign_application_id",
        _add_priority,
        "priorities priority_date",
        "priority_claim_kind filing_date foreign_country_filed",
    ),
    _table(
        "g_pct_data",
        "pct_doc_number pct_doc_type",
        _add_pct,
        "other_numbers",
        "published_or_filed_date published_filed_date pct_371_date pct_102_date filed_country "
        "application_kind",
    ),
)
