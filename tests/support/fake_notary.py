"""Apple's notary, the storage that it names, and the ticket service, on the loopback interface.

It checks the token (ES256 by the openssl program, header, claims) and the signature of each upload (SigV4, written
after AWS's description, with its own canonical forms) and refuses what is not exactly right. `mode` plays what can go
wrong; `problems` holds what a client did wrong."""
import base64
import hashlib
import hmac
import json
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

AUDIENCE = "appstoreconnect-v1"
REGION = "us-west-2"
AGREEMENT = {"code": "FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED",
             "title": "A required agreement is missing or has expired.",
             "detail": "This request requires an in-effect agreement that has not been signed or has expired."}
PROVIDER = {"code": "FORBIDDEN.MISSING_PROVIDER", "title": "The provider is missing",
            "detail": "The user is not associated with a provider"}
ROLE = {"code": "FORBIDDEN_ERROR", "title": "This request is forbidden for security reasons",
        "detail": "The API key in use does not allow this request"}
UNAUTHORIZED = {"code": "NOT_AUTHORIZED", "title": "Authentication credentials are missing or invalid.",
                "detail": "Provide a properly configured and signed bearer token."}


def unpad(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def der_integer(number):
    body = number.to_bytes((number.bit_length() + 8) // 8 or 1, "big")
    return b"\x02" + bytes([len(body)]) + body


class State:
    """What the service knows, shared by its threads."""

    def __init__(self, public_key, key_id, issuer, mode):
        self.public_key, self.key_id, self.issuer = public_key, key_id, issuer
        self.mode = dict(mode)
        self.lock = threading.RLock()
        self.submissions = {}
        self.objects = {}
        self.uploads = {}
        self.tickets = {}
        self.log = {}          # of every submission: fields that replace what is made up
        self.requests = []     # method and path of each
        self.problems = []
        self.secrets = set()   # what must never be printed
        self.skew = 0          # by how much the clock of the service is ahead

    def count(self, method, part):
        return sum(1 for m, p in self.requests if m == method and part in p)

    def take(self, name):
        """Whether a fault with a number of times left happens now."""
        with self.lock:
            left = self.mode.get(name, 0)
            if left:
                self.mode[name] = left - 1
            return bool(left)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def finish(self):
        if not self.rfile.closed:
            super().finish()

    @property
    def state(self):
        return self.server.state

    def problem(self, text):
        with self.state.lock:
            self.state.problems.append(f"{self.command} {self.path}: {text}")

    def date_time_string(self, timestamp=None):
        return super().date_time_string((timestamp or time.time()) + self.state.skew)

    def answer(self, status, body=b"", headers=()):
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def error(self, status, error, headers=()):
        self.answer(status, {"errors": [{"id": str(uuid.uuid4()), "status": str(status), **error}]}, headers)

    def hang_up(self):
        """The client sees "connection reset by peer"."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.wfile.close()
        self.connection.close()
        raise ConnectionAbortedError

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    # --- the token ---
    def token_problem(self):
        kind, _, token = (self.headers.get("Authorization") or "").partition(" ")
        parts = token.split(".")
        if kind != "Bearer" or len(parts) != 3:
            return "no bearer token"
        with self.state.lock:
            self.state.secrets.add(token)
        if any("=" in p or "+" in p or "/" in p for p in parts):
            return "not base64url without padding"
        header, claims = json.loads(unpad(parts[0])), json.loads(unpad(parts[1]))
        signature = unpad(parts[2])
        if header != {"alg": "ES256", "kid": self.state.key_id, "typ": "JWT"}:
            return f"header {header}"
        if set(claims) - {"scope"} != {"iss", "iat", "exp", "aud"}:
            return f"claims {claims}"
        if claims["iss"] != self.state.issuer or claims["aud"] != AUDIENCE:
            return f"claims {claims}"
        if not 0 < claims["exp"] - claims["iat"] <= 1200:
            return "lives too long"
        now = time.time() + self.state.skew
        if claims["iat"] > now + 30 or claims["exp"] < now:
            return "clock"
        if len(signature) != 64:
            return "signature is not r||s"
        body = der_integer(int.from_bytes(signature[:32], "big")) + der_integer(int.from_bytes(signature[32:], "big"))
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "s").write_bytes(b"\x30" + bytes([len(body)]) + body)
            (Path(folder) / "t").write_text(parts[0] + "." + parts[1])
            done = subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.state.public_key, "-signature",
                                   f"{folder}/s", f"{folder}/t"], capture_output=True, check=False)
        return None if done.returncode == 0 else "signature is wrong"

    # --- the signature of an upload ---
    def aws_problem(self, body):
        wanted = self.state.objects_wanted.get(urllib.parse.unquote(self.path.split("?")[0]))
        if wanted is None:
            return "no such place"
        name, _, rest = (self.headers.get("Authorization") or "").partition(" ")
        fields = dict(part.strip().split("=", 1) for part in rest.split(","))
        if name != "AWS4-HMAC-SHA256" or set(fields) != {"Credential", "SignedHeaders", "Signature"}:
            return "authorization header"
        key_id, day, region, service, end = fields["Credential"].split("/")
        if (key_id, region, service, end) != (wanted["id"], REGION, "s3", "aws4_request"):
            return "scope"
        names = fields["SignedHeaders"].split(";")
        if names != sorted(names) or not {"host", "x-amz-content-sha256", "x-amz-date",
                                          "x-amz-security-token"} <= set(names):
            return "signed headers"
        date = self.headers["x-amz-date"]
        if not date.startswith(day) or self.headers["x-amz-security-token"] != wanted["token"]:
            return "date or token"
        digest = hashlib.sha256(body).hexdigest()
        if self.headers["x-amz-content-sha256"] != digest:
            return "hash of the payload"
        path, _, query = self.path.partition("?")
        canonical_path = urllib.parse.quote(urllib.parse.unquote(path), safe="/-_.~")
        pairs = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
        canonical_query = "&".join(f"{urllib.parse.quote(k, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}"
                                   for k, v in pairs)
        headers = "".join(f"{n}:{' '.join(self.headers[n].split())}\n" for n in names)
        request = "\n".join([self.command, canonical_path, canonical_query, headers, ";".join(names), digest])
        text = "\n".join(["AWS4-HMAC-SHA256", date, f"{day}/{REGION}/s3/aws4_request",
                          hashlib.sha256(request.encode()).hexdigest()])
        key = ("AWS4" + wanted["secret"]).encode()
        for part in (day, REGION, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        if hmac.new(key, text.encode(), hashlib.sha256).hexdigest() != fields["Signature"]:
            return "signature"
        if path != canonical_path:
            return "path is not encoded as it was signed"
        return None

    # --- requests ---
    def handle_one(self):
        with self.state.lock:
            self.state.requests.append((self.command, self.path))
        if self.path.startswith("/notary/v2/submissions"):
            self.notary()
        elif self.path.startswith("/bucket"):
            self.storage()
        elif self.path.startswith("/developer-log/"):
            self.developer_log()
        elif self.path.endswith("/records/lookup") and self.command == "POST":
            self.lookup()
        else:
            self.problem("unknown path")
            self.answer(404)

    do_GET = do_POST = do_PUT = handle_one

    def refused(self):
        """The faults that any call of the notary can meet."""
        state = self.state
        if state.take("reset"):
            self.hang_up()
            return True
        if state.take("slow"):
            time.sleep(1.5)
        for name, status, error in (("401", 401, UNAUTHORIZED), ("agreement", 403, AGREEMENT),
                                    ("provider", 403, PROVIDER), ("role", 403, ROLE),
                                    ("404", 404, {"code": "NOT_FOUND", "title": "Not found", "detail": ""}),
                                    ("500", 500, {"code": "UNEXPECTED_ERROR", "title": "Unexpected", "detail": ""})):
            if state.take(name):
                self.body()
                self.error(status, error)
                return True
        if state.take("429"):
            self.body()
            self.error(429, {"code": "RATE_LIMIT_EXCEEDED", "title": "Too many requests", "detail": ""},
                       [("Retry-After", str(state.mode.get("retry_after", 1)))])
            return True
        if state.take("malformed"):
            self.body()
            self.answer(200, b'{"data": {"id": ')
            return True
        return False

    def notary(self):
        if self.refused():
            return
        body = self.body()
        why = self.token_problem()
        if why:
            if why != "clock":
                self.problem("token: " + why)
            self.error(401, UNAUTHORIZED)
            return
        rest = self.path.removeprefix("/notary/v2/submissions").strip("/").split("/")
        if self.command == "POST" and rest == [""]:
            self.create(json.loads(body))
        elif self.command == "GET" and rest == [""]:
            self.answer(200, {"data": [self.shown(i) for i in self.state.submissions], "meta": {}})
        elif self.command == "GET" and rest[0] in self.state.submissions:
            self.submission(rest)
        else:
            self.error(404, {"code": "NOT_FOUND", "title": "There is no such submission", "detail": rest[0]})

    def shown(self, name):
        found = self.state.submissions[name]
        return {"type": "submissions", "id": name,
                "attributes": {"createdDate": "2026-11-30T12:00:00.000Z", "name": found["name"],
                               "status": found["status"]}}

    def create(self, body):
        state = self.state
        if set(body) - {"notifications"} != {"submissionName", "sha256"} or len(body["sha256"]) != 64:
            self.problem(f"body {body}")
        for each in body.get("notifications", []):
            if set(each) != {"channel", "target"} or each["channel"] != "webhook":
                self.problem(f"notification {each}")
        name = str(uuid.uuid4())
        place = {"id": "ASIA" + uuid.uuid4().hex[:12].upper(), "secret": base64.b64encode(uuid.uuid4().bytes).decode(),
                 "token": base64.b64encode(uuid.uuid4().bytes * 3).decode()}
        key = f"prod/AROA{uuid.uuid4().hex[:8]}:{name}"
        with state.lock:
            state.secrets |= {place["secret"], place["token"]}
            state.objects_wanted[f"/bucket/{key}"] = place
            state.submissions[name] = {"name": body["submissionName"], "sha256": body["sha256"], "status": "In Progress",
                                       "key": f"/bucket/{key}", "polls": 0, "webhooks": body.get("notifications", [])}
        self.answer(200, {"data": {"type": "newSubmissions", "id": name, "attributes": {
            "awsAccessKeyId": place["id"], "awsSecretAccessKey": place["secret"], "awsSessionToken": place["token"],
            "bucket": "bucket", "object": key}}, "meta": {}})

    def submission(self, rest):
        state, found = self.state, self.state.submissions[rest[0]]
        if rest[1:] == ["logs"]:
            if found["status"] == "In Progress" or state.take("late_log"):
                self.error(404, {"code": "NOT_FOUND", "title": "The log is not there yet", "detail": ""})
                return
            address = f"http://{self.headers['Host']}/developer-log/{rest[0]}?signature=secretlogaddress"
            self.answer(200, {"data": {"type": "submissionsLog", "id": rest[0],
                                       "attributes": {"developerLogUrl": address}}, "meta": {}})
            return
        found["polls"] += 1
        if found["key"] in state.objects and found["polls"] > state.mode.get("in_progress", 1):
            found["status"] = state.mode.get("result", "Accepted")
        self.answer(200, {"data": self.shown(rest[0]), "meta": {}})

    def developer_log(self):
        if self.headers.get("Authorization"):
            self.problem("the token was sent to the log's address")
        name = self.path.split("/")[2].split("?")[0]
        found = self.state.submissions[name]
        log = {"logFormatVersion": 1, "jobId": name, "status": found["status"], "statusSummary": "Ready for distribution",
               "statusCode": 0, "archiveFilename": found["name"], "uploadDate": "2026-11-30T12:00:00.000Z",
               "sha256": hashlib.sha256(self.state.objects.get(found["key"], b"")).hexdigest(),
               "ticketContents": [], "issues": None}
        log.update(self.state.log)
        self.answer(200, log)

    def storage_error(self, status, code, message):
        self.answer(status, f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}"
                            "</Message></Error>".encode())

    def storage(self):
        state = self.state
        if state.take("upload_reset"):
            self.rfile.read(100)
            self.hang_up()
            return
        body = self.body()
        if state.take("upload_hang"):
            state.hang.set()
            time.sleep(30)
            return
        if state.take("upload_500"):
            self.storage_error(503, "SlowDown", "Please reduce your request rate.")
            return
        if state.take("expired"):
            self.storage_error(400, "ExpiredToken", "The provided token has expired.")
            return
        if state.skew and abs(state.skew) > 900:
            sent = time.mktime(time.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")) - time.timezone
            if abs(sent - time.time() - state.skew) > 900:
                self.storage_error(403, "RequestTimeTooSkewed", "The difference is too large.")
                return
        why = self.aws_problem(body)
        if why:
            self.problem("upload: " + why)
            self.storage_error(403, "SignatureDoesNotMatch", why)
            return
        path, _, query = self.path.partition("?")
        key = urllib.parse.unquote(path)
        fields = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if self.command == "PUT" and not fields:
            state.objects[key] = body
            self.answer(200, b"", [("ETag", f'"{hashlib.md5(body).hexdigest()}"')])
        elif self.command == "POST" and "uploads" in fields:
            name = uuid.uuid4().hex + "+/="
            state.uploads[name] = {}
            self.answer(200, f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId>"
                             "</InitiateMultipartUploadResult>".encode())
        elif fields.get("uploadId") not in state.uploads:
            self.storage_error(404, "NoSuchUpload", "The upload does not exist.")
        elif self.command == "PUT":
            tag = f'"{hashlib.md5(body).hexdigest()}"'
            if fields["partNumber"] in state.uploads[fields["uploadId"]]:
                self.problem("a part was sent twice")
            state.uploads[fields["uploadId"]][fields["partNumber"]] = (tag, body)
            self.answer(200, b"", [("ETag", tag)])
        else:
            self.complete(key, state.uploads[fields["uploadId"]], body)

    def complete(self, key, parts, body):
        listed = [(p.find("PartNumber").text, p.find("ETag").text) for p in ElementTree.fromstring(body)]
        if listed != sorted(((n, t) for n, (t, _) in parts.items()), key=lambda each: int(each[0])):
            self.problem(f"list of parts {listed}")
            self.answer(200, b"<Error><Code>InvalidPart</Code><Message>parts</Message></Error>")
            return
        data = [parts[n][1] for n, _ in listed]
        if any(len(each) < 5 << 20 for each in data[:-1]):
            self.problem("a part is too small")
        self.state.objects[key] = b"".join(data)
        self.answer(200, b"<CompleteMultipartUploadResult/>")

    def lookup(self):
        if self.refused():
            return
        if self.headers.get("Authorization"):
            self.body()
            self.problem("the look-up of a ticket needs no token")
            self.answer(400)
            return
        records = []
        for each in json.loads(self.body())["records"]:
            name = each["recordName"]
            ticket = self.state.tickets.get(name)
            if ticket is None:
                records.append({"recordName": name, "reason": "Record not found", "serverErrorCode": "NOT_FOUND"})
            else:
                records.append({"recordName": name, "recordType": "DeveloperIDTicket", "fields": {
                    "signedTicket": {"type": "BYTES", "value": base64.b64encode(ticket).decode()}}})
        self.answer(200, {"records": records})


class FakeNotary:
    """`with FakeNotary(folder, in_progress=2) as notary:`; a key is made in the folder."""

    KEY_ID, ISSUER = "2X9R4HXF34", "57246542-96fe-1a63-e053-0824d011072a"

    def __init__(self, folder, **mode):
        folder = Path(folder)
        self.key = folder / f"AuthKey_{self.KEY_ID}.p8"
        public = folder / "public.pem"
        if not self.key.is_file():
            sec1 = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"], check=True,
                                  capture_output=True).stdout
            subprocess.run(["openssl", "pkcs8", "-topk8", "-nocrypt", "-out", self.key], input=sec1, check=True)
            subprocess.run(["openssl", "ec", "-in", self.key, "-pubout", "-out", public], check=True, capture_output=True)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.state = self.server.state = State(str(public), self.KEY_ID, self.ISSUER, mode)
        self.state.objects_wanted = {}
        self.state.hang = threading.Event()
        self.state.secrets |= {line for line in self.key.read_text().splitlines() if "-----" not in line}
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def options(self):
        return ["--key", str(self.key), "--issuer", self.ISSUER, "--notary-url", self.url, "--s3-endpoint", self.url,
                "--poll", "0.02"]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
