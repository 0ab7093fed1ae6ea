"""Reads the YAML that the files of this repository are written in, and nothing else: maps and lists by indentation,
plain and quoted texts of one line, blocks after "|", lists in brackets, comments. What it does not know is an error."""
import re

KEY = re.compile(r"""^("[^"]*"|'[^']*'|[A-Za-z_.$][\w .$/-]*?):(?:\s+(.*))?$""")


class Unknown(ValueError):
    pass


def scalar(text):
    text = text.strip()
    if text[:1] in "\"'" and text[:1]:
        mark = text[0]
        end = text.find(mark, 1)
        if end < 0 or text[end + 1:].split("#")[0].strip():
            raise Unknown(text)
        inner = text[1:end]
        if "\\" in inner and mark == '"':
            raise Unknown(text)
        return inner
    text = re.sub(r"\s+#.*$", "", text)
    if text.startswith("["):
        if not text.endswith("]"):
            raise Unknown(text)
        return [scalar(one) for one in text[1:-1].split(",") if one.strip()]
    if text[:1] in set("{&*!>%@`"):
        raise Unknown(text)
    if text in ("true", "false"):
        return text == "true"
    if text in ("null", "~", ""):
        return None
    return int(text) if re.fullmatch(r"[0-9]+", text) else text


class Reader:
    def __init__(self, text):
        self.lines = text.split("\n")
        self.at = 0

    def peek(self):
        """Indentation and text of the next line that says something."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            bare = line.strip()
            if bare and not bare.startswith("#") and bare != "---":
                if "\t" in line[:len(line) - len(line.lstrip())]:
                    raise Unknown(line)
                return len(line) - len(line.lstrip()), bare
            self.at += 1
        return -1, ""

    def block(self, parent):
        """The lines of "|": all that is indented more than its key."""
        rows = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip() and len(line) - len(line.lstrip()) <= parent:
                break
            rows.append(line)
            self.at += 1
        depth = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
        return "\n".join(row[depth:] for row in rows).rstrip("\n") + "\n"

    def value(self, rest, indent, in_list):
        rest = "" if rest is None or rest.startswith("#") else rest
        if rest == "|":
            return self.block(indent)
        if rest:
            return scalar(rest)
        deeper, text = self.peek()
        if deeper > indent or (deeper == indent and text.startswith("- ") and not in_list):
            return self.node(deeper)
        return None

    def node(self, indent):
        _, text = self.peek()
        return self.list(indent) if text == "-" or text.startswith("- ") else self.map(indent)

    def list(self, indent):
        out = []
        while True:
            depth, text = self.peek()
            if depth != indent or not text.startswith("- "):
                return out
            rest = text[2:]
            if KEY.match(rest) and not rest.startswith(("'", '"')):
                # A map whose first key stands after the dash.
                self.lines[self.at] = " " * (indent + 2) + rest
                out.append(self.map(indent + 2))
            else:
                self.at += 1
                out.append(scalar(rest))

    def map(self, indent):
        out = {}
        while True:
            depth, text = self.peek()
            if depth != indent or text.startswith("- "):
                if depth > indent:
                    raise Unknown(text)
                return out
            found = KEY.match(text)
            if not found:
                raise Unknown(text)
            self.at += 1
            key = found[1].strip("\"'")
            if key in out:
                raise Unknown(f"{key} twice")
            out[key] = self.value(found[2], indent, False)


def load(text):
    reader = Reader(text)
    indent, _ = reader.peek()
    out = reader.node(indent)
    if reader.peek()[0] >= 0:
        raise Unknown(reader.peek()[1])
    return out
