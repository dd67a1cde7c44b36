#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the single cases in Meson's test logs and ends with one plain line."""
import json
import re
import sys

POINT = re.compile(r"^(not )?ok\b(.*)$")
NODE_SUMMARY = re.compile(r"^(?:# |ℹ )(pass|fail|cancelled|skipped|todo) (\d+)$", re.MULTILINE)


def count_node(text):
    """What `node --test` sums up at its end, whichever way it reports."""
    sums = {key: int(value) for key, value in NODE_SUMMARY.findall(text)}
    failed = sums.get("fail", 0) + sums.get("cancelled", 0)
    return sums.get("pass", 0), failed, sums.get("skipped", 0) + sums.get("todo", 0)


def count_points(text):
    """Cases of a TAP stream, as GLib's tests write it."""
    passed = failed = skipped = 0
    for line in text.splitlines():
        match = POINT.match(line)
        if not match:
            continue
        if re.search(r"#\s*(SKIP|TODO)", match[2], re.IGNORECASE):
            skipped += 1
        elif match[1]:
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


def count_test(test):
    text = test.get("stdout") or ""
    count = count_node if NODE_SUMMARY.search(text) else count_points
    passed, failed, skipped = count(text)
    good = test["result"] in ("OK", "EXPECTEDFAIL")
    if passed + failed + skipped == 0:
        skip = test["result"] == "SKIP"
        return int(good), int(not good and not skip), int(skip)
    if not good and test["result"] != "SKIP" and failed == 0:
        failed = 1  # it crashed, hung, or broke off
    return passed, failed, skipped


def main():
    totals = [0, 0, 0]
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as log:
            for line in log:
                test = json.loads(line)
                counts = count_test(test)
                totals = [a + b for a, b in zip(totals, counts)]
                if counts[1]:
                    print(f"FAILED: {test['name']} ({test['result']})")
    passed, failed, skipped = totals
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
