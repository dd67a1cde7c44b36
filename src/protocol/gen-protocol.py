#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns protocol.json into the C header and table that the programs use.

Every message must have test vectors, one valid and one invalid at the least; a message
without them fails the build here.
"""
import argparse
import json
import pathlib
import sys

CHANNELS = ("signalling", "sealed", "control")
ROLES = ("server", "owner", "receiver")
TYPES = ("string", "uint", "bool", "code", "list")


def fail(text):
    sys.exit(f"protocol.json: {text}")


def upper(name):
    return name.upper().replace("-", "_")


def quote(text):
    return json.dumps(text, ensure_ascii=False)


def check(protocol, vectors):
    for name, message in protocol["messages"].items():
        if message["channel"] not in CHANNELS or not set(message["to"]) <= set(ROLES):
            fail(f"{name}: unknown channel or receiver")
        path = vectors / f"{name}.json"
        if not path.exists():
            fail(f"{name} has no test vectors ({path.name})")
        cases = json.loads(path.read_text("utf-8"))
        if not cases.get("valid") or not cases.get("invalid"):
            fail(f"{path.name} needs a valid and an invalid vector at the least")
    for owner, fields in all_fields(protocol):
        for name, field in fields.items():
            if field["type"] not in TYPES:
                fail(f"{owner}.{name}: unknown type {field['type']}")
            if field["type"] == "list" and field["of"] not in protocol["records"]:
                fail(f"{owner}.{name}: a list of unknown records")
            if "charset" in field and field["charset"] not in protocol["charsets"]:
                fail(f"{owner}.{name}: unknown charset")
    for state, targets in protocol["states"].items():
        for target in targets:
            if target not in protocol["states"]:
                fail(f"state {state} leads to unknown {target}")


def all_fields(protocol):
    yield from ((name, message["fields"]) for name, message in protocol["messages"].items())
    yield from protocol["records"].items()


def enum(name, prefix, items, first=0):
    lines = [f"typedef enum", "{"]
    for index, item in enumerate(items):
        lines.append(f"  {prefix}{upper(item)} = {index + first},")
    return lines + [f"}} {name};", f"#define {prefix}LAST {len(items) + first}", ""]


def header(protocol):
    out = ["/* Generated from protocol.json. */", "#pragma once", "", "#include <glib.h>", ""]
    out.append(f"#define SEED_PROTOCOL_VERSION {protocol['version']}")
    out.append(f"#define SEED_PROTOCOL_SUBPROTOCOL {quote(protocol['subprotocol'])}")
    for name, value in protocol["constants"].items():
        suffix = "" if value < 2**31 else "LL"
        out.append(f"#define SEED_{upper(name)} {value}{suffix}")
    for name, value in protocol["labels"].items():
        out.append(f"#define SEED_LABEL_{upper(name)} {quote(value)}")
    for name, value in protocol["charsets"].items():
        out.append(f"#define SEED_CHARSET_{upper(name)} {quote(value)}")
    names = sorted({name for _, fields in all_fields(protocol) for name in fields})
    for name in names:
        out.append(f"#define SEED_FIELD_{upper(name)} {quote(name)}")
    out.append("")
    out += enum("SeedMessageType", "SEED_MESSAGE_", protocol["messages"])
    out += enum("SeedCode", "SEED_CODE_", protocol["codes"])
    out += enum("SeedReceiverState", "SEED_RECEIVER_", protocol["states"])
    out += enum("SeedPath", "SEED_PATH_", protocol["paths"])
    out += enum("SeedPhase", "SEED_PHASE_", protocol["phases"])
    out += ["typedef enum", "{"]
    out += [f"  SEED_FRAME_{upper(name)} = {value}," for name, value in protocol["frames"].items()]
    out += ["} SeedFrameKind;", ""]
    return "\n".join(out)


def field_rows(name, fields):
    if not fields:
        return []
    rows = [f"static const SeedFieldSpec {name}[] = {{"]
    for key, field in fields.items():
        charset = f"SEED_CHARSET_{upper(field['charset'])}" if "charset" in field else "NULL"
        of = f"&record_{field['of'].replace('-', '_')}" if "of" in field else "NULL"
        maximum = field.get("max", 0)
        rows.append(
            f"  {{ {quote(key)}, SEED_TYPE_{upper(field['type'])}, "
            f"{'TRUE' if field.get('optional') else 'FALSE'}, {field.get('min', 0)}, "
            f"G_GINT64_CONSTANT ({maximum}), {charset}, {of} }},"
        )
    return rows + ["};"]


def spec(name, fields):
    array = f"{name}_fields" if fields else "NULL"
    count = f"G_N_ELEMENTS ({array})" if fields else "0"
    return array, count


def names(variable, items):
    body = ", ".join(quote(item) for item in items)
    return [f"const char *const {variable}[] = {{ {body}, NULL }};"]


def source(protocol):
    out = ["/* Generated from protocol.json. */", '#include "seed-protocol-table.h"', ""]
    out += ["#include <glib/gi18n-lib.h>", ""]
    for name, fields in protocol["records"].items():
        name = f"record_{name.replace('-', '_')}"
        out += field_rows(f"{name}_fields", fields)
        array, count = spec(name, fields)
        out.append(f"static const SeedRecordSpec {name} = {{ {array}, {count} }};")
    for name, message in protocol["messages"].items():
        out += field_rows(f"message_{name.replace('-', '_')}_fields", message["fields"])
    out += ["", "const SeedMessageSpec seed_message_specs[] = {"]
    for name, message in protocol["messages"].items():
        array, count = spec(f"message_{name.replace('-', '_')}", message["fields"])
        roles = " | ".join(f"SEED_ROLE_{upper(role)}" for role in message["to"])
        out.append(
            f"  {{ {quote(name)}, SEED_CHANNEL_{upper(message['channel'])}, {roles}, "
            f"{{ {array}, {count} }} }},"
        )
    out += ["};", "", "const SeedCodeSpec seed_code_specs[] = {"]
    for name, code in protocol["codes"].items():
        out.append(f"  {{ {quote(name)}, {code['exit']}, N_({quote(code['says'])}), "
                   f"N_({quote(code['next'])}) }},")
    out += ["};", "", "const guint seed_receiver_state_edges[] = {"]
    for targets in protocol["states"].values():
        bits = " | ".join(f"1u << SEED_RECEIVER_{upper(target)}" for target in targets) or "0"
        out.append(f"  {bits},")
    out += ["};", ""]
    out += names("seed_receiver_state_names", protocol["states"])
    out += names("seed_path_names", protocol["paths"])
    out += names("seed_phase_names", protocol["phases"])
    out.append("")
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=pathlib.Path, required=True)
    parser.add_argument("protocol", type=pathlib.Path)
    parser.add_argument("header", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    args = parser.parse_args()
    protocol = json.loads(args.protocol.read_text("utf-8"))
    check(protocol, args.vectors)
    args.header.write_text(header(protocol), "utf-8")
    args.source.write_text(source(protocol), "utf-8")


if __name__ == "__main__":
    main()
