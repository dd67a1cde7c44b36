#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes pictures of the window in its states, to be looked at: pictures.py BUILD FOLDER."""
import os
import pathlib
import subprocess
import sys
import tempfile

import gi

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, GLib  # noqa: E402

from desktop import App, Machine, picture, value_of, wait_for, wait_frames  # noqa: E402

build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
LOOKS = {"light": {}, "dark": {"GTK_THEME": "Adwaita:dark"}, "light-2x": {"GDK_SCALE": "2"},
         "dark-2x": {"GDK_SCALE": "2", "GTK_THEME": "Adwaita:dark"}}


def draw_hills(path):
    """A picture that can be told by its thumbnail."""
    width, height = 320, 240
    rows = bytearray()
    for y in range(height):
        for x in range(width):
            hill = y > 110 + abs(x - 110) * 0.9 or y > 150 + abs(x - 235) * 0.7
            rows += bytes((38, 90, 64) if hill else (90 + y * 2 // 3, 153, 230 - y // 2))
    pixels = GLib.Bytes.new(bytes(rows))
    GdkPixbuf.Pixbuf.new_from_bytes(pixels, GdkPixbuf.Colorspace.RGB, False, 8, width, height,
                                    width * 3).savev(str(path), "png", [], [])


def resize(app, width, height):
    subprocess.run(["xdotool", "windowsize", "--sync", app.window(), str(width), str(height)],
                   check=True, timeout=10)


def scenes(name, env, files, machines, received):
    scale = int(env.get("GDK_SCALE", "1"))
    app = App(build, env=env)
    running = []
    try:
        app.find("label", "Drop files or folders here")
        wait_frames(12)
        picture(folder / f"{name}-empty.png")
        app.again(files / "holiday.png")
        app.link()
        wait_frames(12)
        picture(folder / f"{name}-waiting.png")
        app.again(files / "talk.mp4")
        wait_for("two links", lambda: len(app.links()) == 2)
        link = app.links()[0]
        for number, machine in enumerate(machines):
            running.append(machine.get(build, link, received / f"{name}-{number}"))
            app.find("progress bar", machine.address)
        for machine in machines[1:]:
            wait_for("its bar", lambda m=machine: value_of(app.find("progress bar", m.address)) > 0.02)
        app.press(f"Cut off receiver 4: {machines[3].address}")
        wait_for("the first", lambda: running[0].poll() is not None)
        app.says("complete, then left")
        app.says("stopped")
        wait_frames(12)
        picture(folder / f"{name}-receivers.png")
        resize(app, 360 * scale, 640 * scale)
        wait_frames(12)
        picture(folder / f"{name}-narrow.png")
        app.keys("ctrl+q")
        app.find("label", "Stop sharing?")
        wait_frames(12)
        picture(folder / f"{name}-quit.png")
    finally:
        for program in running:
            program.kill()
            program.wait()
        app.process.terminate()
        app.ended()


with tempfile.TemporaryDirectory() as temp:
    files = pathlib.Path(temp)
    (files / "talk.mp4").write_bytes(os.urandom(16_000_000))
    draw_hills(files / "holiday.png")
    machines = [Machine(number) for number in range(1, 5)]
    try:
        for machine, rate in zip(machines[1:], ["12mbit", "9mbit", "9mbit"]):
            machine.limit(rate)
        for name, env in LOOKS.items():
            if len(sys.argv) < 4 or name in sys.argv[3:]:
                scenes(name, env, files, machines, files / "received")
    finally:
        for machine in machines:
            machine.close()
