#!/usr/bin/env python3
"""Collect the plug-in's texts for translation.

    extract.py            print a template of catalogues (.pot)
    extract.py --check    exit with 1 when gimp-anime-style.pot beside this file does not have exactly these texts

A text is a Swift string literal that becomes a `Message`: an argument of tr(), N_() or Message(), an argument for a
parameter of the type `Message`, what a function or a property of that type returns, or such a variable's value.
Interpolations become %1, %2 … What is given as `one` and `many` is one text in two forms, singular and plural.
"""
from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path(__file__).resolve().with_name("gimp-anime-style.pot")
MODULES = ("Raster", "Settings", "Models", "Drawing", "Engine", "Files", "Batch", "AnimePlugin")
KEYWORDS = {"tr", "N_", "Message"}
HEADER = '''\
# Texts of the plug-in gimp-anime-style, collected by extract.py.
# Copyright 2026 The gimp-anime-style authors
# This file is distributed under the same licence as gimp-anime-style (Apache-2.0).
#
msgid ""
msgstr ""
"Project-Id-Version: gimp-anime-style\\n"
"Report-Msgid-Bugs-To: \\n"
"PO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\\n"
"Last-Translator: FULL NAME <EMAIL@ADDRESS>\\n"
"Language-Team: LANGUAGE <LL@li.org>\\n"
"Language: \\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"
'''
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", '"': '"', "'": "'", "\\": "\\"}


@dataclass
class Token:
    kind: str  # "string", "name", or the punctuation itself
    text: str  # of a string: its template


class Scanner:
    """Splits Swift source into names, punctuation and string literals; comments are left out."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    def tokens(self) -> list[Token]:
        found = []
        while self.at < len(self.source):
            rest = self.source[self.at:self.at + 3]
            if rest.startswith("//"):
                self.at = self.end_of("\n")
            elif rest.startswith("/*"):
                self.at = self.end_of("*/")
            elif rest.startswith('"'):
                found.append(Token("string", self.string()))
            elif match := re.compile(r"[\w.]*\w").match(self.source, self.at):
                found.append(Token("name", match.group().rsplit(".", 1)[-1]))
                self.at = match.end()
            elif rest.startswith("->"):
                found.append(Token("->", "->"))
                self.at += 2
            else:
                if not rest[0].isspace():
                    found.append(Token(rest[0], rest[0]))
                self.at += 1
        return found

    def end_of(self, mark: str) -> int:
        end = self.source.find(mark, self.at)
        return len(self.source) if end < 0 else end + len(mark)

    def string(self) -> str:
        quote = '"""' if self.source.startswith('"""', self.at) else '"'
        self.at += len(quote)
        text, values = "", 0
        while not self.source.startswith(quote, self.at):
            char = self.source[self.at]
            if char != "\\":
                text += char
                self.at += 1
                continue
            following = self.source[self.at + 1]
            self.at += 2
            if following == "(":
                self.interpolation()
                values += 1
                text += f"%{values}"
            elif following == "u":
                end = self.end_of("}")
                text += chr(int(self.source[self.at + 1:end - 1], 16))
                self.at = end
            elif following == "\n":
                text += "\\\n"  # joins lines, once the indentation is known
            else:
                text += ESCAPES[following]
        line = self.source.rfind("\n", 0, self.at) + 1
        indentation = self.source[line:self.at] if quote == '"""' else ""
        self.at += len(quote)
        if quote == '"""':
            lines = [part.removeprefix(indentation) for part in text.split("\n")[1:-1]]
            text = "\n".join(lines).replace("\\\n", "")
        return text

    def interpolation(self) -> None:
        depth = 1
        while depth:
            if self.source[self.at] == '"':
                self.string()
                continue
            depth += {"(": 1, ")": -1}.get(self.source[self.at], 0)
            self.at += 1


def closing(tokens: list[Token], start: int) -> int:
    """Index of the bracket that closes the one at `start`."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += (tokens[index].kind in "([{") - (tokens[index].kind in ")]}")
        if depth == 0:
            return index
    return len(tokens) - 1


def arguments(tokens: list[Token], start: int) -> list[tuple[str, int, int]]:
    """Label (or "") and range of each argument of the call whose bracket is at `start`."""
    end, found, begin, at = closing(tokens, start), [], start + 1, start + 1
    while at <= end:
        if at == end or tokens[at].kind == ",":
            labelled = begin + 1 < at and tokens[begin].kind == "name" and tokens[begin + 1].kind == ":"
            found.append((tokens[begin].text if labelled else "", begin + 2 if labelled else begin, at))
            begin = at + 1
        elif tokens[at].kind in "([{":
            at = closing(tokens, at)
        at += 1
    return found


def declared(tokens: list[Token]) -> tuple[set[str], set[tuple[str, int]]]:
    """Labels of parameters that are messages, and (function, position) of those without a label."""
    labels, positions = set(), set()
    for index, token in enumerate(tokens[:-2]):
        is_function = token.text in ("func", "case", "init") and token.kind == "name"
        opening = index + (1 if token.text == "init" else 2)
        if not is_function or opening >= len(tokens) or tokens[opening].kind != "(":
            continue
        for position, (label, begin, end) in enumerate(arguments(tokens, opening)):
            names = [each.text for each in tokens[begin:end]]
            if label and names[:1] == ["Message"]:
                labels.add(label)
            elif not label and names[:1] == ["_"] and names[2:4] == [":", "Message"]:
                positions.add((tokens[opening - 1].text, position))
    return labels, positions


def literals(tokens: list[Token], begin: int, end: int) -> list[str]:
    """String literals in a range of tokens, but those that only separate others."""
    return [tokens[at].text for at in range(begin, end)
            if tokens[at].kind == "string" and [each.text for each in tokens[at - 2:at]] != ["separator", ":"]]


def returned(tokens: list[Token], begin: int, end: int) -> list[str]:
    """String literals in a body but those that are given to calls or compared with."""
    found, at = [], begin
    while at < end:
        if tokens[at].kind in "([":
            at = closing(tokens, at)
        elif tokens[at].kind == "string" and tokens[at - 1].kind != "=":
            found.append(tokens[at].text)
        at += 1
    return found


def plural(tokens: list[Token], start: int) -> str:
    """Singular and plural, with a NUL between, of the call whose bracket is at `start`; "" of other calls."""
    given = {label: literals(tokens, begin, end) for label, begin, end in arguments(tokens, start)}
    forms = given.get("one", []) + given.get("many", [])
    return "\0".join(forms) if len(forms) == 2 else ""


def texts(tokens: list[Token], labels: set[str], positions: set[tuple[str, int]]) -> list[str]:
    found: list[str] = []
    for index, token in enumerate(tokens):
        before = [each.text for each in tokens[max(0, index - 2):index]]
        if token.kind == "(" and tokens[index - 1].kind == "name" and before[:1] != ["func"]:
            name = tokens[index - 1].text
            if forms := plural(tokens, index):
                found.append(forms)
                continue
            for position, (label, begin, end) in enumerate(arguments(tokens, index)):
                if name in KEYWORDS or label in labels or (not label and (name, position) in positions):
                    found += literals(tokens, begin, end)
        elif token.kind == "{" and before in ([":", "Message"], ["->", "Message"], ["Message", "?"]):
            found += returned(tokens, index, closing(tokens, index))
        elif token.kind == "=" and before == [":", "Message"]:
            found += literals(tokens, index, index + 2)
    return found


def collect() -> dict[str, list[str]]:
    """Each text with the files that have it, in the order of the files."""
    scanned = {}
    for module in MODULES:
        for path in sorted((ROOT / "Sources" / module).rglob("*.swift")):
            scanned[str(path.relative_to(ROOT))] = Scanner(path.read_text(encoding="utf-8")).tokens()
    labels: set[str] = set()
    positions: set[tuple[str, int]] = set()
    for tokens in scanned.values():
        more_labels, more_positions = declared(tokens)
        labels |= more_labels
        positions |= more_positions
    found: dict[str, list[str]] = {}
    for path, tokens in scanned.items():
        for text in texts(tokens, labels, positions):
            # Without a letter of its own there is nothing to translate.
            if re.search(r"[^\W\d_]", text) and path not in found.setdefault(text, []):
                found[text].append(path)
    return found


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def template() -> str:
    entries = [HEADER]
    for text, paths in collect().items():
        # Qt's formats have the same placeholders, so that msgfmt can compare them.
        flag = "#, qt-format\n" if re.search(r"%\d", text) else ""
        one, _, many = text.partition("\0")
        keys = f'msgid {quoted(one)}\n'
        keys += f'msgid_plural {quoted(many)}\nmsgstr[0] ""\nmsgstr[1] ""\n' if many else 'msgstr ""\n'
        entries.append("".join(f"#: {path}\n" for path in paths) + flag + keys)
    return "\n".join(entries)


def main() -> int:
    if sys.argv[1:] != ["--check"]:
        sys.stdout.write(template())
        return 0
    wanted = {quoted(form) for text in collect() for form in text.split("\0")}
    known = set(re.findall(r"^msgid(?:_plural)? (\".+\")$", TEMPLATE.read_text(encoding="utf-8"), re.MULTILINE))
    for text in sorted(wanted - known):
        print(f"{TEMPLATE.name} lacks {text}; run Plugin/po/update.sh")
    for text in sorted(known - wanted):
        print(f"{TEMPLATE.name} has {text}, which the sources have no more; run Plugin/po/update.sh")
    return 1 if wanted != known else 0


if __name__ == "__main__":
    sys.exit(main())
