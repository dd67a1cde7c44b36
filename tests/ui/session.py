#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command on a desktop of its own: an X server without a screen, a session bus, a window manager
and an empty home. Exits with 77 (skipped) where one of them is missing."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
NEEDED = ["Xvfb", "dbus-daemon", "openbox", "xdotool"]


def skip(reason):
    print(f"SKIP: {reason}", file=sys.stderr)
    sys.exit(SKIPPED)


def first_line(fd):
    with os.fdopen(fd) as stream:
        return stream.readline().strip()


def start_telling(command, option, env):
    """Starts a program that writes one line to the descriptor that its option names."""
    reader, writer = os.pipe()
    program = subprocess.Popen([*command, option.format(writer)] if "{}" in option
                               else [*command, option, str(writer)],
                               env=env, pass_fds=[writer], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    os.close(writer)
    return program, first_line(reader)


def main():
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        skip(f"not installed: {', '.join(missing)}")
    probe = "import gi; gi.require_version('Atspi', '2.0'); gi.require_version('Gtk', '3.0')"
    if subprocess.run(["/usr/bin/python3", "-c", probe], stderr=subprocess.DEVNULL).returncode:
        skip("python3-gi has no Atspi or Gtk")

    programs = []
    with tempfile.TemporaryDirectory(prefix="seedshot-ui-") as folder:
        home = pathlib.Path(folder)
        runtime = home / "run"
        runtime.mkdir(mode=0o700)
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("XDG_", "WAYLAND_", "DBUS_", "GNOME_", "AT_SPI"))
               and name not in ("DISPLAY", "NO_AT_BRIDGE", "SEEDSHOT_SERVER")}
        env |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "GDK_BACKEND": "x11",
                "GSETTINGS_BACKEND": "memory", "LC_ALL": "C.UTF-8", "LANGUAGE": "en",
                "GTK_A11Y": "atspi"}
        try:
            screen = os.environ.get("SEED_TEST_SCREEN", "1400x1000x24")
            server, number = start_telling(
                ["Xvfb", "-screen", "0", screen, "-nolisten", "tcp", "-noreset"], "-displayfd", env)
            programs.append(server)
            if not number:
                skip("no X server could be started")
            env["DISPLAY"] = f":{number}"
            bus, address = start_telling(["dbus-daemon", "--session", "--nofork"],
                                         "--print-address={}", env)
            programs.append(bus)
            env["DBUS_SESSION_BUS_ADDRESS"] = address
            programs.append(subprocess.Popen(["openbox"], env=env, stderr=subprocess.DEVNULL))
            status = subprocess.run(sys.argv[1:], env=env, check=False).returncode
        finally:
            for program in reversed(programs):
                program.terminate()
                program.wait()
    sys.exit(status)


main()
