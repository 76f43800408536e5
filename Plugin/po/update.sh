#!/bin/sh
# Collects the plug-in's texts again and brings every catalogue up to date with them; new and changed texts are left to
# translate.
set -eu

cd "$(dirname "$0")"
python3 extract.py >gimp-anime-style.pot
for catalogue in *.po; do
    msgmerge --quiet --update --backup=none --no-wrap --no-fuzzy-matching --sort-by-file \
        "$catalogue" gimp-anime-style.pot
    msgattrib --no-obsolete --no-wrap --sort-by-file -o "$catalogue" "$catalogue"
    printf '%s: ' "$catalogue"
    msgfmt --check --statistics -o /dev/null "$catalogue"
done
