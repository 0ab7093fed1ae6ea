"""A store of the Remote Execution API in memory, which is as wrong as the file MODE says at each call.

usage: fake_store.py PORT MODE [TOKEN [TLS]]    run by the interpreter of scripts/setup.sh --fleet, which has gRPC

Modes: ok; lie (other bytes of the same size); swap (the record of another key); slow (10 s before each answer); full (no put
is taken); close (a call that reads or puts bytes ends in the middle); refuse (every call fails). With a TOKEN what is put needs it.
TLS: a file with its key and its certificate; else it speaks in clear.
"""
import hashlib
import sys
import threading
import time
from concurrent import futures
from pathlib import Path

import grpc
from buildgrid._protos.build.bazel.remote.execution.v2 import remote_execution_pb2 as reapi
from buildgrid._protos.build.bazel.remote.execution.v2 import remote_execution_pb2_grpc as services
from buildgrid._protos.google.bytestream import bytestream_pb2, bytestream_pb2_grpc

blobs, results = {}, {}
mode_file = Path(sys.argv[2])
token = sys.argv[3] if len(sys.argv) > 3 else None
piece = 1 << 20


def mode():
    return mode_file.read_text().strip()


def enter(context):
    """What is wrong with every call."""
    if mode() == "slow":
        time.sleep(10)
    if mode() == "refuse":
        context.abort(grpc.StatusCode.UNAVAILABLE, "not today")


def enter_put(context):
    enter(context)
    if mode() == "full":
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "no space")
    if token and f"Bearer {token}" not in dict(context.invocation_metadata()).get("authorization", ""):
        context.abort(grpc.StatusCode.UNAUTHENTICATED, "who are you?")


def given(digest):
    data = blobs[digest]
    return bytes(255 - byte for byte in data) if mode() == "lie" else data


class Cas(services.ContentAddressableStorageServicer):
    def FindMissingBlobs(self, request, context):
        enter(context)
        missing = [digest for digest in request.blob_digests if digest.hash not in blobs]
        return reapi.FindMissingBlobsResponse(missing_blob_digests=missing)

    def BatchUpdateBlobs(self, request, context):
        enter_put(context)
        if mode() == "close":
            context.abort(grpc.StatusCode.UNAVAILABLE, "closed")
        out = reapi.BatchUpdateBlobsResponse()
        for row in request.requests:
            assert hashlib.sha256(row.data).hexdigest() == row.digest.hash
            blobs[row.digest.hash] = row.data
            out.responses.add(digest=row.digest)
        return out

    def BatchReadBlobs(self, request, context):
        enter(context)
        if mode() == "close":
            context.abort(grpc.StatusCode.UNAVAILABLE, "closed")
        out = reapi.BatchReadBlobsResponse()
        for digest in request.digests:
            row = out.responses.add(digest=digest)
            if digest.hash in blobs:
                row.data = given(digest.hash)
            else:
                row.status.code = grpc.StatusCode.NOT_FOUND.value[0]
        return out


class Stream(bytestream_pb2_grpc.ByteStreamServicer):
    def Read(self, request, context):
        enter(context)
        digest = request.resource_name.split("/")[-2]
        if digest not in blobs:
            context.abort(grpc.StatusCode.NOT_FOUND, "no such blob")
        data = given(digest)
        for start in range(0, len(data), piece):
            if start and mode() == "close":
                context.abort(grpc.StatusCode.UNAVAILABLE, "closed")
            if start and mode() == "stall":
                time.sleep(10)
            yield bytestream_pb2.ReadResponse(data=data[start:start + piece])

    def Write(self, request_iterator, context):
        enter_put(context)
        data, digest = b"", None
        for request in request_iterator:
            digest = digest or request.resource_name.split("/")[-2]
            data += request.data
            if mode() == "close":
                context.abort(grpc.StatusCode.UNAVAILABLE, "closed")
        assert hashlib.sha256(data).hexdigest() == digest
        blobs[digest] = data
        return bytestream_pb2.WriteResponse(committed_size=len(data))


class Results(services.ActionCacheServicer):
    def GetActionResult(self, request, context):
        enter(context)
        found = results.get(request.action_digest.hash)
        if mode() == "swap" and results:
            found = next(result for key, result in results.items() if key != request.action_digest.hash)
        if found is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "no such result")
        return found

    def UpdateActionResult(self, request, context):
        enter_put(context)
        for digest in [request.action_result.stdout_digest] + [file.digest for file in request.action_result.output_files]:
            assert digest.hash in blobs
        results[request.action_digest.hash] = request.action_result
        return request.action_result


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32))
    services.add_ContentAddressableStorageServicer_to_server(Cas(), server)
    services.add_ActionCacheServicer_to_server(Results(), server)
    bytestream_pb2_grpc.add_ByteStreamServicer_to_server(Stream(), server)
    if len(sys.argv) > 4:
        pem = Path(sys.argv[4]).read_bytes()
        server.add_secure_port(f"127.0.0.1:{sys.argv[1]}", grpc.ssl_server_credentials([(pem, pem)]))
    else:
        server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
    server.start()
    print("ready", flush=True)
    threading.Event().wait()


main()
