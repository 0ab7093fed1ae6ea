#!/usr/bin/env python3
"""Writes the descriptors of the remote execution services, as one FileDescriptorSet for protoc.

    make_wire.py PACKAGES SET [LIST]

PACKAGES is a directory of Python packages with buildgrid in it (scripts/setup.sh --fleet fetches it). Each of its
_pb2.py files has the serialized descriptor of one .proto file as a literal of bytes: it is read, nothing is imported or
run. SET gets those that the wire needs and all that they need; LIST the names, one a line.
The descriptors of google/protobuf/*.proto are protoc's own.
"""
import ast
import re
import sys
from pathlib import Path

WANTED = [
    "build/bazel/remote/execution/v2/remote_execution.proto",
    "build/buildgrid/introspection.proto",
    "google/bytestream/bytestream.proto",
    "google/devtools/remoteworkers/v1test2/bots.proto",
]


def fail(text):
    print(f"make_wire: {text}", file=sys.stderr)
    sys.exit(1)


def descriptor(folder, name):
    """The serialized FileDescriptorProto, from the call of AddSerializedFile."""
    path = folder / "buildgrid" / "_protos" / (name.removesuffix(".proto") + "_pb2.py")
    try:
        tree = ast.parse(path.read_text())
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "AddSerializedFile":
            return ast.literal_eval(node.args[0])
    return fail(f"{path}: no descriptor")


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def dependencies(data):
    """Field 3 of FileDescriptorProto."""
    at, out = 0, []
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            _, at = varint(data, at)
        elif tag & 7 == 2:
            size, at = varint(data, at)
            if tag >> 3 == 3:
                out.append(data[at:at + size].decode())
            at += size
        else:
            fail(f"wire type {tag & 7} in a descriptor")
    return out


def number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def main(packages, out, listed=None):
    folder, done = Path(packages), {}

    def visit(name):
        if name in done or re.match(r"google/protobuf/", name):
            return
        data = descriptor(folder, name)
        done[name] = b""  # a name that is visited twice is a cycle, which protoc reports
        for other in dependencies(data):
            visit(other)
        del done[name]
        done[name] = data

    for name in WANTED:
        visit(name)
    Path(out).write_bytes(b"".join(b"\x0a" + number(len(data)) + data for data in done.values()))
    if listed:
        Path(listed).write_text("".join(name + "\n" for name in done))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) in (3, 4) else 3)
