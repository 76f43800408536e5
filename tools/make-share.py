#!/usr/bin/env python3
"""Write what other programs know a command line by: manual pages and completions.

    tools/make-share.py PROGRAM FOLDER    PROGRAM is the built `anime-style`, FOLDER is laid out like /usr/share

The page of each command is made from what the program says of its own arguments (`--experimental-dump-help` of Swift
Argument Parser), and its own completion scripts are put where bash, zsh and fish look for them.
"""
from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAIN_PAGE = ROOT / "Plugin/debian/anime-style.1"
COMPLETIONS = {
    "bash": "bash-completion/completions/anime-style",
    "zsh": "zsh/site-functions/_anime-style",
    "fish": "fish/vendor_completions.d/anime-style.fish",
}
EXIT_STATUS = (
    ("0", "All was done."),
    ("1", "Something could not be; standard error has the reason."),
    ("64", "The command line was not understood."),
    ("130, 143, 129", "Ended by Ctrl\\-C, SIGTERM or a terminal that closed; finished drawings are kept."),
    ("141", "Whoever read standard output went; finished drawings are kept."),
)


def escaped(text: str) -> str:
    """Text for troff: no line begins with a control character."""
    text = re.sub(r"\s+", " ", text.strip()).replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def spelling(argument: dict) -> str:
    """How an argument is written: `--json`, `--format <format>` or its own name."""
    if argument["kind"] == "positional":
        return f"\\fI{escaped(argument['valueName'])}\\fR"
    names = []
    for name in argument["names"]:
        dashes = "-" if name["kind"] == "short" else "--"
        names.append(f"\\fB{escaped(dashes + name['name'])}\\fR")
    value = "" if argument["kind"] == "flag" else f" \\fI{escaped(argument['valueName'])}\\fR"
    return ", ".join(names) + value


def page(program: str, date: str, command: dict) -> str:
    """One command's page."""
    name = f"{program} {command['commandName']}"
    title = name.replace(" ", "-")
    shown = [each for each in command.get("arguments", []) if each.get("shouldDisplay", True)]
    places = [each for each in shown if each["kind"] == "positional"]
    options = [each for each in shown if each["kind"] != "positional"]
    lines = [
        f'.TH {title.upper()} 1 {date} gimp\\-anime\\-style "User Commands"',
        ".SH NAME", f"{escaped(title)} \\- {escaped(command['abstract']).rstrip('.')}",
        ".SH SYNOPSIS", f".B {escaped(name)}",
        "[\\fIoptions\\fR] " + " ".join(spelling(each) for each in places),
        ".SH DESCRIPTION", escaped(command["abstract"]),
    ]
    for paragraph in command.get("discussion", "").split("\n\n"):
        if paragraph.strip():
            lines += [".PP", escaped(paragraph)]
    for heading, group in (("ARGUMENTS", places), ("OPTIONS", options)):
        if group:
            lines.append(f".SH {heading}")
        for argument in group:
            lines += [".TP", spelling(argument), escaped(argument.get("abstract", "")) or "\\&"]
    lines.append(".SH EXIT STATUS")
    for status, meaning in EXIT_STATUS:
        lines += [".TP", f".B {status}", meaning]
    lines += [".SH SEE ALSO", f".BR {escaped(program)} (1)", ""]
    return "\n".join(lines)


def run(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    program, share = sys.argv[1], Path(sys.argv[2])
    manual = share / "man/man1"
    manual.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(MAIN_PAGE, manual / MAIN_PAGE.name)
    date = MAIN_PAGE.read_text().split()[3]
    root = json.loads(run(program, "--experimental-dump-help"))["command"]
    for command in root["subcommands"]:
        if command.get("shouldDisplay", True) and command["commandName"] != "help":
            path = manual / f"{root['commandName']}-{command['commandName']}.1"
            path.write_text(page(root["commandName"], date, command))
    for shell, place in COMPLETIONS.items():
        path = share / place
        path.parent.mkdir(parents=True, exist_ok=True)
        # Completions are read by a shell that runs already: a first line that names one is a mistake to lintian.
        path.write_text(run(program, "--generate-completion-script", shell).removeprefix("#!/bin/bash\n"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
