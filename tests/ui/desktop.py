# SPDX-License-Identifier: MIT
"""What the tests of the window do: start the programs, wait, and see the window as a screen reader
does."""
import os
import pathlib
import subprocess
import sys

import gi

gi.require_version("Atspi", "2.0")
gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Atspi, Gdk, GLib, Gtk  # noqa: E402

TIMEOUT_S = 60
LOOK_MS = 50


class Waited(AssertionError):
    pass


def wait_for(what, condition, timeout=TIMEOUT_S):
    """Looks at what can't tell by itself, while the main context runs; returns what is true at last."""
    late = []
    end = GLib.timeout_add_seconds(timeout, lambda: late.append(True))
    tick = GLib.timeout_add(LOOK_MS, lambda: True)
    context = GLib.MainContext.default()
    try:
        while not late:
            try:
                found = condition()
            except GLib.Error:
                found = None  # a widget went away while it was looked at
            if found:
                return found
            context.iteration(True)
    finally:
        GLib.source_remove(tick)
        if not late:
            GLib.source_remove(end)
    raise Waited(f"waited {timeout} s for {what}")


def walk(node, depth=0):
    if node is None or depth > 40:
        return
    yield node
    for index in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(index), depth + 1)


def wait_frames(count):
    """Gives programs that look at the pointer some frames to see where it is."""
    left = [count]
    wait_for("frames", lambda: left.append(1) or len(left) > count + 1)


def plain(name):
    """Without the blanks at which no line is broken."""
    return (name or "").replace("\u00a0", " ")


def is_showing(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


class App:
    """The program, with its window as a tree of accessible widgets."""

    def __init__(self, build, *arguments, env=None):
        self.command = [str(pathlib.Path(build) / "src/ui/seedshot")]
        self.env = os.environ | {"G_DEBUG": "fatal-criticals"} | (env or {})
        self.process = subprocess.Popen([*self.command, *map(str, arguments)], env=self.env)

    def again(self, *arguments):
        """Starts the program a second time, and returns what it exits with."""
        return subprocess.run([*self.command, *map(str, arguments)], env=self.env,
                              timeout=TIMEOUT_S, check=False).returncode

    def root(self):
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_process_id() == self.process.pid:
                return child
        return None

    def all(self, role, name=None):
        return [node for node in walk(self.root())
                if node.get_role_name() == role and is_showing(node)
                and (name is None or name in plain(node.get_name()))]

    def find(self, role, name=None, timeout=TIMEOUT_S):
        return wait_for(f"a {role} called {name}", lambda: self.all(role, name), timeout)[0]

    def says(self, text):
        return wait_for(f"“{text}” in the window", lambda: self.all("label", text))

    def press(self, name):
        button = self.find("push button", name)
        Atspi.Action.do_action(button, 0)

    def links(self):
        return [link for entry in self.all("text", "Link")
                if (link := Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry)))]

    def link(self):
        return wait_for("a link", self.links)[0]

    def window(self):
        """The X window, for what goes past screen readers."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid),
                                "--name", "Seedshot"], capture_output=True, text=True, check=False)
        return found.stdout.split()[-1]

    def keys(self, *keys):
        subprocess.run(["xdotool", "windowfocus", "--sync", self.window(), "key", "--clearmodifiers",
                        *keys], check=True, timeout=TIMEOUT_S)

    def drag(self, x, y):
        """Takes what is at a place on the screen, and drops it on the window once that offers to."""
        def mouse(*what):
            subprocess.run(["xdotool", *map(str, what)], check=True, timeout=TIMEOUT_S)

        mouse("mousemove", x, y, "mousedown", 1)
        for step in range(1, 6):
            mouse("mousemove", x + 8 * step, y + 8 * step)
            wait_frames(2)
        for step in range(10):
            mouse("mousemove", "--window", self.window(), 200 + 5 * step, 200 + 5 * step)
            wait_frames(2)
        self.says("Drop to share")
        mouse("mouseup", 1)

    def ended(self):
        wait_for("the program to end", lambda: self.process.poll() is not None)
        return self.process.returncode

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def value_of(bar):
    return Atspi.Value.get_current_value(bar)


def clipboard_text():
    """What any other program would paste now."""
    return Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text()


def picture(path):
    """Saves what is on the screen."""
    root = Gdk.get_default_root_window()
    shot = Gdk.pixbuf_get_from_window(root, 0, 0, root.get_width(), root.get_height())
    path.parent.mkdir(parents=True, exist_ok=True)
    shot.savev(str(path), "png", [], [])


class Machine:
    """A network namespace beside ours, on a wire of its own."""

    def __init__(self, number):
        self.holder = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE)
        pid = str(self.holder.pid)
        wait_for("a namespace", lambda: os.readlink(f"/proc/{pid}/ns/net")
                 != os.readlink("/proc/self/ns/net"))
        self.enter = ["nsenter", "--net", "--target", pid]
        self.wire = f"m{number}"
        ours, theirs = f"10.9.{number}.1", f"10.9.{number}.2"
        self.run("ip", "link", "add", self.wire, "type", "veth", "peer", "name", "eth0", "netns", pid)
        self.run("ip", "address", "add", f"{ours}/24", "dev", self.wire)
        self.run("ip", "link", "set", self.wire, "up")
        self.run(*self.enter, "ip", "address", "add", f"{theirs}/24", "dev", "eth0")
        self.run(*self.enter, "ip", "link", "set", "eth0", "up")
        self.run(*self.enter, "ip", "link", "set", "lo", "up")
        self.run(*self.enter, "ip", "route", "add", "default", "via", ours)
        self.address = theirs

    @staticmethod
    def run(*command):
        subprocess.run(command, check=True, timeout=TIMEOUT_S)

    def limit(self, rate):
        self.run("tc", "qdisc", "add", "dev", self.wire, "root", "tbf", "rate", rate, "burst", "16kb",
                 "latency", "200ms")

    def get(self, build, link, folder):
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        return subprocess.Popen([*self.enter, str(pathlib.Path(build) / "src/cli/seedshot-cli"), "get",
                                 "--output", str(folder), link], stdout=subprocess.DEVNULL,
                                stderr=sys.stderr)

    def close(self):
        self.holder.stdin.close()
        self.holder.wait()
