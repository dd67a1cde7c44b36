#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A small window to drag files from, as from a file manager; says where to take them."""
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

window = Gtk.Window(title="Files")
box = Gtk.EventBox()
box.add(Gtk.Label(label="drag me"))
window.add(box)
window.set_default_size(120, 90)
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()
box.connect("drag-data-get", lambda _box, _context, data, *_: data.set_uris(sys.argv[1:]))
window.show_all()
window.move(10, 10)


def tell():
    _, x, y = window.get_window().get_origin()
    print(x + 60, y + 45, flush=True)
    return False


# Once the window manager has put it where it stays.
window.connect("map-event", lambda *_: GLib.timeout_add(500, tell) and False)
Gtk.main()
