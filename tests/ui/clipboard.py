#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Owns the clipboard, offering what it reads as the type that its argument names, until it is killed. By
Xlib alone: GTK's own way to offer data can't be used from Python."""
import ctypes
import ctypes.util
import sys

kind, data = sys.argv[1], sys.stdin.buffer.read()
x = ctypes.CDLL(ctypes.util.find_library("X11"))
x.XOpenDisplay.restype = ctypes.c_void_p


class SelectionRequest(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
                ("display", ctypes.c_void_p), ("owner", ctypes.c_ulong), ("requestor", ctypes.c_ulong),
                ("selection", ctypes.c_ulong), ("target", ctypes.c_ulong),
                ("property", ctypes.c_ulong), ("time", ctypes.c_ulong)]


class Selection(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
                ("display", ctypes.c_void_p), ("requestor", ctypes.c_ulong),
                ("selection", ctypes.c_ulong), ("target", ctypes.c_ulong),
                ("property", ctypes.c_ulong), ("time", ctypes.c_ulong)]


class Event(ctypes.Union):
    _fields_ = [("type", ctypes.c_int), ("request", SelectionRequest), ("selection", Selection),
                ("padding", ctypes.c_long * 24)]


SELECTION_REQUEST, SELECTION_NOTIFY, REPLACE, XA_ATOM = 30, 31, 0, 4
display = ctypes.c_void_p(x.XOpenDisplay(None))


def atom(name):
    return x.XInternAtom(display, name.encode(), 0)


def answer(request):
    target, place = request.target, request.property
    if target == atom("TARGETS"):
        offered = (ctypes.c_long * 2)(atom("TARGETS"), atom(kind))
        x.XChangeProperty(display, ctypes.c_ulong(request.requestor), ctypes.c_ulong(place),
                          ctypes.c_ulong(XA_ATOM), 32, REPLACE, offered, 2)
    elif target == atom(kind):
        x.XChangeProperty(display, ctypes.c_ulong(request.requestor), ctypes.c_ulong(place),
                          ctypes.c_ulong(target), 8, REPLACE, data, len(data))
    else:
        place = 0
    reply = Event()
    reply.selection = Selection(SELECTION_NOTIFY, 0, 1, None, request.requestor, request.selection,
                                target, place, request.time)
    x.XSendEvent(display, ctypes.c_ulong(request.requestor), 0, 0, ctypes.byref(reply))
    x.XFlush(display)


root = x.XDefaultRootWindow(display)
window = x.XCreateSimpleWindow(display, ctypes.c_ulong(root), 0, 0, 1, 1, 0, 0, 0)
x.XSetSelectionOwner(display, ctypes.c_ulong(atom("CLIPBOARD")), ctypes.c_ulong(window), 0)
x.XSync(display, 0)
print("ready", flush=True)
event = Event()
while True:
    x.XNextEvent(display, ctypes.byref(event))
    if event.type == SELECTION_REQUEST:
        answer(event.request)
