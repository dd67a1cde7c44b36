#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules of this project that no common tool knows: layers, house style, translations."""
import pathlib
import re
import subprocess
import sys

BELOW = {
    "protocol": set(),
    "core": {"protocol"},
    "signalling": {"protocol", "core"},
    "rtc": {"protocol", "core"},
    "capture": {"protocol", "core"},
    "server": {"protocol"},
    "engine": {"protocol", "core", "signalling", "rtc", "capture", "server"},
}
BELOW["ui"] = BELOW["cli"] = BELOW["engine"] | {"engine"}

# Which layers alone may see a library's headers.
LIBRARIES = {
    "gst/": {"rtc"},
    "nice/": {"rtc"},
    "libsoup/": {"signalling", "server"},
    "gtk/": {"capture", "ui"},
    "gdk/": {"capture", "ui"},
    "gnutls/": {"protocol", "core", "server"},
}

LONGEST_FILE = 600
CODE = {".c", ".h", ".js", ".mjs", ".py", ".sh"}
NEVER = [
    ("C", re.compile(r"\bgoto\b"), "goto"),
    ("C", re.compile(r"\bg_object_set_q?data(_full)?\b"), "g_object_set_data"),
    ("C", re.compile(r"\bg(char|int|double|float|short|long)\b"), "a GLib alias of a plain C type"),
    ("tests", re.compile(r"\b(g_usleep|usleep|nanosleep|time\.sleep)\b|^\s*sleep\s|\bsleep \("),
     "a sleep; wait for the event, or say why not in a comment `sleep: …` on that line"),
    ("page", re.compile(r"\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write\b|\beval\("),
     "markup or code made of strings"),
]


class Report:
    def __init__(self):
        self.problems = 0

    def add(self, path, line, text):
        print(f"{path}:{line}: {text}", file=sys.stderr)
        self.problems += 1


def tracked():
    """Also what is new and not yet committed, but nothing that git ignores."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], check=True,
                           capture_output=True, text=True).stdout.split("\0")
    return sorted(path for name in names if name and (path := pathlib.Path(name)).is_file())


def without_comments(text):
    """Comments and the insides of strings blanked out, lines kept, for C and JavaScript."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"' + r"|'(?:\\.|[^'\\\n])*'"

    def blank(match):
        if "sleep:" in match[0]:
            return "/*sleep:*/"
        return '""' if match[0][0] in "\"'" else "\n" * match[0].count("\n")

    return re.sub(pattern, blank, text, flags=re.DOTALL)


def layer_of(path):
    parts = path.parts
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def check_layers(files, report):
    homes = {path.name: layer_of(path) for path in files if path.suffix == ".h" and layer_of(path)}
    homes["seed-protocol.h"] = "protocol"
    for path in files:
        layer = layer_of(path)
        if path.suffix not in (".c", ".h") or layer is None:
            continue
        if layer not in BELOW:
            report.add(path, 1, f"{layer} is no layer")
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            match = re.match(r'#include ([<"])([^>"]+)[>"]', line)
            if match and match[1] == '"':
                home = homes.get(pathlib.Path(match[2]).name)
                if home and home != layer and home not in BELOW[layer]:
                    report.add(path, number, f"{layer} may not include {match[2]} of {home}")
            elif match:
                for prefix, layers in LIBRARIES.items():
                    if match[2].startswith(prefix) and layer not in layers:
                        report.add(path, number, f"{layer} may not include <{match[2]}>")


def applies(scope, path):
    return {
        "C": path.suffix in (".c", ".h"),
        "tests": path.parts[0] == "tests",
        "page": path.parts[:2] == ("src", "web"),
    }[scope]


def check_style(files, report):
    for path in files:
        if path.suffix not in CODE and path.name != "meson.build":
            continue
        text = path.read_text("utf-8")
        lines = text.splitlines()
        if not any("SPDX-License-Identifier: MIT" in line for line in lines[:2]):
            report.add(path, 1, "the licence line is missing (SPDX-License-Identifier: MIT)")
        if len(lines) > LONGEST_FILE:
            report.add(path, len(lines), f"more than {LONGEST_FILE} lines: is it still one idea?")
        if path.suffix == ".h" and "#pragma once" not in lines[:3]:
            report.add(path, 1, "no #pragma once")
        if path.suffix == ".py":
            continue
        bare = without_comments(text) if path.suffix != ".sh" else text
        for number, line in enumerate(bare.splitlines(), 1):
            for scope, pattern, what in NEVER:
                if applies(scope, path) and pattern.search(line) and "sleep:" not in line:
                    report.add(path, number, what)


def check_translations(files, report):
    listed = {line.strip() for line in pathlib.Path("po/POTFILES").read_text("utf-8").splitlines()
              if line.strip() and not line.startswith("#")}
    known = {str(path) for path in files}
    for name in sorted(listed - known):
        # The table of sentences is generated; git has none of it.
        if name != "src/protocol/seed-protocol-table.c":
            report.add("po/POTFILES", 1, f"{name} does not exist")
    pattern = re.compile(r'(?<!\w)(_|N_|C_|NC_|ngettext|g_dngettext) \("')
    for path in files:
        if path.parts[0] == "src" and path.suffix in (".c", ".h") and str(path) not in listed:
            if pattern.search(path.read_text("utf-8")):
                report.add("po/POTFILES", 1, f"{path} has sentences to translate")


def main():
    report = Report()
    files = tracked()
    check_layers(files, report)
    check_style(files, report)
    check_translations(files, report)
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
