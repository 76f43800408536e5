#!/usr/bin/env python3
"""Write the settings table into the documents, between their markers.

    tools/settings-docs.py PROGRAM            write what has changed
    tools/settings-docs.py PROGRAM --check    exit with 1 and name the documents that are not as the table says

PROGRAM is the built `anime-style`, whose `settings` command prints the table. A block begins with a line that holds
`settings:NAME` in a comment and ends with one that holds `settings:end`; Chinese texts come from Plugin/po/zh_CN.po.
"""
from __future__ import annotations

import gettext
import html
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = {
    "README.md": "en", "README.zh_CN.md": "zh_CN", "Plugin/debian/anime-style.1": "en",
    "Plugin/help/en/index.html": "en", "Plugin/help/zh_CN/index.html": "zh_CN",
}
WORDS = {
    "zh_CN": {
        "setting": "设置", "in scripts": "脚本中", "on the command line": "命令行", "values": "取值", "usual": "默认",
        "what it does": "作用", "an installed style": "已安装的风格", "the first": "第一个", "automatic": "自动", "0, or": "0，或",
        "to": "至", "pixels": "像素",
    },
}
TYPES = {"text": "STRING", "float": "FLOAT", "integer": "INT32"}
MARKER = re.compile(r"settings:(\w+)")
Row = dict


class Writer:
    """The blocks in one language."""

    def __init__(self, table: dict, language: str) -> None:
        self.rows: list[Row] = table["settings"]
        self.arguments: list[str] = table["layerArguments"]
        self.words = WORDS.get(language, {})
        self.is_chinese = language == "zh_CN"
        self.catalogue = catalogue(language) if self.words else gettext.NullTranslations()

    def word(self, text: str) -> str:
        return self.words.get(text, text)

    def text(self, text: str) -> str:
        return self.catalogue.gettext(text)

    def title(self, row: Row) -> str:
        """The label without mnemonic, unit and colon."""
        return re.sub(r"\s*[(（][^)）]*[)）]|[_:：]", "", self.text(row["label"])).strip()

    def span(self, row: Row) -> str:
        """The range of a number."""
        low, high = (f"{value:g}" if value < 1e5 else str(int(value)) for value in row["range"])
        unit = "%" if row["unit"] == "percent" else self.word("pixels")
        automatic = self.word("0, or") + " " if row["hasAutomatic"] else ""
        return f"{automatic}{low} {self.word('to')} {high} {unit}"

    def usual(self, row: Row) -> str:
        if row["kind"] == "text":
            return self.word("the first")
        return self.word("automatic") if row.get("hasAutomatic") else row["usual"]

    def values(self, row: Row) -> str:
        if row["kind"] == "text":
            return self.word("an installed style")
        if row["kind"] == "number":
            return self.span(row)
        pairs = zip(row["names"], row["titles"])
        return ("、" if self.is_chinese else ", ").join(
            f"{index} `{name}` {self.text(title)}" for index, (name, title) in enumerate(pairs))

    def table(self) -> str:
        heads = ["setting", "in scripts", "on the command line", "values", "usual", "what it does"]
        lines = [[self.word(head) for head in heads], ["---"] * len(heads)]
        for row in self.rows:
            option = f"`--{row['option']}`" if row.get("option") else ""
            lines.append([self.title(row), f"`{row['name']}`", option, self.values(row), self.usual(row),
                          self.text(row["tip"])])
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

    def list(self) -> str:
        """The procedure's arguments in order."""
        fixed = ["run-mode INT32", "image IMAGE", "drawable DRAWABLE"]
        typed = [f"{name} {TYPES[kind]}" for name, kind in (each.split() for each in self.arguments)]
        return "```text\n" + "\n".join(fixed + typed) + "\n```"

    def rows_of_html(self) -> str:
        def line(row: Row) -> str:
            details = "" if row["kind"] == "text" else re.sub(r"\d `\w+` ", "", self.values(row))
            parts = (self.text(row["tip"]),
                     f"（{details}）" if self.is_chinese and details else f" ({details})" if details else "")
            told = html.escape("".join(parts), quote=False)
            return f"<tr><th>{html.escape(self.title(row))}</th><td>{told}</td></tr>"
        return "\n".join(line(row) for row in self.rows)

    def options(self) -> str:
        """The command line's options for the manual page."""
        lines = []
        for row in self.rows:
            if not row.get("option"):
                continue
            value = {"text": "id", "choice": "|".join(row.get("names", []))}.get(row["kind"], row.get("unit", ""))
            head = f'.BI \\-\\-{row["option"]} " {value}"'.replace(row["option"], row["option"].replace("-", "\\-"))
            details = "" if row["kind"] != "number" else f" {self.span(row)};"
            lines += [".TP", head, f"{row['tip']}.", f"({details.strip()} usual {self.usual(row)})".replace("( ", "(")]
        return "\n".join(lines)

    def block(self, name: str) -> str:
        blocks: dict[str, Callable[[], str]] = {
            "table": self.table, "list": self.list, "rows": self.rows_of_html, "options": self.options,
        }
        return blocks[name]()


def catalogue(language: str) -> gettext.NullTranslations:
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "catalogue.mo"
        subprocess.run(["msgfmt", "-o", str(compiled), str(ROOT / f"Plugin/po/{language}.po")], check=True)
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)


def filled(text: str, writer: Writer) -> str:
    """`text` with every block as the table says."""
    lines, skips = [], False
    for line in text.split("\n"):
        name = match.group(1) if (match := MARKER.search(line)) else None
        skips = skips and name != "end"
        if not skips:
            lines.append(line)
        if name and name != "end":
            lines.append(writer.block(name))
            skips = True
    return "\n".join(lines)


def main() -> int:
    program, check = sys.argv[1], sys.argv[2:] == ["--check"]
    table = json.loads(subprocess.run([program, "settings"], check=True, capture_output=True).stdout)
    stale = []
    for name, language in DOCUMENTS.items():
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = filled(before, Writer(table, language))
        if "settings:end" not in before:
            sys.exit(f"{name} has no block for the settings")
        if before != after:
            stale.append(name)
            if not check:
                path.write_text(after, encoding="utf-8")
    for name in stale:
        print(f"{name} is not as the settings table says; run tools/settings-docs.py" if check else f"Wrote {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
