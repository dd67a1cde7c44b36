#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real program on a desktop of its own, seen and pressed as a screen reader does: test-window.py
BUILD."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

import gi

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf  # noqa: E402

from desktop import TIMEOUT_S, App, Machine, clipboard_text, value_of, wait_for  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
HERE = pathlib.Path(__file__).parent
CLI = BUILD / "src/cli/seedshot-cli"


class Server:
    """seedshot-server, which keeps its port and its key when it is started again."""

    def __init__(self, folder):
        self.key = folder / "state-key"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.program = subprocess.Popen([BUILD / "src/server/seedshot-server", "--listen",
                                         f"127.0.0.1:{self.port}", "--state-key", self.key], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        wait_for("the server", self.answers)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.program.terminate()
        self.program.wait()


class Clipboard:
    """A program that owns the clipboard and offers one kind of data there."""

    def __init__(self, kind, data):
        self.program = subprocess.Popen(
            ["/usr/bin/python3", HERE / "clipboard.py", kind],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.program.stdin.write(data)
        self.program.stdin.close()
        assert self.program.stdout.readline() == b"ready\n"

    def close(self):
        self.program.kill()
        self.program.stdout.close()
        self.program.wait()


class WindowTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name, size=100_000):
        path = self.folder / name
        path.write_bytes(os.urandom(size))
        return path

    def start(self, *arguments, env=None):
        app = App(BUILD, *arguments, env=env)
        self.addCleanup(app.kill)
        return app

    def offer(self, kind, data):
        self.addCleanup(Clipboard(kind, data).close)

    def get(self, link):
        out = self.folder / "received"
        out.mkdir(exist_ok=True)
        subprocess.run([CLI, "get", "--output", out, link], check=True, timeout=TIMEOUT_S,
                       stdout=subprocess.DEVNULL)
        return out

    def test_empty_window_says_what_to_do(self):
        app = self.start()
        app.says("Drop files or folders here")
        app.says("Ctrl+V")
        app.find("push button", "Choose Files…")
        app.keys("ctrl+q")
        self.assertEqual(app.ended(), 0)

    def test_share_receive_and_stop(self):
        file = self.file("a b#ü.bin", 3_000_000)
        app = self.start(file)
        link = app.link()
        app.says("a b#ü.bin")
        self.assertEqual(wait_for("the link in the clipboard", clipboard_text), link)
        self.assertEqual((self.get(link) / file.name).read_bytes(), file.read_bytes())
        app.says("complete, then left")
        app.says("1 left · 3.0 MB sent")
        bar = app.find("progress bar", "Received by 1: ")
        self.assertEqual(value_of(bar), 1.0)
        app.press("Stop")
        app.says("Drop files or folders here")
        ended = subprocess.run([CLI, "get", "--output", self.folder, link], check=False,
                               timeout=TIMEOUT_S, stderr=subprocess.DEVNULL)
        self.assertEqual(ended.returncode, 3)
        app.keys("ctrl+w")
        self.assertEqual(app.ended(), 0)

    def test_second_start_hands_over(self):
        app = self.start(self.file("one.txt"))
        first = app.link()
        self.assertEqual(app.again(self.file("two.txt"), self.file("three.txt")), 0)
        wait_for("two links", lambda: len(app.links()) == 2)
        app.says("2 files")
        self.assertEqual(app.links()[1], first, "the newest comes first")
        self.assertEqual(sorted(path.name for path in self.get(app.links()[0]).iterdir()),
                         ["three.txt", "two.txt"])
        self.assertEqual(app.again("--quit"), 0)
        self.assertEqual(app.ended(), 0)

    def test_receiver_is_cut_off(self):
        app = self.start(self.file("large.bin", 20_000_000))
        machine = Machine(1)
        self.addCleanup(machine.close)
        machine.limit("6mbit")
        receiver = machine.get(BUILD, app.link(), self.folder / "got")
        self.addCleanup(receiver.kill)
        bar = app.find("progress bar", machine.address)
        wait_for("the bar to grow", lambda: 0 < value_of(bar) < 1)
        app.says("Seedshot")
        app.keys("ctrl+q")
        app.says("1 download is running")
        app.press("Keep Sharing")
        app.press(f"Cut off receiver 1: {machine.address}")
        app.says("stopped")
        self.assertEqual(receiver.wait(timeout=TIMEOUT_S), 4)

    def test_paste_files(self):
        file = self.file("pasted ü.txt")
        app = self.start()
        app.says("Drop files")
        uris = [path.as_uri() for path in (file, self.file("other.txt"))]
        self.offer("text/uri-list", "\r\n".join(uris).encode())
        app.keys("ctrl+v")
        self.assertEqual((self.get(app.link()) / file.name).read_bytes(), file.read_bytes())

    def test_paste_picture_is_removed_with_its_share(self):
        app = self.start()
        app.says("Drop files")
        picture = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, 60, 40)
        picture.fill(0x3C8A55FF)
        self.offer("image/png", picture.save_to_bufferv("png", [], [])[1])
        app.keys("ctrl+v")
        received = next(self.get(app.link()).iterdir())
        self.assertRegex(received.name, r"^Picture from .*\.png$")
        self.assertEqual(GdkPixbuf.Pixbuf.new_from_file(str(received)).get_pixels(),
                         picture.get_pixels())
        kept = pathlib.Path(os.environ["XDG_RUNTIME_DIR"]) / "seedshot"
        self.assertEqual(len(list(kept.iterdir())), 1)
        app.press("Stop")
        app.says("Drop files")
        self.assertEqual(list(kept.iterdir()), [])

    def test_bad_input_is_told(self):
        app = self.start()
        app.says("Drop files")
        self.offer("text/plain", b"no file")
        app.keys("ctrl+v")
        app.says("neither a file nor a picture in the clipboard")
        app.again("https://example.org/picture.png")
        app.says("no file on this computer")
        app.again(self.folder / "missing.txt")
        app.says("Check that it exists")
        app.press("Dismiss")
        (self.folder / "hollow").mkdir()
        app.again(self.folder / "hollow")
        app.says("There is no file to share in there")
        app.press("Dismiss")
        app.says("Drop files")

    def test_server_that_is_not_there(self):
        app = self.start(self.file("x.txt"), env={"SEEDSHOT_SERVER": "http://127.0.0.1:9"})
        app.says("could not be reached")
        self.assertEqual(app.links(), [])

    def test_server_goes_and_comes_back(self):
        server = Server(self.folder)
        self.addCleanup(server.stop)
        app = self.start(self.file("x.txt"), env={"SEEDSHOT_SERVER": server.url})
        link = app.link()
        server.stop()
        app.says("The server is away")
        server.start()
        app.says("The server is back")
        self.assertEqual(app.link(), link)
        self.get(link)

    def test_drop(self):
        file, other = self.file("a b#ü.txt"), self.file("other.txt")
        app = self.start()
        app.says("Drop files")
        source = subprocess.Popen(["/usr/bin/python3", HERE / "drag-source.py", file.as_uri(),
                                   other.as_uri()], stdout=subprocess.PIPE, text=True)
        self.addCleanup(source.stdout.close)
        self.addCleanup(source.wait)
        self.addCleanup(source.kill)
        app.drag(*map(int, source.stdout.readline().split()))
        app.says("2 files")
        self.assertEqual((self.get(app.link()) / file.name).read_bytes(), file.read_bytes())

    def test_closing_asks(self):
        app = self.start(self.file("x.txt"))
        app.link()
        app.keys("ctrl+w")
        app.says("1 link leads to this computer")
        app.press("Keep Sharing")
        app.link()
        app.keys("ctrl+w")
        app.press("Stop and Quit")
        self.assertEqual(app.ended(), 0)

    def test_copy_by_key(self):
        app = self.start(self.file("x.txt"))
        link = app.link()
        self.offer("UTF8_STRING", b"something else")
        app.keys("ctrl+c")
        wait_for("the link in the clipboard", lambda: clipboard_text() == link)
        app.find("push button", "Copied")

    def test_signal_ends_cleanly(self):
        app = self.start(self.file("x.txt"))
        app.link()
        app.process.send_signal(signal.SIGTERM)
        self.assertEqual(app.ended(), 0)

    def test_version(self):
        text = subprocess.run([BUILD / "src/ui/seedshot", "--version"], check=True,
                              timeout=TIMEOUT_S, capture_output=True, text=True).stdout
        self.assertRegex(text, r"^seedshot \d+\.\d+\.\d+$")


unittest.main()
