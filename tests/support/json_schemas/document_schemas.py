"""The JSON documents of tenon and their schemas (schemas/*.schema.json).

check() raises AssertionError for a document that its command's schema does not describe: a missing schema, a key that
the schema does not know, a value of another type."""
import json
import os
import subprocess
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[3]))
FOLDER = SOURCE / "schemas"
ENVELOPE = "envelope.schema.json"
LARGE = 1 << 20
known = {}


class NoSchema(AssertionError):
    pass


class WrongDocument(AssertionError):
    pass


def load(command, folder=FOLDER):
    """The schema of a command with its envelope inside, so that no library has to look for files."""
    path = Path(folder) / f"{command}.schema.json"
    if not path.is_file():
        raise NoSchema(f"{command}: there is no {path.name}")
    schema = json.loads(path.read_text())
    if schema.get("$ref") == ENVELOPE:
        envelope = json.loads((Path(folder) / ENVELOPE).read_text())
        schema = {**schema, "$defs": {**envelope.pop("$defs", {}), **schema.get("$defs", {})},
                  "allOf": [{key: value for key, value in envelope.items() if key[0] != "$"}]}
        del schema["$ref"]
    schema.pop("$id", None)
    return schema


def validator(command, folder=FOLDER):
    import jsonschema
    if (command, folder) not in known:
        known[command, folder] = jsonschema.Draft202012Validator(load(command, folder))
    return known[command, folder]


def thinned(value):
    """Long lists cut in the middle: their elements are alike, and checking them all takes minutes."""
    if isinstance(value, dict):
        return {key: thinned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [thinned(one) for one in (value if len(value) < 300 else value[:200] + value[-50:])]
    return value


def check(document, folder=FOLDER):
    import jsonschema
    # A command line that names no command, or is wrong, is answered before there is one.
    command = document.get("command") or "envelope"
    errors = validator(command, folder).iter_errors(document)
    error = jsonschema.exceptions.best_match(errors)
    if error is not None:
        place = "/".join(str(step) for step in error.absolute_path)
        raise WrongDocument(f"{command}.schema.json, at {place or 'the top'}: {error.message[:400]}")


def document_of(output):
    """The document that a program printed, or None when it printed something else."""
    if isinstance(output, bytes):
        output = output.decode("utf-8", "replace")
    if not output or '"tool": "tenon"' not in output[:200] or not output.startswith("{"):
        return None
    try:
        document = json.loads(output)
    except ValueError:
        return None
    return thinned(document) if len(output) > LARGE else document


def watch_processes():
    """From now on, every document that is read through subprocess is checked."""
    whole = subprocess.Popen.communicate

    def communicate(self, *args, **kwargs):
        output = whole(self, *args, **kwargs)
        document = document_of(output[0])
        if document is not None:
            keep = os.environ.get("TENON_KEEP_DOCUMENTS")
            if keep:
                name = f"{os.getpid()}-{len(os.listdir(keep))}.json"
                (Path(keep) / name).write_text(json.dumps(document))
            try:
                import jsonschema  # noqa: F401
            except ImportError:
                return output
            check(document)
        return output

    subprocess.Popen.communicate = communicate
